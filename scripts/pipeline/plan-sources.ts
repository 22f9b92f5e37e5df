import {countTouchedPeople} from '../core/greet/touched-people.js'
import {digestOf} from '../core/model/canonical.js'
import type {Config} from '../core/model/config.js'
import type {Release} from '../core/model/release.js'
import type {Store} from '../core/ports.js'
import {assembleDirectory, assembleRelease} from '../core/release/assemble-release.js'
import type {PlanSources} from './plan.js'

/** What a checked configuration wants, measured against the release that is live. */
export async function planSources(
  config: Config,
  store: Pick<Store, 'readState' | 'readDocument'>,
  nowMs: number,
): Promise<PlanSources> {
  const release = assembleRelease(config)
  const directory = assembleDirectory(config)
  const {stable} = await store.readState()
  const before = stable === null ? null : await store.readDocument(stable)
  const live = before === null ? null : {release: JSON.parse(before) as Release, directory}
  const people = countTouchedPeople(live, {release, directory}, nowMs)
  return {config, release, directory, policyDigest: digestOf(config.policy.value), people, live: null}
}
