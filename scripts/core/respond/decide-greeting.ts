import type {Choice, Query, Welcome} from '../model/choice.js'
import type {LessBecause, OutcomeCode} from '../model/outcome.js'
import type {Lockdown, Release, ReleaseAttachment} from '../model/release.js'
import {findLockdown, findNotice, isBeforeChoice} from './find-lockdown.js'

/** The part of the greeter that answering needs; one release, one directory. */
export interface Greeting {
  choose(query: Query): Choice
  render(choice: Choice, options: {readonly nickname?: string}): Welcome
  /** Customer tags (`组/标签`) of the channels a state belongs to. */
  tagsOf(state: string): readonly string[]
}

/** A release as it stands in memory, ready to answer. */
export interface LoadedRelease {
  readonly digest: string
  readonly release: Release
  readonly greeter: Greeting
  departmentsOf(member: string, atMs: number): readonly string[]
}

export interface GreetingFacts {
  /** By the id the directory knows him by. */
  readonly member: string
  readonly state?: string | undefined
  readonly hasCode: boolean
  /** The event's bounded time. */
  readonly atMs: number
  /** Check-in's word; absent when it has none, then the roster alone decides. */
  readonly onDuty?: boolean | undefined
  /** `null` before any release was promoted. */
  readonly loaded: LoadedRelease | null
  readonly lockdown: readonly Lockdown[]
  /** The manifest is past its end: nothing with a link may go out. */
  readonly isExpired: boolean
  /** Said when there is no release. */
  readonly builtIn: string
}

export interface Decision {
  readonly release: string | null
  readonly choice: Choice | null
  /** Set when nothing is to be sent. */
  readonly end: Extract<OutcomeCode, 'no_code' | 'silent_by_rule' | 'kill_switch'> | null
  readonly wantsNickname: boolean
  readonly isTextOnly: boolean
  /** An approved notice is said instead of what was chosen. */
  readonly isNotice?: true
}

/** What goes out first, and what goes out if the platform refuses it. */
export interface Said {
  readonly text: string
  readonly attachments: readonly ReleaseAttachment[]
  readonly fallback: string
  readonly lessBecause?: LessBecause
}

const NICKNAME_PLACEHOLDER = /(?<!\\)\[客户昵称\]/u

const ended = (end: Decision['end'], facts: GreetingFacts, choice: Choice | null = null): Decision => ({
  release: facts.loaded?.digest ?? null,
  choice,
  end,
  wantsNickname: false,
  isTextOnly: false,
})

const queryOf = ({member, atMs, state, onDuty}: GreetingFacts): Query => ({
  member,
  atMs,
  ...(state !== undefined && state !== '' && {state}),
  ...(onDuty !== undefined && {onDuty}),
})

/** The order of the rules of choosing, section 2: emergency, then no code, then the choice and what it says. */
export function decideGreeting(facts: GreetingFacts): Decision {
  const {loaded, lockdown, member, atMs} = facts
  const departments = loaded?.departmentsOf(member, atMs) ?? []
  const early = findLockdown(lockdown.filter(isBeforeChoice), {departments, atMs})
  if (early === 'silent') return ended('kill_switch', facts)
  if (!facts.hasCode) return ended('no_code', facts)
  if (loaded === null) return {...ended(null, facts), isTextOnly: early === 'text-only'}
  const choice = loaded.greeter.choose(queryOf(facts))
  if (choice.silent) return ended('silent_by_rule', facts, choice)
  const template = choice.template === null ? undefined : loaded.release.templates[choice.template]
  const chosen = {departments, atMs, templateId: choice.template, template}
  const mode = findLockdown(lockdown, chosen)
  if (mode === 'silent') return ended('kill_switch', facts, choice)
  const pinned = findNotice(lockdown, chosen)
  const notice = pinned === null ? undefined : loaded.release.templates[pinned]
  const said = notice ?? template
  return {
    release: loaded.digest,
    choice: notice === undefined ? choice : {...choice, template: pinned},
    end: null,
    wantsNickname: !facts.isExpired && said !== undefined && NICKNAME_PLACEHOLDER.test(said.text),
    // A notice that this release does not hold is no reason to say what shall not be said.
    isTextOnly: mode === 'text-only' || (pinned !== null && notice === undefined),
    ...(notice !== undefined && {isNotice: true as const}),
  }
}

/** A text that carries an address or a registered name of one is no safe text while links are switched off. */
const holdsAddress = (text: string): boolean => /:\/\/|\bwww\.|[a-z0-9-]+\.[a-z]{2,}/iu.test(text)

const plain = (text: string, lessBecause: LessBecause): Said => ({text, attachments: [], fallback: text, lessBecause})

/** The words of a decision, once the nickname is known or known to be missing. */
export function sayGreeting(decision: Decision, facts: GreetingFacts, nickname: string | undefined): Said {
  const {loaded, builtIn} = facts
  if (loaded === null || decision.choice === null) return plain(builtIn, 'no-release')
  const welcome = loaded.greeter.render(decision.choice, nickname === undefined ? {} : {nickname})
  const fallback = welcome.fallback === '' ? builtIn : welcome.fallback
  if (facts.isExpired) return plain(holdsAddress(fallback) ? builtIn : fallback, 'release-expired')
  if (welcome.missingFacts.length > 0) return plain(welcome.text === '' ? fallback : welcome.text, 'missing-facts')
  if (decision.isNotice && !decision.isTextOnly) return {...plain(welcome.text, 'lockdown'), fallback}
  if (decision.isTextOnly) return {...plain(holdsAddress(welcome.text) ? fallback : welcome.text, 'lockdown'), fallback}
  return {text: welcome.text === '' ? fallback : welcome.text, attachments: welcome.attachments, fallback}
}
