import {canonicalText} from '../model/canonical.js'
import type {GroupWelcomeValue} from '../model/plan.js'
import type {SeenGroupWelcome} from '../ports.js'

/** What WeCom gives back of a group welcome (92366): pictures and files only by their kind, covers not at all. */
export interface WelcomeSaid {
  readonly text: string
  readonly part: string | null
  readonly link?: {readonly title: string; readonly url: string; readonly description: string}
}

/** What is said now, where that is not what was applied; `null` where it is, as far as it can be read. */
export function otherSaid(value: GroupWelcomeValue, seen: SeenGroupWelcome): WelcomeSaid | null {
  const now = saidNow(seen)
  return canonicalText(now) === canonicalText(saidAsApplied(value)) ? null : now
}

function saidNow({text, parts, link}: SeenGroupWelcome): WelcomeSaid {
  const part = parts[0] ?? null
  if (part !== 'link' || !link) return {text, part}
  const {title, url, description} = link
  return {text, part, link: {title, url, description}}
}

function saidAsApplied({text, attachment}: GroupWelcomeValue): WelcomeSaid {
  if (attachment?.type !== 'link') return {text, part: attachment?.type ?? null}
  const {title, url, description = ''} = attachment
  return {text, part: 'link', link: {title, url, description}}
}
