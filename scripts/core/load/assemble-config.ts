import type {Asset, Config, GrantResource, Resource} from '../model/config.js'
import type {Remark} from '../model/finding.js'
import type {WrittenConfiguration, WrittenGrants} from '../model/written.js'
import {checkSchema} from './check-schema.js'
import {classifyPath, type Kind, KNOWN_NAMES, REQUIRED_FILES} from './kinds.js'
import {parseYaml} from './parse-yaml.js'

/** A YAML file as read: its path below the configuration folder and its text in Unicode NFC. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

export interface AssembledConfig {
  /** Only what fits its schema; a broken or missing single file is replaced by an empty one. */
  readonly config: Config
  readonly remarks: readonly Remark[]
  /** `kind/id` of files that exist but are broken, so that naming them is not a second finding. */
  readonly broken: ReadonlySet<string>
}

const EMPTY_SINGLES = {
  enterprise: {corpId: '', agentId: 0, timezone: 'UTC'},
  organization: {},
  policy: {},
  links: {},
  roles: {},
  facts: {},
} as const

type Documents = {readonly [K in Exclude<Kind, 'grants'>]: Map<string, Resource<NonNullable<WrittenConfiguration[K]>>>}

function emptyDocuments(): Documents {
  return {
    enterprise: new Map(),
    organization: new Map(),
    policy: new Map(),
    links: new Map(),
    roles: new Map(),
    facts: new Map(),
    template: new Map(),
    schedule: new Map(),
    channel: new Map(),
    'group-welcome': new Map(),
    calendar: new Map(),
    roster: new Map(),
  }
}

/** Parses and checks every file; all faults come at once. */
export function assembleConfig(
  files: readonly SourceFile[],
  assets: ReadonlyMap<string, Asset>,
  unreadable: ReadonlySet<string>,
): AssembledConfig {
  const documents = emptyDocuments()
  const grants: GrantResource[] = []
  const remarks: Remark[] = []
  const broken = new Set<string>()
  for (const {path, text} of files) {
    const classified = classifyPath(path)
    if (!classified) {
      remarks.push(unknownFile(path))
      continue
    }
    const {kind, id} = classified
    const parsed = parseYaml(text, path)
    const faults = 'remark' in parsed ? [parsed.remark] : checkSchema(kind, parsed.value, path)
    remarks.push(...faults)
    if (faults.length > 0 || !('value' in parsed)) broken.add(`${kind}/${id}`)
    else if (kind === 'grants') grants.push(...grantResources(parsed.value as WrittenGrants, id, path))
    else remarks.push(...keep(documents, kind, {id, file: path, value: parsed.value}))
  }
  for (const path of unreadable) {
    const classified = classifyPath(path)
    if (classified) broken.add(`${classified.kind}/${classified.id}`)
  }
  remarks.push(...missingFiles(documents, broken))
  // The order of files must make no difference, and grants are a list.
  grants.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.index - b.index))
  return {config: toConfig(documents, grants, assets), remarks, broken}
}

/** The schema has just proved the value's shape, which is what this narrowing rests on. */
function keep<K extends Exclude<Kind, 'grants'>>(documents: Documents, kind: K, found: Resource<unknown>): Remark[] {
  const known = documents[kind] as Map<string, Resource<unknown>>
  const earlier = known.get(found.id)
  known.set(found.id, found)
  return earlier ? [sameId(found.file, earlier.file, found.id)] : []
}

function grantResources(written: WrittenGrants, id: string, file: string): GrantResource[] {
  return written.map((value, index) => ({id: `${id}#${index + 1}`, file, value, index}))
}

function toConfig(documents: Documents, grants: readonly GrantResource[], assets: ReadonlyMap<string, Asset>): Config {
  const single = <K extends keyof typeof EMPTY_SINGLES>(kind: K): Resource<NonNullable<WrittenConfiguration[K]>> =>
    documents[kind].get(kind) ?? {
      id: kind,
      file: `${kind}.yaml`,
      value: EMPTY_SINGLES[kind],
    }
  return {
    enterprise: single('enterprise'),
    organization: single('organization'),
    policy: single('policy'),
    links: single('links'),
    roles: single('roles'),
    facts: single('facts'),
    templates: documents.template,
    schedules: documents.schedule,
    channels: documents.channel,
    groupWelcomes: documents['group-welcome'],
    calendars: documents.calendar,
    rosters: documents.roster,
    grants,
    assets,
  }
}

function missingFiles(documents: Documents, broken: ReadonlySet<string>): Remark[] {
  return REQUIRED_FILES.filter((file) => {
    const kind = file.slice(0, -'.yaml'.length) as 'enterprise' | 'organization' | 'policy'
    return !documents[kind].has(kind) && !broken.has(`${kind}/${kind}`)
  }).map((file) => ({
    rule: 'required-file-exists',
    level: 'error',
    at: {file, line: 1, column: 1},
    says: {zh: `缺少必需的文件 ${file}`, en: `the required file ${file} is missing`},
    fix: {
      zh: `新建 ${file}（字段见 schemas/${file.replace('.yaml', '.schema.json')}）`,
      en: `create ${file} (fields: schemas/${file.replace('.yaml', '.schema.json')})`,
    },
  }))
}

const unknownFile = (path: string): Remark => ({
  rule: 'file-is-known',
  level: 'error',
  at: {file: path, line: 1, column: 1},
  says: {zh: '不认识的文件或文件夹', en: 'unknown file or folder'},
  fix: {
    zh: `${path.endsWith('.yml') ? '把扩展名改为 .yaml；' : ''}这里只放：${KNOWN_NAMES.join('、')}`,
    en: `${path.endsWith('.yml') ? 'rename it to .yaml; ' : ''}only these belong here: ${KNOWN_NAMES.join(', ')}`,
  },
})

const sameId = (file: string, earlier: string, id: string): Remark => ({
  rule: 'id-is-unique',
  level: 'error',
  at: {file, line: 1, column: 1},
  says: {
    zh: `编号「${id}」与 ${earlier} 相同（只差 Unicode 写法）`,
    en: `id "${id}" is the same as that of ${earlier} (they differ only in Unicode form)`,
  },
  fix: {zh: '改名其中一个文件', en: 'rename one of the files'},
})
