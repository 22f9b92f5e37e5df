import type {Step} from '../../core/model/plan.js'
import type {Words} from '../../core/model/words.js'
import {createWaitingSteps} from './waiting-steps.js'

export type StepStatus = 'done' | 'failed' | 'skipped' | 'ambiguous'

/** How one step ended, in words. */
export interface StepReport {
  readonly key: string
  readonly kind: Step['kind']
  readonly action: Step['action']
  readonly status: StepStatus
  readonly says: Words
  readonly errcode?: number
}

export interface Progress {
  readonly report: StepReport
  readonly finished: number
  readonly total: number
  /** How long the rest takes at the pace so far. */
  readonly etaMs: number
}

export interface RunOptions {
  readonly concurrency: number
  readonly perform: (step: Step) => Promise<StepReport>
  readonly onProgress?: ((progress: Progress) => void) | undefined
  readonly nowMs: () => number
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs steps as soon as those they need are done, a few at a time; a need that is not among the steps counts as met. One
 * failure stops its dependants only. After an abort no step is begun any more and those under way are finished. When
 * `perform` throws, nothing more is begun, those under way are finished, and the error is thrown on.
 */
export async function runSteps(steps: readonly Step[], options: RunOptions): Promise<StepReport[]> {
  const {concurrency, perform, signal} = options
  const reports = new Map<string, StepReport>()
  const waiting = createWaitingSteps(steps, reports)
  const tell = createTeller(reports, steps.length, options)
  const faults: unknown[] = []
  let running = 0
  let wake = (): void => undefined

  const finish = (report: StepReport): void => {
    reports.set(report.key, report)
    waiting.noteReport(report.key)
    tell(report)
  }
  const begin = async (step: Step): Promise<void> => {
    running += 1
    try {
      finish(await perform(step))
    } catch (error) {
      faults.push(error)
    }
    running -= 1
    wake()
  }
  const settle = (): void => {
    while (running < concurrency && !isStopped()) {
      const due = waiting.take()
      if (due === undefined) return
      if (due.failedNeed === undefined) void begin(due.step)
      else finish(skipped(due.step, needFailed(due.failedNeed)))
    }
    if (isStopped()) for (const step of waiting.takeRest()) finish(skipped(step, STOPPED))
  }
  const isStopped = (): boolean => faults.length > 0 || signal?.aborted === true

  settle()
  // What still waits when nothing runs are steps that need each other; they get no report.
  while (running > 0) {
    await new Promise<void>((resolve) => (wake = resolve))
    settle()
  }
  if (faults.length > 0) throw faults[0]
  return steps.flatMap(({key}) => reports.get(key) ?? [])
}

function createTeller(reports: ReadonlyMap<string, StepReport>, total: number, {onProgress, nowMs}: RunOptions) {
  const startedMs = nowMs()
  return (report: StepReport): void => {
    const finished = reports.size
    const etaMs = Math.round(((nowMs() - startedMs) / finished) * (total - finished))
    onProgress?.({report, finished, total, etaMs})
  }
}

const skipped = ({key, kind, action}: Step, says: Words): StepReport => ({key, kind, action, status: 'skipped', says})

const STOPPED: Words = {zh: '已停止，没有开始', en: 'stopped before it began'}
const needFailed = (key: string): Words => ({
  zh: `没有开始：它需要的「${key}」没有完成`,
  en: `not begun: "${key}", which it needs, was not done`,
})
