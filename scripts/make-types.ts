/**
 * Writes `core/model/written.ts`: the TypeScript types of every configuration file, made from `schemas/`.
 * The schemas are the one source; a test fails when the written file is not what this script makes.
 */
import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {compile} from 'json-schema-to-typescript'

type Json = null | boolean | number | string | Json[] | {[key: string]: Json}

const SCHEMAS = fileURLToPath(new URL('../schemas/', import.meta.url))
const TARGET = fileURLToPath(new URL('./core/model/written.ts', import.meta.url))

/** Type names come from file and definition names, since the titles are Chinese for the people who write YAML. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  template: 'WrittenTemplate',
  schedule: 'WrittenSchedule',
  channel: 'WrittenChannel',
  'group-welcome': 'WrittenGroupWelcome',
  calendar: 'WrittenCalendar',
  roster: 'WrittenRoster',
  grants: 'WrittenGrants',
  enterprise: 'WrittenEnterprise',
  organization: 'WrittenOrganization',
  facts: 'WrittenFacts',
  roles: 'WrittenRoles',
  links: 'WrittenLinks',
  policy: 'WrittenPolicy',
}

/** `date` must not shadow the global type; the others are taken by the checked model. */
const RENAMED: Readonly<Record<string, string>> = {
  date: 'PlainDate',
  member: 'WrittenMember',
  grant: 'WrittenGrant',
  slot: 'WrittenSlot',
  namedDates: 'WrittenNamedDates',
  role: 'WrittenRole',
}

const pascal = (name: string): string => RENAMED[name] ?? name.charAt(0).toUpperCase() + name.slice(1)

function inlined(node: Json, own = ''): Json {
  if (Array.isArray(node)) return node.map((item) => inlined(item, own))
  if (node === null || typeof node !== 'object') return node
  // A reference stands alone: with a description beside it every use would get a type of its own.
  if (typeof node['$ref'] === 'string')
    return {
      $ref: node['$ref'].replace(
        /^(common\.schema\.json)?#\/\$defs\//,
        (_all, common: string | undefined) => `#/$defs/${common ? 'common-' : own}`,
      ),
    }
  const entries = Object.entries(node)
    .filter(
      ([key]) =>
        !['title', '$id', '$schema', 'if', 'then', 'else', 'discriminator'].includes(key) || isSchemaMap(node, key),
    )
    .map(([key, value]): [string, Json] => [key, inlined(value, own)])
  return Object.fromEntries(entries)
}

/** `title` is both an annotation (a string) and the name of a field (a schema). */
function isSchemaMap(node: {[key: string]: Json}, key: string): boolean {
  return key === 'title' && typeof node[key] === 'object'
}

function readSchema(file: string): {[key: string]: Json} {
  const parsed: unknown = JSON.parse(readFileSync(join(SCHEMAS, file), 'utf8'))
  return parsed as {[key: string]: Json}
}

export async function renderTypes(): Promise<string> {
  const common = readSchema('common.schema.json')
  const kinds = readdirSync(SCHEMAS).filter((file) => file !== 'common.schema.json' && file.endsWith('.schema.json'))
  const definitions: {[key: string]: Json} = {}
  const named = (defs: Json | undefined): [string, Json][] => Object.entries((defs ?? {}) as {[key: string]: Json})
  for (const [name, schema] of named(common['$defs']))
    definitions[`common-${name}`] = withTitle(inlined(schema, 'common-'), pascal(name))
  for (const file of kinds.sort()) {
    const kind = file.replace('.schema.json', '')
    const schema = readSchema(file)
    for (const [name, inner] of named(schema['$defs'])) definitions[name] = withTitle(inlined(inner), pascal(name))
    const {$defs: _defs, ...root} = schema
    definitions[kind] = withTitle(inlined(root), TYPE_NAMES[kind] ?? pascal(kind))
  }
  const all = {
    title: 'WrittenConfiguration',
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      kinds.map((file) => file.replace('.schema.json', '')).map((kind) => [kind, {$ref: `#/$defs/${kind}`}]),
    ),
    $defs: definitions,
  }
  return compile(all as Parameters<typeof compile>[0], 'WrittenConfiguration', {
    bannerComment: '/* Made from schemas/ by scripts/make-types.ts; change the schemas, then run `npm run types`. */',
    additionalProperties: false,
    unreachableDefinitions: true,
    ignoreMinAndMaxItems: true,
    style: {semi: false, singleQuote: true, printWidth: 120, bracketSpacing: false, trailingComma: 'all'},
  })
}

function withTitle(schema: Json, title: string): Json {
  return schema !== null && typeof schema === 'object' && !Array.isArray(schema) ? {title, ...schema} : schema
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(TARGET, await renderTypes())
