import {isSame} from '../model/is-same.js'
import type {Change, ChangeKind} from '../model/change.js'
import type {Config, Resource} from '../model/config.js'
import {linkChanges} from './link-changes.js'
import {differingUnits, type UnitPair} from './shown-units.js'

interface Pair {
  readonly kind: string
  readonly id: string
  readonly file: string
  readonly before: unknown
  readonly after: unknown
}

/**
 * Every semantic change from one configuration to another, ordered by file. Formatting and order of keys are none. An
 * address that changes is a `link` wherever it stands, beside what the place is.
 */
export function findChanges(
  base: Config,
  head: Config,
  units: readonly UnitPair[] = differingUnits(base, head),
): Change[] {
  const changes = [
    ...templatesOf(units, base, head).flatMap(templateChanges),
    ...linkChanges(units, base, head),
    ...assetChanges(base, head),
    ...pairs('schedule', base.schedules, head.schedules).flatMap(scheduleChanges),
    ...pairs('channel', base.channels, head.channels).flatMap((pair) => whole(pair, 'channel')),
    ...pairs('group-welcome', base.groupWelcomes, head.groupWelcomes).flatMap((pair) => whole(pair, 'group-welcome')),
    ...pairs('calendar', base.calendars, head.calendars).flatMap((pair) => whole(pair, 'calendar')),
    ...pairs('roster', base.rosters, head.rosters).flatMap((pair) => whole(pair, 'schedule')),
    ...pairs('grant', byId(base.grants), byId(head.grants)).flatMap((pair) => whole(pair, 'grant')),
    ...singles(base, head),
  ]
  const keyOf = ({file, on, kind, id}: Change): string => [file, on, kind, id].join('\n')
  return changes
    .map((change) => [keyOf(change), change] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, change]) => change)
}

const byId = <T>(resources: readonly Resource<T>[]): Map<string, Resource<T>> =>
  new Map(resources.map((resource) => [resource.id, resource]))

/** Only those that differ. */
function pairs<T>(
  kind: string,
  base: ReadonlyMap<string, Resource<T>>,
  head: ReadonlyMap<string, Resource<T>>,
): Pair[] {
  return [...new Set([...base.keys(), ...head.keys()])].flatMap((id) => {
    const [before, after] = [base.get(id), head.get(id)]
    return isSame(before?.value, after?.value)
      ? []
      : [{kind, id, file: (after ?? before)?.file ?? '', before: before?.value, after: after?.value}]
  })
}

/** Templates of the units: comparing all of them once is enough. */
function templatesOf(units: readonly UnitPair[], base: Config, head: Config): Pair[] {
  return units.flatMap(({before, after}) => {
    const unit = after ?? before
    if (unit?.kind !== 'template') return []
    const {kind, id, file} = unit
    return [{kind, id, file, before: base.templates.get(id)?.value, after: head.templates.get(id)?.value}]
  })
}

function singles(base: Config, head: Config): Change[] {
  return (
    [
      ['facts', 'facts'],
      ['links', 'links'],
      ['roles', 'role'],
      ['policy', 'policy'],
      ['organization', 'organization'],
      ['enterprise', 'enterprise'],
    ] as const
  ).flatMap(([key, on]) =>
    whole({kind: key, id: key, file: head[key].file, before: base[key].value, after: head[key].value}, on),
  )
}

function change(
  {kind, id, file, before, after}: Pair,
  on: ChangeKind,
  part?: {readonly before: unknown; readonly after: unknown},
): Change {
  const action = before === undefined ? 'create' : after === undefined ? 'delete' : 'update'
  return {
    on,
    kind,
    id,
    file,
    action,
    before: (part ? part.before : before) ?? null,
    after: (part ? part.after : after) ?? null,
  }
}

function whole(pair: Pair, on: ChangeKind): Change[] {
  if (isSame(pair.before, pair.after)) return []
  return pair.after === undefined ? [change(pair, on), change(pair, 'deletion')] : [change(pair, on)]
}

type Fields = Readonly<Record<string, unknown>>
const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})

/** All fields but one; nothing of nothing. */
const without = (value: unknown, field: string): Fields | undefined =>
  value === undefined ? undefined : Object.fromEntries(Object.entries(fields(value)).filter(([key]) => key !== field))

function templateChanges(pair: Pair): Change[] {
  const list = (value: unknown): readonly unknown[] => {
    const attachments = fields(value)['attachments']
    return Array.isArray(attachments) ? attachments : []
  }
  const found: Change[] = []
  const rest = {before: without(pair.before, 'attachments'), after: without(pair.after, 'attachments')}
  if (!isSame(rest.before, rest.after)) found.push(change(pair, 'text', rest))
  const attachments = {before: list(pair.before), after: list(pair.after)}
  if (!isSame(attachments.before.map(withoutAddress), attachments.after.map(withoutAddress)))
    found.push(change(pair, 'attachment', attachments))
  return pair.after === undefined ? [...found, change(pair, 'deletion')] : found
}

/** The attachment but for where it leads, which is a change of its own. */
const withoutAddress = (attachment: unknown): Fields =>
  Object.fromEntries(Object.entries(fields(attachment)).filter(([key]) => !['url', 'appid', 'page'].includes(key)))

function scheduleChanges(pair: Pair): Change[] {
  const found: Change[] = []
  const rest = {before: without(pair.before, 'audience'), after: without(pair.after, 'audience')}
  if (!isSame(rest.before, rest.after)) found.push(change(pair, 'schedule', rest))
  const audiences = {before: fields(pair.before)['audience'], after: fields(pair.after)['audience']}
  if (!isSame(audiences.before, audiences.after)) found.push(change(pair, 'audience', audiences))
  return pair.after === undefined ? [...found, change(pair, 'deletion')] : found
}

/** A file whose bytes change behind an unchanged path is a change of everything that shows it. */
function assetChanges(base: Config, head: Config): Change[] {
  return [...base.assets].flatMap(([path, asset]) => {
    const now = head.assets.get(path)
    return now && now.sha256 !== asset.sha256
      ? [
          {
            on: 'attachment' as const,
            kind: 'asset',
            id: path,
            file: path,
            action: 'update' as const,
            before: asset.sha256,
            after: now.sha256,
          },
        ]
      : []
  })
}
