import {compareExperiences, type Experience} from '../core/greet/compare-experiences.js'
import {rehearse} from '../core/greet/rehearse.js'
import {sha256} from '../core/model/sha256.js'
import type {World} from '../core/model/world.js'
import {worldOf} from '../core/release/assemble-release.js'
import {loadConfig, understandConfig} from './load.js'
import {readConfigFolder} from './read-config-folder.js'

/**
 * The digest of one rehearsal whose files were met in another order: each seed has its own. The order must make no
 * difference, which is what this is for.
 */
export async function rehearseShuffled(folder: string, seed: string, fromMs: number, untilMs: number): Promise<string> {
  const read = await readConfigFolder(folder)
  const place = (path: string): string => sha256(`${seed} ${path}`)
  const files = [...read.files].sort((a, b) => (place(a.path) < place(b.path) ? -1 : 1))
  const assets = new Map([...read.assets].sort(([a], [b]) => (place(a) < place(b) ? -1 : 1)))
  const {config} = understandConfig({...read, files, assets})
  const {release, directory} = worldOf(config)
  return rehearse(release, directory, fromMs, untilMs).digest
}

/** The difference of experiences against another folder; what is broken there counts as not there. */
export async function experiencesSince(
  after: World,
  baseFolder: string,
  fromMs: number,
  untilMs: number,
): Promise<Experience[]> {
  const {config} = await loadConfig(baseFolder)
  return compareExperiences(worldOf(config), after, fromMs, untilMs)
}
