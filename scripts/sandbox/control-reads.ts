import {createHash} from 'node:crypto'
import canonicalize from 'canonicalize'
import type {ControlTable} from './control-door.js'
import {encodeState} from './state-file.js'
import type {Relation} from './state-customers.js'
import type {SandboxState} from './state.js'
import type {World} from './world.js'
import {isJsonObject, type JsonObject} from './wire.js'

/** Control routes that only look. */
export const readRoutes: ControlTable = {
  'GET /welcomes': (world, _body, query) => ({
    total: world.state.welcomesTotal,
    welcomes: filterRows(world.state.welcomes, query),
  }),
  'GET /contact-ways': (world) => ({contactWays: [...world.state.contactWays.values()]}),
  'GET /templates': (world) => ({templates: [...world.state.templates.values()]}),
  'GET /tags': (world) => ({tagGroups: [...world.state.tagGroups.values()]}),
  'GET /member-tags': (world) => ({
    memberTags: [...world.state.memberTags.values()].map((tag) => ({
      ...tag,
      users: [...tag.users],
      parties: [...tag.parties],
    })),
  }),
  'GET /media': (world) => ({
    media: [...world.state.media.values()].map(({bytes: _bytes, ...shown}) => shown),
    permanentImages: [...world.state.permanentImages],
  }),
  'GET /messages': (world, _body, query) => ({
    total: world.state.messagesTotal,
    messages: filterRows(world.state.messages, query),
  }),
  'GET /webhook-messages': (world, _body, query) => ({messages: filterRows(world.state.webhookMessages, query)}),
  'GET /relations': (world, _body, query) => ({relations: findRelations(world, query)}),
  'GET /deliveries': (world) => world.outbox.read(),
  'GET /summary': (world) => summarize(world.state),
}

/** `userid`, `external_userid`, `code`, `key` narrow rows down; `last` keeps the newest so many. */
function filterRows<T extends object>(rows: readonly T[], query: URLSearchParams): T[] {
  const wanted = ['userid', 'external_userid', 'code', 'key'].flatMap((name) => {
    const value = query.get(name)
    return value === null ? [] : [[name, value] as const]
  })
  const found = rows.filter((row) => wanted.every(([name, value]) => new Map(Object.entries(row)).get(name) === value))
  const last = Number(query.get('last') ?? found.length)
  return last < found.length ? found.slice(found.length - last) : found
}

function findRelations(world: World, query: URLSearchParams): object[] {
  const external = query.get('external_userid')
  const followers =
    external === null
      ? [...world.state.relations.values()]
      : [world.state.relations.get(external) ?? new Map<string, Relation>()]
  const rows = followers.flatMap((byMember) => [...byMember.values()])
  return filterRows(rows, new URLSearchParams([...query].filter(([name]) => name !== 'external_userid')))
}

/** Sections that say how things stand; tokens, counters of quota and the history are left out of the digest. */
const SECTIONS = [
  'departments',
  'members',
  'memberTags',
  'miniPrograms',
  'consoleWelcomeMembers',
  'consentMembers',
  'media',
  'permanentImages',
  'templates',
  'contactWays',
  'tagGroups',
  'customers',
  'relations',
  'transfers',
] as const satisfies readonly (keyof SandboxState)[]

/** Count and SHA-256 of every section, and one digest over all: equal digests mean equal worlds. */
function summarize(state: SandboxState): object {
  const encoded = encodeState(state)
  const sections: Record<string, {count: number; sha256: string}> = {}
  for (const name of SECTIONS) {
    const part = state[name]
    sections[name] = {count: Array.isArray(part) ? part.length : part.size, sha256: digest(encoded[name] ?? null)}
  }
  return {
    sections,
    welcomes: state.welcomesTotal,
    messages: state.messagesTotal,
    digest: digest(Object.fromEntries(Object.entries(sections).map(([name, {sha256}]) => [name, sha256]))),
  }
}

function digest(value: unknown): string {
  const text = canonicalize(isJsonObject(value) ? withoutBytes(value) : value) ?? 'null'
  return createHash('sha256').update(text).digest('hex')
}

/** Media are told apart by their own digest; their bytes need not be hashed again and again. */
function withoutBytes(value: JsonObject): JsonObject {
  const entries = value['$map']
  if (!Array.isArray(entries)) return value
  return {
    $map: entries.map((entry) => {
      if (!Array.isArray(entry) || !isJsonObject(entry[1] ?? null)) return entry
      const {bytes: _bytes, ...rest} = entry[1] as JsonObject
      return [entry[0] ?? null, rest]
    }),
  }
}
