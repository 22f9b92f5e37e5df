/**
 * Resolves after `ms`, or rejects with the signal's own reason when it is aborted. Unlike node:timers/promises it makes no
 * error of its own for every sleep that is not needed any more, which is nearly all of them.
 */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(reasonOf(signal))
    const leave = (): void => {
      clearTimeout(timer)
      reject(reasonOf(signal))
    }
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      },
      Math.max(0, ms),
    )
    signal?.addEventListener('abort', leave, {once: true})
  })
}

const reasonOf = (signal: AbortSignal | undefined): Error =>
  signal?.reason instanceof Error ? signal.reason : new Error('aborted')
