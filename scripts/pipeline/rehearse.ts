import {createGreeter, type Greeter} from '../core/greet/create-greeter.js'
import {compareExperiences, type Experience, type Side} from '../core/greet/compare-experiences.js'
import {type Rehearsal, rehearse} from '../core/greet/rehearse.js'
import type {Config} from '../core/model/config.js'
import {sha256} from '../core/model/sha256.js'
import {assembleDirectory, assembleRelease} from '../core/release/assemble-release.js'
import {understandConfig} from './load.js'
import {readConfigFolder} from './read-config-folder.js'
import {validateConfig} from './validate.js'

export const sideOf = (config: Config): Side => ({
  release: assembleRelease(config),
  directory: assembleDirectory(config),
})

export interface Rehearsed {
  readonly rehearsal: Rehearsal
  readonly greeter: Greeter
}

export function rehearseConfig(config: Config, fromMs: number, untilMs: number): Rehearsed {
  const {release, directory} = sideOf(config)
  return {rehearsal: rehearse(release, directory, fromMs, untilMs), greeter: createGreeter(release, directory)}
}

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
  return rehearseConfig(config, fromMs, untilMs).rehearsal.digest
}

/** The difference of experiences against another folder; what is broken there counts as not there. */
export async function experiencesSince(
  config: Config,
  baseFolder: string,
  fromMs: number,
  untilMs: number,
): Promise<Experience[]> {
  const base = await validateConfig(baseFolder, fromMs, 'structure')
  return compareExperiences(sideOf(base.loaded.config), sideOf(config), fromMs, untilMs)
}
