import {describe, expect, it} from '@jest/globals'
import {createSteadyTime, JUMP_MS, MAX_SKEW_MS, type SteadyEvent} from '../../scripts/core/respond/steady-time.js'
import {createSteadyClock} from '../../scripts/runtime/steady-clock.js'

const NOON = Date.parse('2026-11-24T12:00:00+08:00')

function aTime(startMs = NOON) {
  const events: SteadyEvent[] = []
  const machine = {wallMs: startMs, steadyMs: 5000}
  const time = createSteadyTime({...machine}, (event) => events.push(event))
  return {
    events,
    time,
    /** The machine's clocks go on, the calendar one may be set besides. */
    pass(ms: number, setByMs = 0) {
      machine.steadyMs += ms
      machine.wallMs += ms + setByMs
    },
    now: () => time.nowMs(machine),
    /** The platform says what time it really is. */
    hear: (platformMs: number) => time.notePlatformTime(platformMs, machine),
  }
}

describe('our time', () => {
  it('goes on as the machine’s does', () => {
    const {pass, now} = aTime()
    pass(1234)
    expect(now()).toBe(NOON + 1234)
  })

  it.each([3_600_000, -3_600_000, JUMP_MS + 1, -JUMP_MS - 1])(
    'does not follow a clock that is set by %d ms, and says so once',
    (byMs) => {
      const {pass, now, events} = aTime()
      now()
      pass(1000, byMs)
      expect(now()).toBe(NOON + 1000)
      pass(1000)
      expect(now()).toBe(NOON + 2000)
      expect(events).toEqual([{kind: 'jumped', byMs}])
    },
  )

  it('small corrections of the machine’s clock are no news', () => {
    const {pass, now, events} = aTime()
    pass(1000, JUMP_MS)
    expect([now(), events]).toEqual([NOON + 1000, []])
  })

  it('is set right when three answers of the platform agree that it is off by more than five seconds', () => {
    const {now, hear, events} = aTime(NOON - 3_600_000)
    hear(NOON)
    hear(NOON)
    expect([now(), events]).toEqual([NOON - 3_600_000, []])
    hear(NOON)
    expect(now()).toBe(NOON + 500)
    expect(events).toEqual([{kind: 'corrected', byMs: 3_600_500}])
  })

  it('one slow answer among good ones proves nothing', () => {
    const {hear, events} = aTime()
    for (let round = 0; round < 5; round += 1) {
      hear(NOON - 60_000)
      hear(NOON - 60_000)
      hear(NOON)
    }
    expect(events).toEqual([])
  })

  it('off by exactly what is allowed is left alone', () => {
    const {hear, events, time} = aTime()
    for (let round = 0; round < 5; round += 1) hear(NOON - 500 + MAX_SKEW_MS)
    expect([events, time.skewMs]).toEqual([[], MAX_SKEW_MS])
  })

  it('after a machine that slept, the platform brings it back', () => {
    const {pass, now, hear} = aTime()
    pass(0, 1_800_000)
    for (let round = 0; round < 3; round += 1) hear(NOON + 1_800_000)
    expect(now()).toBe(NOON + 1_800_500)
  })
})

describe('the clock of a responder', () => {
  it('reads the machine through the offset of a rehearsal', () => {
    const machine = {wall: NOON, steady: 0}
    const clock = createSteadyClock({
      offsetMs: 1000,
      onEvent: () => undefined,
      sources: {wallMs: () => machine.wall, steadyMs: () => machine.steady},
    })
    expect([clock.nowMs(), clock.skewMs]).toEqual([NOON + 1000, null])
    clock.notePlatformTime(NOON + 2000)
    expect(clock.skewMs).toBe(1500)
  })
})
