import TinyQueue from 'tinyqueue'
import type {Clock} from '../../scripts/core/ports.js'
import {sleep} from '../../scripts/runtime/sleep.js'

/** A clock that has to be stopped, since it keeps the process alive. */
export interface BenchClock extends Clock {
  stop(): void
}

/** The machine's time, `speed` times as fast. */
export function createScaledClock(speed: number): BenchClock {
  const sinceMs = performance.now()
  return {
    nowMs: () => performance.timeOrigin + sinceMs + (performance.now() - sinceMs) * speed,
    sleep: (ms, signal) => sleep(ms / speed, signal),
    stop: () => undefined,
  }
}

interface Sleeper {
  readonly untilMs: number
  readonly wake: () => void
}

/**
 * Time that stands still while anybody works: when all calls under way sleep, be it before they are sent or at the server
 * that answers them, the clock goes to the instant the first of them wakes. So the time of a machine that computes nothing
 * is measured, whatever this machine does besides.
 */
export function createSkippingClock(underway: () => number): BenchClock {
  const sleepers = new TinyQueue<Sleeper>([], (a, b) => a.untilMs - b.untilMs)
  let nowMs = performance.timeOrigin
  let isStopped = false
  const look = (): void => {
    const first = sleepers.peek()
    if (first !== undefined && sleepers.length >= underway()) {
      nowMs = Math.max(nowMs, first.untilMs)
      for (let next = sleepers.peek(); next !== undefined && next.untilMs <= nowMs; next = sleepers.peek()) {
        sleepers.pop()
        next.wake()
      }
    }
    if (!isStopped) setImmediate(look)
  }
  setImmediate(look)
  return {
    nowMs: () => nowMs,
    sleep: (ms) => new Promise((resolve) => sleepers.push({untilMs: nowMs + ms, wake: resolve})),
    stop() {
      isStopped = true
    },
  }
}
