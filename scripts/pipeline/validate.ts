import type {Validated} from './check-loaded.js'
import {type ConfigFolder, readConfigFolder} from './read-config-folder.js'

/** Loads and checks a configuration folder; `only: 'structure'` checks just what choosing rests on. */
export async function validateConfig(folder: string, nowMs: number, only?: 'structure'): Promise<Validated> {
  return checkFolder(await readConfigFolder(folder), nowMs, only)
}

/**
 * Reader, schemas, rules and the decoder of pictures are loaded only now: a folder that cannot be read, or one seen
 * before, needs none of them.
 */
export async function checkFolder(read: ConfigFolder, nowMs: number, only?: 'structure'): Promise<Validated> {
  const withCodes = read.assets.size === 0 ? read : await (await import('./read-qr-codes.js')).readQrCodes(read)
  // The second rests on the first, so that there is nothing to load side by side.
  const {understandConfig} = await import('./load.js')
  const {checkLoaded} = await import('./check-loaded.js')
  return checkLoaded(understandConfig(withCodes), nowMs, only)
}
