import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {canHaveSmallDisk} from './apply-disk.js'
import type {Finished} from './apply-finish.js'
import {copyProgram} from './apply-program.js'
import {type PreparedApply, prepareApply} from './apply-world.js'
import {countApply, diskFullAfter, killAt, type PlayApply, signalAt, twoAtOnce, type Undisturbed} from './play-apply.js'

/** One way in which an apply is disturbed, at one or many places of it. */
export interface ApplyFault {
  readonly what: 'apply'
  readonly how: string
  /** Everything that may be played; kills are at every call. */
  plays(undisturbed: Undisturbed): readonly PlayApply[]
}

export interface ApplyResult {
  readonly played: number
  readonly possible: number
  /** Of those played, after how many a person was needed. */
  readonly withPerson: number
  readonly duplicates: number
  /** Runs of apply after the fault. */
  readonly mostRuns: number
  readonly problems: readonly string[]
}

const DISK_SIZES = 12
/** Early, while there are steps that have not begun: dozens of calls are under way at once. */
const SIGNAL_PLACES = [0.02, 0.05, 0.1, 0.15, 0.2, 0.25]

const kills = (how: string, when: 'before' | 'after'): ApplyFault => ({
  what: 'apply',
  how,
  plays: ({calls}) => Array.from({length: calls}, (_, index) => killAt(index + 1, when)),
})

const signals = (signal: 'SIGTERM' | 'SIGINT'): ApplyFault => ({
  what: 'apply',
  how: `收到 ${signal}：做完在途的，其余列为跳过`,
  plays: ({calls}) => SIGNAL_PLACES.map((share) => signalAt(Math.ceil(calls * share), signal)),
})

const diskFull: ApplyFault = {
  what: 'apply',
  how: '存储的磁盘写满（ENOSPC），之后腾出空间',
  plays: ({kib}) =>
    Array.from({length: DISK_SIZES}, (_, index) => diskFullAfter(Math.floor((kib * index) / DISK_SIZES))),
}

export const APPLY_FAULTS: readonly ApplyFault[] = [
  kills('kill -9，在每一次外部调用发出之前', 'before'),
  kills('kill -9，在每一次外部调用做完、答复到达之前', 'after'),
  signals('SIGTERM'),
  signals('SIGINT'),
  {what: 'apply', how: '两个 apply 同时开始', plays: () => [twoAtOnce]},
  ...(canHaveSmallDisk ? [diskFull] : []),
]

/** An apply to be disturbed: real processes, a store on the disk and the stand-in, for as long as `use` takes. */
export async function withPreparedApply(
  use: (prepared: PreparedApply, undisturbed: Undisturbed) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'yingbin-applies-'))
  try {
    const prepared = await prepareApply(await copyProgram(join(folder, 'program')), folder)
    await use(prepared, await countApply(prepared))
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

/** @param every 1 plays all of a long row, 3 every third; rows of a few are played whole */
export async function playApplyFault(
  fault: ApplyFault,
  prepared: PreparedApply,
  undisturbed: Undisturbed,
  every: number,
): Promise<ApplyResult> {
  const possible = fault.plays(undisturbed)
  const step = possible.length > DISK_SIZES ? every : 1
  const finished = await twoSideBySide(
    possible.filter((_, index) => index % step === 0),
    (play) => prepared.inCopy(play).catch(unfinished),
  )
  return {
    played: finished.length,
    possible: possible.length,
    withPerson: finished.filter(({settled}) => settled > 0).length,
    duplicates: finished.reduce((sum, {duplicates}) => sum + duplicates, 0),
    mostRuns: Math.max(...finished.map(({runs}) => runs)),
    problems: finished.flatMap(({problems}, index) =>
      problems.map((problem) => `${fault.how} [${index * step + 1}]: ${problem}`),
    ),
  }
}

const unfinished = (error: unknown): Finished => ({
  ...{runs: 0, settled: 0, duplicates: 0},
  problems: [error instanceof Error ? error.message : String(error)],
})

async function twoSideBySide<T, R>(items: readonly T[], use: (item: T) => Promise<R>): Promise<R[]> {
  const left = [...items.entries()]
  const results: R[] = []
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) results[next[0]] = await use(next[1])
  }
  await Promise.all([work(), work()])
  return results
}
