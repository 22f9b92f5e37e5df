import {chmodSync, mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {ROOT} from '../../support/launch.js'

/** What an environment (or the repository) hands to a job. */
export interface Holdings {
  readonly secrets?: Readonly<Record<string, string>>
  readonly vars?: Readonly<Record<string, string>>
}

/** GitHub and the runner's machine, as a test sets them up. Addresses come from whoever started the stand-ins. */
export interface Machine {
  /** The git repository on this disk that `actions/checkout` reads. */
  readonly repository: string
  /** `owner/name`. */
  readonly fullName: string
  readonly apiUrl: string
  /** What `github.token` is. */
  readonly token?: string
  readonly environments?: Readonly<Record<string, Holdings>>
  /** What every job gets, with or without an environment. */
  readonly common?: Holdings
  /** Variables of the runner's machine itself, such as the address of the WeCom sandbox. */
  readonly env?: Readonly<Record<string, string>>
  /** The script that answers `npx yingbin`; this program unless a test has its own. */
  readonly program?: string
}

const PROGRAM = join(ROOT, 'scripts/launch.mjs')
const NPM = `#!/usr/bin/env bash
[ "$*" = ci ] || { echo "npm $* is not played" >&2; exit 2; }
ln -sfn "$STAND_IN_MODULES" node_modules
`
const NPX = `#!/usr/bin/env bash
[ -e node_modules ] || { echo 'npm ci comes first' >&2; exit 2; }
[ "$1" = yingbin ] || { echo "npx $1 is not played" >&2; exit 2; }
shift
exec "$STAND_IN_NODE" "$STAND_IN_PROGRAM" "$@"
`

/** Puts `npm` and `npx` of our own first in PATH; answers with the variables that make them work, and with nothing else of ours. */
export function standInTools({program = PROGRAM}: Machine, folder: string): Record<string, string> {
  mkdirSync(folder, {recursive: true})
  for (const [name, script] of Object.entries({npm: NPM, npx: NPX})) {
    writeFileSync(join(folder, name), script)
    chmodSync(join(folder, name), 0o755)
  }
  return {
    PATH: `${folder}:${process.env['PATH'] ?? ''}`,
    STAND_IN_MODULES: join(ROOT, 'node_modules'),
    STAND_IN_NODE: process.execPath,
    STAND_IN_PROGRAM: program,
  }
}
