import type {Validated} from './check-loaded.js'
import {type ConfigFolder, readConfigFolder} from './read-config-folder.js'

/** Loads and checks a configuration folder; `only: 'structure'` checks just what choosing rests on. */
export async function validateConfig(folder: string, nowMs: number, only?: 'structure'): Promise<Validated> {
  return checkFolder(await readConfigFolder(folder), nowMs, only)
}

/** Reader, schemas and rules are loaded only now: a folder that cannot be read, or one seen before, needs none of them. */
export async function checkFolder(read: ConfigFolder, nowMs: number, only?: 'structure'): Promise<Validated> {
  const [{understandConfig}, {checkLoaded}] = await Promise.all([import('./load.js'), import('./check-loaded.js')])
  return checkLoaded(understandConfig(read), nowMs, only)
}
