import {canonicalText} from '../model/canonical.js'
import type {Change, ChangeKind} from '../model/change.js'
import type {Config, Resource} from '../model/config.js'

interface Pair {
  readonly kind: string
  readonly id: string
  readonly file: string
  readonly before: unknown
  readonly after: unknown
}

/** Every semantic change from one configuration to another, ordered by file. Formatting and order of keys are none. */
export function findChanges(base: Config, head: Config): Change[] {
  const changes = [
    ...pairs('template', base.templates, head.templates).flatMap(templateChanges),
    ...assetChanges(base, head),
    ...pairs('schedule', base.schedules, head.schedules).flatMap(scheduleChanges),
    ...pairs('channel', base.channels, head.channels).flatMap((pair) => whole(pair, 'channel')),
    ...pairs('group-welcome', base.groupWelcomes, head.groupWelcomes).flatMap((pair) => whole(pair, 'group-welcome')),
    ...pairs('calendar', base.calendars, head.calendars).flatMap((pair) => whole(pair, 'calendar')),
    ...pairs('roster', base.rosters, head.rosters).flatMap((pair) => whole(pair, 'schedule')),
    ...pairs('grant', byId(base.grants), byId(head.grants)).flatMap((pair) => whole(pair, 'grant')),
    ...singles(base, head),
  ]
  return changes.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.on < b.on ? -1 : 1))
}

const byId = <T>(resources: readonly Resource<T>[]): Map<string, Resource<T>> =>
  new Map(resources.map((resource) => [resource.id, resource]))

function pairs<T>(
  kind: string,
  base: ReadonlyMap<string, Resource<T>>,
  head: ReadonlyMap<string, Resource<T>>,
): Pair[] {
  return [...new Set([...base.keys(), ...head.keys()])].map((id) => {
    const [before, after] = [base.get(id), head.get(id)]
    return {kind, id, file: (after ?? before)?.file ?? '', before: before?.value, after: after?.value}
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

const isSame = (a: unknown, b: unknown): boolean =>
  a === undefined || b === undefined ? a === b : canonicalText(a) === canonicalText(b)

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

function pick(value: unknown, keys: readonly string[]): Fields | undefined {
  if (value === undefined) return undefined
  return Object.fromEntries(Object.entries(fields(value)).filter(([key]) => keys.includes(key)))
}

function templateChanges(pair: Pair): Change[] {
  if (isSame(pair.before, pair.after)) return []
  const list = (value: unknown): readonly unknown[] => {
    const attachments = fields(value)['attachments']
    return Array.isArray(attachments) ? attachments : []
  }
  const addresses = (value: unknown): unknown[] =>
    list(value).flatMap((attachment) => {
      const {type, url, appid, page, file} = fields(attachment)
      return type === 'link' ? [url] : type === 'miniprogram' ? [`${String(appid)}/${String(page)}`] : [file]
    })
  const rest = (value: unknown): Fields =>
    Object.fromEntries(Object.entries(fields(value)).filter(([key]) => key !== 'attachments'))
  const found: Change[] = []
  if (!isSame(rest(pair.before), rest(pair.after)))
    found.push(
      change(pair, 'text', {
        before: pair.before === undefined ? null : rest(pair.before),
        after: pair.after === undefined ? null : rest(pair.after),
      }),
    )
  if (!isSame(addresses(pair.before), addresses(pair.after)))
    found.push(change(pair, 'link', {before: addresses(pair.before), after: addresses(pair.after)}))
  if (!isSame(list(pair.before), list(pair.after)))
    found.push(change(pair, 'attachment', {before: list(pair.before), after: list(pair.after)}))
  return pair.after === undefined ? [...found, change(pair, 'deletion')] : found
}

const AUDIENCE = ['audience']

function scheduleChanges(pair: Pair): Change[] {
  if (isSame(pair.before, pair.after)) return []
  const rest = (value: unknown): Fields | undefined =>
    value === undefined
      ? undefined
      : Object.fromEntries(Object.entries(fields(value)).filter(([key]) => !AUDIENCE.includes(key)))
  const found: Change[] = []
  if (!isSame(rest(pair.before), rest(pair.after)))
    found.push(change(pair, 'schedule', {before: rest(pair.before) ?? null, after: rest(pair.after) ?? null}))
  const audiences = {
    before: pick(pair.before, AUDIENCE)?.['audience'] ?? null,
    after: pick(pair.after, AUDIENCE)?.['audience'] ?? null,
  }
  if (!isSame(audiences.before, audiences.after)) found.push(change(pair, 'audience', audiences))
  return pair.after === undefined ? [...found, change(pair, 'deletion')] : found
}

/** A file whose bytes change behind an unchanged path is a change of every template that shows it. */
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
