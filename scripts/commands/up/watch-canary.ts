import type {CanaryDecision} from '../../core/canary/evaluate-canary.js'
import type {Plan} from '../../core/model/plan.js'
import {runCanary} from '../../pipeline/canary.js'
import type {LiveStack} from './live-stack.js'
import type {Show} from './show.js'
import type {Run} from './stages.js'
import {CONCURRENCY, letCustomersAdd, type SyntheticAdd} from './synthetic-customers.js'

const BATCH = 200
/** The shortest observation is 10 minutes in earnest; here the evidence alone decides, and this is said. */
const DEMO_OBSERVE_MIN_MS = 0
/** What was added has been reported and looked at by then. */
const SETTLE_MS = 2500

/**
 * Lets the customers add while the canary is watched; answers with what was decided. The spare ones come only where chance
 * brought so few canary customers that nothing is known yet.
 */
export async function watchCanary(
  run: Run,
  plan: Plan,
  stack: LiveStack,
  adds: readonly SyntheticAdd[],
  spare: readonly SyntheticAdd[],
  show: Show,
): Promise<CanaryDecision> {
  const {store, clock, randomness, config, secrets, signal} = run
  const stopAdding = new AbortController()
  const running = (await store.readManifest())?.manifest
  // A canary that an earlier run began for this release goes on under its own manifest.
  const version = running?.canary?.digest === plan.release.after ? running.version : (running?.version ?? 0) + 1
  const watching = runCanary(
    {store, clock, randomness},
    {
      plan,
      policy: config.policy.value,
      timezone: config.enterprise.value.timezone,
      manifest: {privateKeyPem: secrets.release.privateKeyPem},
      lookEveryMs: 300,
      observeMinMs: DEMO_OBSERVE_MIN_MS,
      onLook: show.look,
      signal: AbortSignal.any([signal, stopAdding.signal]),
    },
  )
  show.stage('canary', {
    zh: '5% 的客户先听新版（正式环境至少观察 10 分钟；演示里只看证据）',
    en: '5 % of the customers hear it first (in earnest for 10 minutes at least; here the evidence alone decides)',
  })
  let settled = false
  const decided = watching.finally(() => (settled = true))
  const adding = (async () => {
    try {
      await stack.untilRunning(version)
      for (const batch of batchesOf(adds)) await letCustomersAdd(stack.control, batch, CONCURRENCY)
      await clock.sleep(SETTLE_MS)
      for (const batch of batchesOf(spare)) {
        if (settled) break
        await letCustomersAdd(stack.control, batch, CONCURRENCY)
        await clock.sleep(SETTLE_MS)
      }
    } finally {
      stopAdding.abort()
    }
  })()
  const [{decision}] = await Promise.all([decided, adding])
  const heard = (await store.readReports())
    .flatMap(({trials}) => trials)
    .filter(({manifestVersion}) => manifestVersion === version)
  const inCanary = heard.filter(({arm}) => arm === 'canary').length
  const percent = ((inCanary / Math.max(1, heard.length)) * 100).toFixed(1)
  show.line({
    zh: `实测灰度比例 ${percent}%（${heard.length} 位客户里 ${inCanary} 位听到新版）`,
    en: `measured share ${percent}% (${inCanary} of ${heard.length} customers heard the new release)`,
  })
  return decision
}

const batchesOf = (adds: readonly SyntheticAdd[]): SyntheticAdd[][] =>
  Array.from({length: Math.ceil(adds.length / BATCH)}, (_, index) => adds.slice(index * BATCH, (index + 1) * BATCH))
