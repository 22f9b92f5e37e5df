import {shownPath} from './show-findings.js'
import {isAbsolute, join, relative, resolve} from 'node:path'
import {classifyPath, type Kind} from '../core/load/kinds.js'
import type {Finding} from '../core/model/finding.js'
import {loadConfig, type LoadedConfig, placeRemarks} from '../pipeline/load.js'
import {type CommonOptions, CouldNotRun, type Door} from './door.js'
import {requireFolder} from './open-config.js'

/** A configuration file a command writes. */
export interface ConfigTarget {
  /** Below the configuration folder, with forward slashes and in Unicode NFC. */
  readonly path: string
  readonly id: string
  readonly absolute: string
  /** As shown to the user. */
  readonly shown: string
  /** Its text as it is now; `null` when there is no such file yet. */
  readonly text: string | null
}

export interface OpenedTarget {
  readonly loaded: LoadedConfig
  readonly target: ConfigTarget
  /** What is wrong with this file and with those it rests on; faults elsewhere do not hinder writing it. */
  readonly findings: readonly Finding[]
}

/** `--into` may be written below the configuration folder or from where the user stands. */
export async function openTarget(
  door: Door,
  options: CommonOptions,
  into: unknown,
  kind: Kind,
  restsOn: readonly string[],
): Promise<OpenedTarget> {
  requireFolder(options.config)
  const written = typeof into === 'string' ? into : ''
  const fromHere = relative(options.config, resolve(door.cwd, written))
  const below = fromHere.startsWith('..') || isAbsolute(fromHere) ? written : fromHere
  const path = below.replaceAll('\\', '/').replace(/^\.\//, '').normalize('NFC')
  // Names that begin with a dot are not read: what stands there would be lost unseen.
  const classified = path.split('/').some((name) => name.startsWith('.')) ? null : classifyPath(path)
  if (classified?.kind !== kind)
    throw new CouldNotRun(
      {
        zh: `--into ${written || '（没有写）'} 不在 ${kind}s/ 下`,
        en: `--into ${written || '(missing)'} is not below ${kind}s/`,
      },
      {
        zh: `例如 --into ${kind}s/${EXAMPLES[kind] ?? 'x'}.yaml`,
        en: `for example --into ${kind}s/${EXAMPLES[kind] ?? 'x'}.yaml`,
      },
    )
  const loaded = await loadConfig(options.config)
  const remarks = loaded.remarks.filter(({at}) => [path, ...restsOn].includes(at.file.normalize('NFC')))
  const absolute = join(options.config, below)
  return {
    loaded,
    target: {
      path,
      id: classified.id,
      absolute,
      shown: join(shownPath(door, options.config), below),
      text: loaded.folder.files.find((file) => file.path === path)?.text ?? null,
    },
    findings: placeRemarks(remarks, loaded.folder.files),
  }
}

const EXAMPLES: Partial<Record<Kind, string>> = {roster: 'stores', calendar: 'cn'}
