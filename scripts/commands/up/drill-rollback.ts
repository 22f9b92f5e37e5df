import type {Asked} from '../../core/observe/choose-release.js'
import {rollBack, type RollbackOutcome} from '../../pipeline/rollback.js'
import type {LiveStack} from './live-stack.js'
import type {Show} from './show.js'
import type {Run} from './stages.js'
import {letCustomersAdd, type SyntheticAdd} from './synthetic-customers.js'

const DIGEST_SHOWN = 12
const DRILL = '演示里的演练'
/** What was added has been reported by then. */
const SETTLE_MS = 1500

/** What the drill showed; `null` where there is no earlier release. */
export interface Drill {
  readonly to: number
  readonly tookMs: number
  /** Of the customers who came meanwhile. */
  readonly heard: number
  readonly of: number
}

/** Everybody goes back to the release before, customers come, and everybody goes forward again. */
export async function drillRollback(
  run: Run,
  stack: LiveStack,
  adds: readonly SyntheticAdd[],
  show: Show,
): Promise<Drill | null> {
  const stable = (await run.store.readState()).promoted.at(-1)
  const back = await goTo(run, stack, {by: 'previous'})
  if (back === null || stable === undefined) return null
  const {number, digest} = back.to
  show.stage('rollback', {
    zh: `演练：凌晨发现新版有问题，一条命令 yingbin rollback --to previous，${seconds(back.tookMs)} 秒后应答服务说回第 ${number} 号发布（正式环境 15 秒内）`,
    en: `a drill: yingbin rollback --to previous, and ${seconds(back.tookMs)} s later the responder says release ${number} again (in earnest within 15 s)`,
  })
  await letCustomersAdd(stack.control, adds, adds.length)
  await run.clock.sleep(SETTLE_MS)
  const heard = (await run.store.readReports())
    .flatMap(({trials}) => trials)
    .filter(({manifestVersion, release}) => manifestVersion === back.version && release === digest).length
  show.line({
    zh: `这时来的 ${adds.length} 位客户，${heard} 位听到的是第 ${number} 号（其余按规则不说）；第 ${stable.number} 号 ${stable.digest.slice(0, DIGEST_SHOWN)} 已隔离，原样不会再自己上线`,
    en: `of ${adds.length} customers who came then, ${heard} heard release ${number}, the others nothing, by rule; release ${stable.number} ${stable.digest.slice(0, DIGEST_SHOWN)} is quarantined and does not ship again by itself`,
  })
  const forward = await goTo(run, stack, {by: 'number', number: stable.number})
  if (forward !== null)
    show.line({
      zh: `演练结束，yingbin rollback --to ${stable.number}：${seconds(forward.tookMs)} 秒后又是第 ${stable.number} 号`,
      en: `the drill is over, yingbin rollback --to ${stable.number}: release ${stable.number} again ${seconds(forward.tookMs)} s later`,
    })
  return {to: number, tookMs: back.tookMs, heard, of: adds.length}
}

type Gone = Extract<RollbackOutcome, {readonly kind: 'done'}> & {readonly tookMs: number}

async function goTo({store, clock, secrets}: Run, stack: LiveStack, asked: Asked): Promise<Gone | null> {
  const startMs = clock.nowMs()
  const outcome = await rollBack(
    {store, clock},
    {asked, reason: DRILL, who: 'up', holder: 'up', manifest: {privateKeyPem: secrets.release.privateKeyPem}},
  )
  if (outcome.kind !== 'done') return null
  await stack.untilRunning(outcome.version)
  return {...outcome, tookMs: clock.nowMs() - startMs}
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1)
