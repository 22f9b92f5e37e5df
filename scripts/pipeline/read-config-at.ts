import type {CodeHost} from '../core/ports.js'
import type {Validated} from './check-loaded.js'
import {validateConfig} from './validate.js'

export interface ReadingPorts {
  readonly host: Pick<CodeHost, 'readFolder'>
  /** A folder of its own for each thing read, gone afterwards. */
  readonly inFolder: <T>(use: (folder: string) => Promise<T>) => Promise<T>
}

/** The configuration as it stands at a commit on the code host, loaded and checked as far as choosing needs. */
export const readConfigAt = (
  {host, inFolder}: ReadingPorts,
  commit: string,
  folder: string,
  nowMs: number,
): Promise<Validated> =>
  inFolder(async (target) => {
    await host.readFolder(commit, folder, target)
    return validateConfig(target, nowMs, 'structure')
  })
