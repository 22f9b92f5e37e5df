import type {Clock, Lease, Store} from '../../core/ports.js'

/** Long enough for one slow upload; a holder that died is recognised earlier by the embedded store. */
const LOCK_TTL_MS = 600_000

export interface HeldLock {
  /** Renews when a third of the time is gone; throws StoreLocked when somebody else has taken the lock over. */
  renewIfDue(): Promise<void>
}

/** Does `work` under the store's lock and gives the lock back whatever happens. */
export async function holdLock<T>(
  {store, clock}: {readonly store: Pick<Store, 'lock'>; readonly clock: Pick<Clock, 'nowMs'>},
  holder: string,
  work: (lock: HeldLock) => Promise<T>,
): Promise<T> {
  const lease: Lease = await store.lock(holder, LOCK_TTL_MS)
  let renewedMs = clock.nowMs()
  try {
    return await work({
      async renewIfDue() {
        if (clock.nowMs() - renewedMs < LOCK_TTL_MS / 3) return
        renewedMs = clock.nowMs()
        await lease.renew()
      },
    })
  } finally {
    await lease.release()
  }
}
