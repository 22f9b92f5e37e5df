import {StoreLocked, type Clock, type Lease} from '../core/ports.js'
import type {HolderProcess} from './holder-process.js'
import type {NumberedFiles} from './numbered-files.js'

/** One holding of the lock; its number is its fence. */
export interface Holding {
  readonly holder: string
  /** The process, so that one that died does not block until its time is over. */
  readonly process: string
  readonly untilMs: number
  readonly released: boolean
}

const KEPT = 16

export interface Lock {
  acquire(holder: string, ttlMs: number): Promise<Lease>
  /** Throws StoreLocked when this process held the lock and somebody else has taken it over since. */
  checkFence(): Promise<void>
}

/**
 * A lock of numbered holdings: whoever makes the next number holds it. A holding that has run out, or whose process is
 * gone, may be followed by the next number; the number is the fence. A holding that cannot be read blocks, since nobody knows whether it has run out.
 */
export function createLock(files: NumberedFiles<Holding>, clock: Clock, holders: HolderProcess): Lock {
  let mine: number | null = null

  const newest = async () => {
    for await (const holding of files.newestFirst()) return holding
    return null
  }

  async function checkFence(): Promise<void> {
    if (mine === null) return
    const now = await newest()
    if (now?.number !== mine) throw new StoreLocked(now?.ok ? now.value.holder : 'nobody: the lock was removed')
  }

  const isHeld = (holding: Holding): boolean =>
    !holding.released && clock.nowMs() < holding.untilMs && !holders.isGone(holding.process)

  async function acquire(holder: string, ttlMs: number): Promise<Lease> {
    const last = await newest()
    if (last && !last.ok) throw new StoreLocked(`a holder unknown (lock/${last.name}: ${last.why})`)
    if (last?.ok && isHeld(last.value)) throw new StoreLocked(last.value.holder)
    const fence = (last?.number ?? 0) + 1
    const holding = (released: boolean): Holding => ({
      holder,
      process: holders.self,
      untilMs: clock.nowMs() + ttlMs,
      released,
    })
    if (!(await files.create(fence, holding(false)))) throw new StoreLocked('another process that was faster')
    mine = fence
    await files.prune(KEPT)
    return {
      fence,
      async renew() {
        if (mine !== fence) throw new StoreLocked('nobody: this lock was released')
        await checkFence()
        await files.replace(fence, holding(false))
      },
      async release() {
        if (mine !== fence) return
        const now = await newest()
        mine = null
        if (now?.number === fence) await files.replace(fence, holding(true))
      },
    }
  }

  return {acquire, checkFence}
}
