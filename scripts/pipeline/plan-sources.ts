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
  const text = stable === null ? null : await store.readDocument(stable)
  const before = stable === null || text === null ? null : {digest: stable, release: JSON.parse(text) as Release}
  const said = before === null ? null : {release: before.release, directory}
  const people = countTouchedPeople(said, {release, directory}, nowMs)
  const policyDigest = digestOf(config.policy.value)
  return {config, release, directory, policyDigest, people, live: null, ...(before === null ? {} : {before})}
}
