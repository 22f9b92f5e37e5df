import type {CanaryDecision} from '../../core/canary/evaluate-canary.js'
import {foldReports} from '../../core/observe/fold-reports.js'
import type {Door, ExitCode} from '../door.js'
import type {Drill} from './drill-rollback.js'
import type {LiveStack} from './live-stack.js'
import type {Show} from './show.js'
import {renderOutcomes} from './show-outcomes.js'
import {planRun, type Run} from './stages.js'

/** The last reports have come in by then. */
const SETTLE_MS = 1500

/** How the stages before went. */
export interface Ended {
  readonly decision: CanaryDecision | null
  readonly drill: Drill | null
  readonly isFault: boolean
}

/** Shows what was said by which release, and that nothing is left to do. */
export async function finish(
  run: Run,
  stack: LiveStack,
  {decision, drill, isFault}: Ended,
  show: Show,
  keep: boolean,
  door: Door,
): Promise<ExitCode> {
  const {store, clock} = run
  await clock.sleep(SETTLE_MS)
  const observed = foldReports(await store.readReports())
  show.stage('observe', {zh: '什么人听到了什么：', en: 'what was said by which release:'})
  show.block(renderOutcomes(observed, show.language))
  const rolledBack = decision?.verdict === 'rollback'
  const again = rolledBack ? null : (await planRun(run)).made.plan
  if (again)
    show.line(
      again.steps.length === 0
        ? {zh: '再做一次计划：空，没有要做的事。', en: 'A second plan is empty: nothing to do.'}
        : {
            zh: `再做一次计划：还有 ${again.steps.length} 步`,
            en: `a second plan still has ${again.steps.length} steps`,
          },
    )
  if (rolledBack)
    show.line({
      zh: '灰度发现问题并自动回滚：其余客户没有听到新版，坏的发布已隔离。',
      en: 'The canary caught it and rolled back by itself: nobody else heard the release, which is quarantined.',
    })
  if (keep) await keepRunning(stack, show, door)
  const isFine = isFault ? rolledBack : again?.steps.length === 0
  return show.end(isFine ? 'ok' : 'refused', {
    decision: decision && {verdict: decision.verdict, because: decision.because[show.language]},
    evidence: decision?.evidence ?? null,
    rollback: drill,
    arms: observed.arms,
    latency: {p50Ms: observed.p50Ms, p99Ms: observed.p99Ms},
    secondPlanSteps: again?.steps.length ?? null,
  })
}

export async function keepRunning(stack: LiveStack, show: Show, door: Door): Promise<void> {
  show.line({
    zh: `沙箱和应答服务继续运行（Ctrl+C 结束）。可以试：`,
    en: 'Sandbox and responder go on running (Ctrl+C ends them). Try:',
  })
  for (const line of [
    'npx yingbin explain --member jiang.li --at 2026-11-28T02:00:00+08:00',
    `npx yingbin plan --store file:.yingbin/up/store`,
    `curl ${stack.responderUrl}/healthz`,
    `curl ${stack.sandboxUrl}/__sandbox/welcomes?last=3`,
  ])
    show.line({zh: `  ${line}`, en: `  ${line}`})
  await new Promise<void>((done) =>
    door.signal.aborted ? done() : door.signal.addEventListener('abort', () => done(), {once: true}),
  )
}
