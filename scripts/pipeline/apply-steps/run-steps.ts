import type {Step} from '../../core/model/plan.js'
import type {Words} from '../../core/model/words.js'

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
  const finish = createFinisher(reports, steps.length, options)
  const keys = new Set(steps.map(({key}) => key))
  const running = new Set<Promise<void>>()
  const faults: unknown[] = []
  const isStopped = (): boolean => faults.length > 0 || signal?.aborted === true

  const start = (step: Step): void => {
    const work = perform(step)
      .then(finish, (error: unknown) => {
        faults.push(error)
      })
      .finally(() => running.delete(work))
    running.add(work)
  }
  /** Begins or skips a step; `false` when it has to wait. */
  const settle = (step: Step): boolean => {
    const unmet = step.needs.find((key) => keys.has(key) && reports.get(key)?.status !== 'done')
    if (isStopped()) finish(skipped(step, STOPPED))
    else if (unmet === undefined) start(step)
    else if (reports.has(unmet)) finish(skipped(step, needFailed(unmet)))
    else return false
    return true
  }

  let waiting = [...steps]
  do {
    const left: Step[] = []
    for (const [index, step] of waiting.entries()) {
      if (running.size >= concurrency && !isStopped()) {
        left.push(...waiting.slice(index))
        break
      }
      if (!settle(step)) left.push(step)
    }
    waiting = left
    if (running.size > 0) await Promise.race(running)
  } while (running.size > 0 || (waiting.length > 0 && !isStuck(waiting, reports, keys)))
  if (faults.length > 0) throw faults[0]
  return steps.flatMap(({key}) => reports.get(key) ?? [])
}

/** Nothing waits for a step that will ever end: only steps that need each other could do that. */
const isStuck = (
  waiting: readonly Step[],
  reports: ReadonlyMap<string, StepReport>,
  keys: ReadonlySet<string>,
): boolean => waiting.every(({needs}) => needs.some((key) => keys.has(key) && !reports.has(key)))

function createFinisher(reports: Map<string, StepReport>, total: number, {onProgress, nowMs}: RunOptions) {
  const startedMs = nowMs()
  return (report: StepReport): void => {
    reports.set(report.key, report)
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
