import {describe, expect, it} from '@jest/globals'
import {
  EVENT_APART_MS,
  EVENT_LONGEST_SETTLE_MS,
  EVENT_SETTLE_MS,
  isTooOld,
  nextReadAtMs,
  retryAfterMs,
} from '../../scripts/core/respond/live-due.js'

const MINUTE_MS = 60_000

describe('when the live directory is read next', () => {
  const LATER = 1_000_000
  const next = (firstMs: number, lastMs: number, lastEndMs = -EVENT_APART_MS) =>
    nextReadAtMs({lastEndMs, regularMs: LATER, events: {firstMs, lastMs}})

  it('at its regular pace while nothing happens', () => {
    expect(nextReadAtMs({lastEndMs: 0, regularMs: LATER, events: null})).toBe(LATER)
  })

  it('soon after an event, once it has been quiet', () => expect(next(500, 500)).toBe(500 + EVENT_SETTLE_MS))

  it('a storm that never grows quiet is not waited out', () => {
    expect(next(0, EVENT_LONGEST_SETTLE_MS - EVENT_SETTLE_MS - 1)).toBe(EVENT_LONGEST_SETTLE_MS - 1)
    expect(next(0, EVENT_LONGEST_SETTLE_MS)).toBe(EVENT_LONGEST_SETTLE_MS)
  })

  it('never sooner after the last read than the distance', () => expect(next(500, 500, 400)).toBe(400 + EVENT_APART_MS))

  it('never later than the regular pace', () => expect(next(LATER, LATER)).toBe(LATER))

  it('failures wait longer and longer, up to the regular pace', () => {
    expect([1, 2, 3, 4, 50].map((failures) => retryAfterMs(failures, 10 * MINUTE_MS) / MINUTE_MS)).toEqual([
      1, 2, 4, 8, 10,
    ])
  })

  it('is too old from 15 minutes on', () => {
    expect(isTooOld(1000, 1000 + 15 * MINUTE_MS - 1)).toBe(false)
    expect(isTooOld(1000, 1000 + 15 * MINUTE_MS)).toBe(true)
  })
})
