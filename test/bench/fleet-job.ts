/** `node --expose-gc fleet.mjs EVENTS REPLICAS dying|living` plays so many events into a fleet and tells what became of them. */
import {playFleet} from '../responder/fleet.js'

const ROUGH = {lostBefore: 0.03, lostAfter: 0.03, busy: 0.02, refusedPayload: 0.05, slow: 0.01}
const PER_SECOND = 400
const DIES_EVERY_MS = 120_000

const [events = '0', replicas = '1', fate = 'dying'] = process.argv.slice(2)
const heapMiB: number[] = []
const startedAt = performance.now()
const result = await playFleet({
  ...{seed: 1, events: Number(events), replicas: Number(replicas), perSecond: PER_SECOND, weather: ROUGH},
  ...(fate === 'dying' && {diesEveryMs: DIES_EVERY_MS}),
  onProgress() {
    globalThis.gc?.()
    heapMiB.push(process.memoryUsage().heapUsed / 2 ** 20)
  },
})
process.stdout.write(JSON.stringify({...result, heapMiB, wallMs: performance.now() - startedAt}))
process.exit(0)
