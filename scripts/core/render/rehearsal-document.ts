import type {Experience} from '../greet/compare-experiences.js'
import type {Rehearsal} from '../greet/rehearse.js'
import type {SharedTimeline, TimelineRow} from '../greet/week-ahead.js'
import {renderInstant, type Zone} from '../model/zone.js'

/** One fresh run and what it came to. */
export interface Run {
  readonly zone: string
  readonly digest: string
}

const EXAMPLES = 5
const WINDOWS = 12
const HOUR_MS = 3_600_000

/** A rehearsal as `--json` shows it; instants in the enterprise's zone. */
export const rehearsalDocument = (
  {digest, members, states, lanes, edges, probes, notices}: Rehearsal,
  {fromMs, untilMs}: {readonly fromMs: number; readonly untilMs: number},
  zone: Zone,
) => ({
  digest,
  from: renderInstant(fromMs, zone),
  until: renderInstant(untilMs, zone),
  members,
  states,
  lanes: lanes.length,
  edges,
  probes,
  notices: Object.entries(notices).map(([notice, met]) => ({
    notice,
    from: renderInstant(met.fromMs, zone),
    people: met.members.length,
    state: met.state ?? null,
  })),
})

/** Who hears what else, when; the first windows stand for the rest. */
export const experienceDocument = (
  {before, after, members, states, windows, example, texts}: Experience,
  zone: Zone,
) => ({
  before: {...before, text: texts.before},
  after: {...after, text: texts.after},
  people: members.length,
  members: members.slice(0, EXAMPLES),
  states,
  windows: windows.length,
  hours: hoursOf(windows),
  when: windows.slice(0, WINDOWS).map((window) => windowDocument(window, zone)),
  example: {
    member: example.member,
    at: renderInstant(example.atMs, zone),
    ...(example.state === undefined ? {} : {state: example.state}),
  },
})

/** Hours to two places. */
export const hoursOf = (windows: Experience['windows']): number =>
  Math.round((100 * windows.reduce((sum, {fromMs, untilMs}) => sum + untilMs - fromMs, 0)) / HOUR_MS) / 100

const windowDocument = ({fromMs, untilMs}: {readonly fromMs: number; readonly untilMs: number}, zone: Zone) => ({
  from: renderInstant(fromMs, zone),
  until: renderInstant(untilMs, zone),
})

export const timelineDocument = (rows: readonly TimelineRow[], zone: Zone) =>
  rows.map(({fromMs, untilMs, ...row}) => ({...windowDocument({fromMs, untilMs}, zone), ...row}))

export const sharedTimelineDocument = ({rows, ...shared}: SharedTimeline, zone: Zone) => ({
  ...shared,
  rows: timelineDocument(rows, zone),
})
