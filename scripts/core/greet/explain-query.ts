import type {Choice, ChosenSlot, Query} from '../model/choice.js'
import type {Directory} from '../model/directory.js'
import type {Release, ReleaseAttachment} from '../model/release.js'
import type {Words} from '../model/words.js'
import {renderInstant, zoneOf} from '../model/zone.js'
import {createGreeter, type Greeter} from './create-greeter.js'
import {createNextChangeFinder} from './find-next-change.js'
import {type TimelineRow, timelineOf, WEEK_MS} from './week-ahead.js'

/** One question about the future or the past. */
export interface ExplainQuery {
  readonly member: string
  readonly atMs: number
  readonly state?: string
  readonly nickname?: string
}

export interface Explanation {
  readonly template: string | null
  readonly schedule: string | null
  readonly slot: ChosenSlot | null
  readonly level: Choice['level']
  readonly because: readonly Words[]
  readonly text: string
  readonly attachments: readonly ReleaseAttachment[]
  readonly outcome: 'sent' | 'sent_text_fallback' | 'silent_by_rule'
  readonly notices: Choice['notices']
  readonly missingFacts: readonly string[]
  /** `at` in the enterprise's zone; `null` when nothing changes within 400 days. */
  readonly next: {readonly at: string; readonly template: string | null} | null
}

export interface Explainer {
  explain(query: ExplainQuery): Explanation
  /** What is said in the seven days from the query's instant on. */
  week(query: ExplainQuery): readonly TimelineRow[]
}

/** Answers questions from one release and the mirror; names the mirror lacks stay as placeholders. */
export function createExplainer(release: Release, directory: Directory): Explainer {
  const greeter: Greeter = createGreeter(release, directory)
  const findNextChange = createNextChangeFinder(greeter)
  const zone = zoneOf(release.timezone)
  const askedIn = ({member, atMs, state}: ExplainQuery): Query => ({member, atMs, ...(state ? {state} : {})})
  const explain = (query: ExplainQuery): Explanation => {
    const asked = askedIn(query)
    const {choice, because} = greeter.explain(asked)
    const welcome = greeter.render(choice, {
      missingNames: 'keep',
      ...(query.nickname === undefined ? {} : {nickname: query.nickname}),
    })
    const next = findNextChange(asked)
    return {
      template: choice.template,
      schedule: choice.schedule,
      slot: choice.slot,
      level: choice.level,
      because: [...because, ...holeWords(welcome.missingFacts)],
      text: welcome.text,
      attachments: welcome.attachments,
      outcome: welcome.outcome,
      notices: choice.notices,
      missingFacts: welcome.missingFacts,
      next: next && {at: renderInstant(next.atMs, zone), template: next.template},
    }
  }
  return {explain, week: (query) => timelineOf(greeter, askedIn(query), query.atMs + WEEK_MS)}
}

const holeWords = (missing: readonly string[]): Words[] =>
  missing.length === 0
    ? []
    : [
        {
          zh: `缺少 ${missing.map((name) => `[${name}]`).join('、')}，不发带空洞的文案，改发 fallback`,
          en: `${missing.map((name) => `[${name}]`).join(', ')} is missing; no text with a hole is sent, so the fallback is`,
        },
      ]
