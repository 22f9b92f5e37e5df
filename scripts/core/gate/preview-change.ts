import {createGreeter, type Greeter} from '../greet/create-greeter.js'
import {createPeople} from '../greet/member-context.js'
import {createReach, type Reach} from '../greet/reach.js'
import {templatesOf} from '../greet/say-at.js'
import {type TimelineRow, timelineOf, WEEK_MS} from '../greet/week-ahead.js'
import type {Change} from '../model/change.js'
import type {Welcome} from '../model/choice.js'
import type {Release} from '../model/release.js'
import type {World} from '../model/world.js'

/** What one template says through one of its members, before and after; `null` on a side that lacks it. */
export interface TextPreview {
  readonly template: string
  /** A userid: whose facts and name fill the text. */
  readonly member: string | null
  readonly before: Welcome | null
  readonly after: Welcome | null
}

/** The next seven days of one member of a schedule's audience. */
export interface WeekPreview {
  readonly schedule: string
  readonly member: string
  readonly rows: readonly TimelineRow[]
}

export interface Previews {
  readonly texts: readonly TextPreview[]
  readonly weeks: readonly WeekPreview[]
}

interface Side extends World {
  readonly greeter: Greeter
  readonly reach: Reach
}

/** Texts as customers will read them, and the week of every schedule that changes or says what changes. */
export function previewChanges(base: World, head: World, changes: readonly Change[], nowMs: number): Previews {
  const [before, after] = [createSide(base, nowMs), createSide(head, nowMs)]
  const idsOf = (kind: string): string[] => [
    ...new Set(changes.filter((change) => change.kind === kind).map(({id}) => id)),
  ]
  const templates = idsOf('template')
  const texts = templates.map((template): TextPreview => {
    const member = sampleMember(after, template) ?? sampleMember(before, template)
    return {
      template,
      member,
      before: render(before, template, member, nowMs),
      after: render(after, template, member, nowMs),
    }
  })
  const saying = Object.entries(after.release.schedules).filter(([, schedule]) =>
    templatesOf(schedule).some((id) => templates.includes(id)),
  )
  const schedules = new Set([...idsOf('schedule'), ...saying.map(([id]) => id)])
  const weeks = [...schedules].sort().flatMap((id): WeekPreview[] => {
    const audience = after.release.schedules[id]?.audience
    const member = audience && after.reach.membersOf(audience)[0]?.id
    if (member === undefined) return []
    return [{schedule: id, member, rows: timelineOf(after.greeter, {member, atMs: nowMs}, nowMs + WEEK_MS)}]
  })
  return {texts, weeks}
}

function createSide({release, directory}: World, nowMs: number): Side {
  return {
    release,
    directory,
    greeter: createGreeter(release, directory),
    reach: createReach(createPeople(directory, release), nowMs),
  }
}

/** Somebody who greets with the template; the first by name, so that the preview is the same every time. */
function sampleMember({release, reach}: Side, template: string): string | null {
  const ids = sayersOf(release, template).flatMap((audience) => reach.membersOf(audience).map(({id}) => id))
  return ids.sort()[0] ?? null
}

const sayersOf = (release: Release, template: string): Release['schedules'][string]['audience'][] =>
  Object.values(release.schedules)
    .filter((schedule) => templatesOf(schedule).includes(template))
    .map(({audience}) => audience)

function render({release, greeter}: Side, template: string, member: string | null, atMs: number): Welcome | null {
  if (release.templates[template] === undefined) return null
  return greeter.render(
    {
      member: member ?? '',
      atMs,
      level: 'everybody',
      template,
      silent: false,
      schedule: null,
      slot: null,
      channels: [],
      notices: [],
    },
    {missingNames: 'keep'},
  )
}
