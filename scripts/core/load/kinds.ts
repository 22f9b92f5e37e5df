/** The kinds of configuration file; each has a schema of the same name. */
export type Kind =
  | 'enterprise'
  | 'organization'
  | 'policy'
  | 'links'
  | 'roles'
  | 'facts'
  | 'template'
  | 'schedule'
  | 'grants'
  | 'channel'
  | 'group-welcome'
  | 'calendar'
  | 'roster'

export interface Classified {
  readonly kind: Kind
  /** Path under the kind's folder without extension; the kind's own name for single files. */
  readonly id: string
}

const SINGLE_FILES: Readonly<Record<string, Kind>> = {
  'enterprise.yaml': 'enterprise',
  'organization.yaml': 'organization',
  'policy.yaml': 'policy',
  'links.yaml': 'links',
  'roles.yaml': 'roles',
  'facts.yaml': 'facts',
}

const FOLDERS: Readonly<Record<string, Kind>> = {
  templates: 'template',
  schedules: 'schedule',
  grants: 'grants',
  channels: 'channel',
  'group-welcomes': 'group-welcome',
  calendars: 'calendar',
  rosters: 'roster',
}

export const REQUIRED_FILES = ['enterprise.yaml', 'organization.yaml', 'policy.yaml'] as const
export const ASSET_FOLDER = 'assets'
export const KNOWN_NAMES: readonly string[] = [
  ...Object.keys(SINGLE_FILES),
  ...Object.keys(FOLDERS).map((folder) => `${folder}/`),
  `${ASSET_FOLDER}/`,
]

/** `templates/south/store.yaml` → template `south/store`; `null` for a name no kind has. Ids are Unicode NFC. */
export function classifyPath(path: string): Classified | null {
  const single = SINGLE_FILES[path]
  if (single) return {kind: single, id: single}
  const slash = path.indexOf('/')
  const kind = slash > 0 ? FOLDERS[path.slice(0, slash)] : undefined
  if (!kind || !path.endsWith('.yaml')) return null
  const id = path.slice(slash + 1, -'.yaml'.length).normalize('NFC')
  return id === '' || id.endsWith('/') ? null : {kind, id}
}
