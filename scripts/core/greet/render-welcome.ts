import type {Choice, Welcome} from '../model/choice.js'
import type {Directory, Member} from '../model/directory.js'
import type {Release} from '../model/release.js'
import {cleanNickname} from './clean-nickname.js'
import {ancestry, type People} from './member-context.js'
import {
  BUILT_IN_PLACEHOLDERS,
  MEMBER_NAME,
  MEMBER_NUMBER,
  NICKNAME,
  parseText,
  type Segment,
  SUCCESSOR_NAME,
} from './parse-text.js'

export interface RenderOptions {
  readonly nickname?: string
  /**
   * The mirror may lack names that the responder knows live. `keep` shows the placeholder as written (for `explain`);
   * otherwise a missing name counts as a hole and the fallback is sent.
   */
  readonly missingNames?: 'keep'
}

export interface Renderer {
  render(choice: Choice, options: RenderOptions): Welcome
}

type Values = Readonly<Record<string, string | undefined>>

export function createRenderer(release: Release, directory: Directory, people: People): Renderer {
  const known = knownPlaceholders(release, directory)
  const parsed = new Map<string, readonly Segment[]>()
  const segmentsOf = (text: string): readonly Segment[] => {
    let segments = parsed.get(text)
    if (!segments) parsed.set(text, (segments = parseText(text, (name) => known.has(name))))
    return segments
  }
  return {
    render: (choice, options) => {
      const {builtIn} = release.greet
      if (choice.silent) return {text: '', attachments: [], outcome: 'silent_by_rule', fallback: '', missingFacts: []}
      const template = choice.template === null ? undefined : release.templates[choice.template]
      if (!template)
        return {text: builtIn, attachments: [], outcome: 'sent_text_fallback', fallback: builtIn, missingFacts: []}
      const values = valuesFor(choice, release, people, options)
      const filled = fill(segmentsOf(template.text), values, release.greet.unknown)
      const plain = fill(segmentsOf(template.fallback ?? builtIn), values, release.greet.unknown)
      const fallback = plain.missing.length === 0 ? plain.text : builtIn
      if (filled.missing.length > 0)
        return {text: fallback, attachments: [], outcome: 'sent_text_fallback', fallback, missingFacts: filled.missing}
      return {text: filled.text, attachments: template.attachments, outcome: 'sent', fallback, missingFacts: []}
    },
  }
}

function knownPlaceholders(release: Release, directory: Directory): Set<string> {
  const sources = [
    ...Object.values(release.facts),
    ...Object.values(release.channels).map(({facts}) => facts),
    ...directory.members.map(({facts}) => facts),
  ]
  return new Set([...BUILT_IN_PLACEHOLDERS, ...sources.flatMap((facts) => Object.keys(facts))])
}

/** What a department knows of itself: its own facts above those it inherits. */
export const departmentFacts = (path: string, {facts}: Pick<Release, 'facts'>): Readonly<Record<string, string>> =>
  Object.assign(
    {},
    ...ancestry(path)
      .reverse()
      .map((above) => facts[above]),
  ) as Record<string, string>

/** What the channels of a state know, the best one first. */
export const channelFacts = (
  ids: readonly string[],
  {channels}: Pick<Release, 'channels'>,
): Readonly<Record<string, string>> =>
  Object.assign({}, ...[...ids].reverse().map((id) => channels[id]?.facts)) as Record<string, string>

/** A channel's fact beats the member's, his beats his department's, the nearest department beats those above. */
function valuesFor(choice: Choice, release: Release, people: People, options: RenderOptions): Values {
  const member = people.find(choice.member)
  const [main = ''] = member ? people.contextOf(member, choice.atMs).departments : []
  const facts: Values = {
    ...departmentFacts(main, release),
    ...member?.facts,
    ...channelFacts(choice.channels, release),
  }
  return {
    ...facts,
    [NICKNAME]: options.nickname === undefined ? '' : cleanNickname(options.nickname),
    [MEMBER_NAME]: nameOf(member, MEMBER_NAME, options),
    [MEMBER_NUMBER]: member?.number,
    [SUCCESSOR_NAME]:
      choice.successor === undefined ? undefined : nameOf(people.find(choice.successor), SUCCESSOR_NAME, options),
  }
}

const nameOf = (member: Member | undefined, placeholder: string, {missingNames}: RenderOptions): string | undefined =>
  member?.displayName ?? (missingNames === 'keep' ? `[${placeholder}]` : undefined)

/** One pass over the segments; values are never expanded again. */
function fill(
  segments: readonly Segment[],
  values: Values,
  unknown: string,
): {readonly text: string; readonly missing: string[]} {
  let text = ''
  let dropsComma = false
  const missing: string[] = []
  for (const segment of segments) {
    if ('text' in segment) text += dropsComma ? segment.text.replace(/^[，,、 ]/, '') : segment.text
    dropsComma = false
    if (!('placeholder' in segment)) continue
    const value = Object.hasOwn(values, segment.placeholder) ? values[segment.placeholder] : undefined
    if (segment.placeholder === NICKNAME && value === '') {
      text += unknown
      dropsComma = unknown === ''
    } else if (value === undefined) missing.push(segment.placeholder)
    else text += value
  }
  return {text, missing: [...new Set(missing)]}
}
