import {performance} from 'node:perf_hooks'
import type {Clock} from '../core/ports.js'
import {createSteadyTime, type SteadyEvent} from '../core/respond/steady-time.js'
import {sleep} from './sleep.js'

export interface SteadyClock extends Clock {
  /** The platform has just said what time it is. */
  notePlatformTime(platformMs: number): void
  /** How far the platform's time lies before ours; `null` before it said anything. */
  readonly skewMs: number | null
}

export interface SteadyClockOptions {
  readonly offsetMs?: number
  readonly onEvent: (event: SteadyEvent) => void
  /** The machine's calendar clock and its counter, both in milliseconds. */
  readonly sources?: {wallMs(): number; steadyMs(): number}
}

/** A clock that a jump of the machine's own does not move, and that the platform's time sets right. */
export function createSteadyClock({
  offsetMs = 0,
  onEvent,
  sources = {wallMs: () => Date.now(), steadyMs: () => performance.now()},
}: SteadyClockOptions): SteadyClock {
  const now = () => ({wallMs: sources.wallMs() + offsetMs, steadyMs: sources.steadyMs()})
  const time = createSteadyTime(now(), onEvent)
  return {
    nowMs: () => time.nowMs(now()),
    notePlatformTime: (platformMs) => time.notePlatformTime(platformMs, now()),
    get skewMs() {
      return time.skewMs
    },
    sleep,
  }
}
