import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import type {Alarm} from '../../../scripts/core/respond/alarm-kinds.js'
import {createTally} from '../../../scripts/core/respond/create-tally.js'
import {type AlarmNote, renderAlarms} from '../../../scripts/core/respond/render-alarms.js'
import {
  AlarmDesk,
  MAX_ROBOT_BYTES,
  MAX_WAITING,
  MESSAGES_APART_MS,
  OVER_AFTER_MS,
  REPEAT_AFTER_MS,
  RETRY_AFTER_MS,
  ROUND_MS,
  TURN_MS,
} from '../../../scripts/responder/alarm-desk.js'
import {createStepClock, type StepClock} from '../step-clock.js'
import {anAlarm, createTestLog, type Logged, MINUTE_MS, NOW_MS} from './a-watch.js'

interface Desk {
  readonly clock: StepClock
  readonly desk: AlarmDesk
  readonly told: string[]
  readonly lines: Logged[]
  readonly tally: ReturnType<typeof createTally>
  readonly stop: AbortController
  alarms: readonly Alarm[]
  robot: 'works' | 'fails' | 'hangs'
  isBroken: boolean
}

/** A desk whose loop runs; a round is due every {@link ROUND_MS}. */
function aDesk({
  clock = createStepClock(NOW_MS),
  takeTask = () => Promise.resolve(true),
  hasRobot = true,
}: {
  clock?: StepClock
  takeTask?: (task: string, ttlMs: number) => Promise<boolean>
  hasRobot?: boolean
} = {}): Desk {
  const {log, lines} = createTestLog()
  const tally = createTally({nowMs: () => clock.nowMs()})
  const told: string[] = []
  const tellOperators = async (markdown: string): Promise<void> => {
    if (made.robot === 'hangs') return new Promise(() => undefined)
    if (made.robot === 'fails') throw new Error('the robot says no')
    told.push(markdown)
  }
  const desk = new AlarmDesk({
    ports: {clock, random: {fraction: () => 0}, log, ...(hasRobot && {tellOperators})},
    share: {takeTask},
    tally,
    find: () => {
      if (made.isBroken) throw new Error('a bug')
      return made.alarms
    },
  })
  const made: Desk = {
    clock,
    desk,
    told,
    lines,
    tally,
    stop: new AbortController(),
    alarms: [],
    robot: 'works',
    isBroken: false,
  }
  void desk.run(made.stop.signal)
  return made
}

const counter = ({tally}: Desk, name: string): number =>
  tally.report({responder: 'r1', atMs: 0, manifestVersion: 0, stable: null, canary: null}).counters[name] ?? 0

describe('an alarm', () => {
  it('is told with the next round, with what to do about it, and counted by its kind', async () => {
    const made = aDesk()
    made.alarms = [anAlarm({says: {zh: '坏了', en: 'broken'}, mend: {zh: '修好它', en: 'mend it'}})]
    await made.clock.advance(ROUND_MS)
    expect(made.told).toHaveLength(1)
    expect(made.told[0]).toMatch(/告警.*坏了\n.*broken\n.*修好它/)
    expect(counter(made, 'alarm_kind_release_stale')).toBe(1)
  })
  it('that lasts is told again after an hour and not before', async () => {
    const made = aDesk()
    made.alarms = [anAlarm()]
    await made.clock.advance(ROUND_MS)
    await made.clock.advance(REPEAT_AFTER_MS - 1)
    expect(made.told).toHaveLength(1)
    await made.clock.advance(1)
    expect(made.told).toHaveLength(2)
    expect(made.told[1]).toContain('仍未恢复')
    expect(counter(made, 'alarm_kind_release_stale')).toBe(1)
  })
  it('that ends is told once as over, two minutes later', async () => {
    const made = aDesk()
    made.alarms = [anAlarm()]
    await made.clock.advance(ROUND_MS)
    made.alarms = []
    await made.clock.advance(OVER_AFTER_MS - 1)
    expect(made.told).toHaveLength(1)
    expect(made.desk.alarms).toHaveLength(1)
    await made.clock.advance(ROUND_MS)
    expect(made.told).toHaveLength(2)
    expect(made.told[1]).toContain('恢复')
    expect(made.desk.alarms).toEqual([])
    await made.clock.advance(2 * REPEAT_AFTER_MS)
    expect(made.told).toHaveLength(2)
  })
  it('that comes and goes within two minutes is one alarm', async () => {
    const made = aDesk()
    for (let n = 0; n < 20; n++) {
      made.alarms = n % 2 === 0 ? [anAlarm()] : []
      await made.clock.advance(MINUTE_MS)
    }
    expect(made.told).toHaveLength(1)
  })
  it('that comes back later is a new one', async () => {
    const made = aDesk()
    for (const alarms of [[anAlarm()], [], [anAlarm()]]) {
      made.alarms = alarms
      await made.clock.advance(OVER_AFTER_MS + ROUND_MS)
    }
    expect(made.told.map((text) => /告警<|恢复</.exec(text)?.[0])).toEqual(['告警<', '恢复<', '告警<'])
  })
  it('goes to the log as an error or a warning, and its end as a note', async () => {
    const made = aDesk({hasRobot: false})
    made.alarms = [anAlarm(), anAlarm({key: 'x', level: 'urgent'})]
    await made.clock.advance(ROUND_MS)
    made.alarms = []
    await made.clock.advance(OVER_AFTER_MS + ROUND_MS)
    expect(made.lines.map(({level}) => level)).toEqual(['warn', 'error', 'info', 'info'])
  })
})

describe('a look that breaks', () => {
  it('ends neither the desk nor an alarm, and is told in the log', async () => {
    const made = aDesk()
    made.alarms = [anAlarm()]
    await made.clock.advance(ROUND_MS)
    made.isBroken = true
    await made.clock.advance(2 * OVER_AFTER_MS)
    expect(made.told).toHaveLength(1)
    expect(made.lines.at(-1)).toEqual({level: 'error', text: '{"kind":"Error"} looking for alarms broke'})
    made.isBroken = false
    made.alarms = [...made.alarms, anAlarm({key: 'next'})]
    await made.clock.advance(ROUND_MS)
    expect(made.told).toHaveLength(2)
    expect(made.desk.alarms).toHaveLength(2)
  })
})

describe('the robot', () => {
  it('gets many alarms in one message', async () => {
    const made = aDesk()
    made.alarms = Array.from({length: 5}, (_, n) => anAlarm({key: `k${n}`, says: {zh: `第 ${n} 件`, en: `no. ${n}`}}))
    await made.clock.advance(ROUND_MS)
    expect(made.told).toHaveLength(1)
    for (let n = 0; n < 5; n++) expect(made.told[0]).toContain(`第 ${n} 件`)
  })
  it('is never asked twice within five seconds, however often the desk looks', async () => {
    const made = aDesk()
    const at: number[] = []
    for (let n = 0; n < 100; n++) {
      made.alarms = [...made.alarms, anAlarm({key: `k${n}`})]
      await made.desk.round()
      await made.clock.advance(700)
      while (at.length < made.told.length) at.push(made.clock.nowMs())
    }
    expect(made.told.length).toBeGreaterThan(5)
    expect(made.told.length).toBeLessThanOrEqual(Math.ceil((100 * 700) / MESSAGES_APART_MS) + 1)
  })
  it('that fails is asked again after half a minute, and nothing is lost', async () => {
    const made = aDesk()
    made.robot = 'fails'
    made.alarms = [anAlarm({says: {zh: '第一件', en: 'first'}})]
    await made.clock.advance(ROUND_MS)
    expect(counter(made, 'alarm_failed')).toBe(1)
    made.robot = 'works'
    await made.clock.advance(RETRY_AFTER_MS - ROUND_MS)
    expect(made.told).toEqual([])
    await made.clock.advance(ROUND_MS)
    expect(made.told).toHaveLength(1)
    expect(made.told[0]).toContain('第一件')
  })
  it('that hangs keeps no alarm from the log, and is given up after ten seconds', async () => {
    const made = aDesk()
    made.robot = 'hangs'
    made.alarms = [anAlarm({key: 'a'})]
    await made.clock.advance(ROUND_MS)
    made.alarms = [...made.alarms, anAlarm({key: 'b'})]
    await made.clock.advance(ROUND_MS)
    expect(made.lines.filter(({text}) => text.includes('"alarm":"b"'))).toHaveLength(1)
    await made.clock.advance(ROUND_MS)
    expect(counter(made, 'alarm_failed')).toBe(1)
    made.robot = 'works'
    await made.clock.advance(RETRY_AFTER_MS + ROUND_MS)
    expect(made.told).toHaveLength(1)
  })
  it('that fails for long is not kept more than two hundred notes for', async () => {
    const made = aDesk()
    made.robot = 'fails'
    made.alarms = Array.from({length: MAX_WAITING + 30}, (_, n) => anAlarm({key: `k${n}`}))
    await made.clock.advance(ROUND_MS)
    made.robot = 'works'
    await made.clock.advance(RETRY_AFTER_MS)
    const shown = (made.told[0]?.match(/告警</g) ?? []).length
    expect(made.told[0]).toContain(`另有 ${MAX_WAITING + 30 - shown} 条`)
  })
  it('that hangs keeps a stop waiting for two seconds at most', async () => {
    const made = aDesk()
    made.robot = 'hangs'
    made.alarms = [anAlarm()]
    await made.clock.advance(ROUND_MS)
    made.stop.abort()
    let isOver = false
    void made.desk.stop().then(() => (isOver = true))
    await made.clock.advance(1999)
    expect(isOver).toBe(false)
    await made.clock.advance(1)
    expect(isOver).toBe(true)
  })
  it('that is not there costs nothing', async () => {
    const made = aDesk({hasRobot: false})
    made.alarms = [anAlarm()]
    await made.clock.advance(REPEAT_AFTER_MS)
    expect(counter(made, 'alarm_failed')).toBe(0)
  })
})

/** Tasks as responders share them: whoever asks first has it until its time is over. */
function sharedTasks(clock: StepClock) {
  const until = new Map<string, number>()
  return (task: string, ttlMs: number): Promise<boolean> => {
    if ((until.get(task) ?? 0) > clock.nowMs()) return Promise.resolve(false)
    until.set(task, clock.nowMs() + ttlMs)
    return Promise.resolve(true)
  }
}

describe('of several responders', () => {
  const two = () => {
    const clock = createStepClock(NOW_MS)
    const takeTask = sharedTasks(clock)
    return {clock, desks: [aDesk({clock, takeTask}), aDesk({clock, takeTask})] as const}
  }
  it('one tells what all see, one that it lasts, and one that it is over', async () => {
    const {clock, desks} = two()
    for (const desk of desks) desk.alarms = [anAlarm()]
    await clock.advance(ROUND_MS)
    expect(desks.flatMap(({told}) => told)).toHaveLength(1)
    await clock.advance(REPEAT_AFTER_MS)
    expect(desks.flatMap(({told}) => told)).toHaveLength(2)
    for (const desk of desks) desk.alarms = []
    await clock.advance(OVER_AFTER_MS + ROUND_MS)
    expect(desks.flatMap(({told}) => told)).toHaveLength(3)
    expect(desks.flatMap(({told}) => told).filter((text) => text.includes('>恢复<'))).toHaveLength(1)
  })
  it('each tells what only it sees of itself', async () => {
    const {clock, desks} = two()
    for (const desk of desks) desk.alarms = [anAlarm({isOwn: true})]
    await clock.advance(ROUND_MS)
    expect(desks.map(({told}) => told.length)).toEqual([1, 1])
  })
  it('what comes back soon after it was over is told again', async () => {
    const {clock, desks} = two()
    for (const alarms of [[anAlarm()], [], [anAlarm()]]) {
      for (const desk of desks) desk.alarms = alarms
      await clock.advance(OVER_AFTER_MS + ROUND_MS)
    }
    expect(2 * (OVER_AFTER_MS + ROUND_MS)).toBeLessThan(TURN_MS)
    expect(desks.flatMap(({told}) => told).filter((text) => text.includes('>告警<'))).toHaveLength(2)
  })
})

describe('the message', () => {
  const note = (zh: string, changes: Partial<Alarm> = {}, what: AlarmNote['what'] = 'new'): AlarmNote => ({
    alarm: anAlarm({...changes, says: {zh, en: zh}}),
    what,
    sinceMs: NOW_MS - 3 * MINUTE_MS,
  })
  it('never exceeds what a robot takes, cuts no line, and accounts for every note', () => {
    const says = fc.string({unit: fc.constantFrom('客', '户', 'a', '😀'), minLength: 1, maxLength: 400})
    fc.assert(
      fc.property(fc.array(says, {maxLength: 60}), fc.nat(50), (texts, dropped) => {
        const message = renderAlarms(
          texts.map((text) => note(text)),
          dropped,
          NOW_MS,
          MAX_ROBOT_BYTES,
        )
        expect(Buffer.byteLength(message)).toBeLessThanOrEqual(MAX_ROBOT_BYTES)
        const shown = (message.match(/告警</g) ?? []).length
        const more = Number(/另有 (\d+) 条/.exec(message)?.[1] ?? 0)
        expect(shown + more).toBe(texts.length + dropped)
        expect((message.match(/处理：检查网络/g) ?? []).length).toBe(shown)
      }),
    )
  })
  it('begins with what matters most', () => {
    const message = renderAlarms(
      [note('甲', {}, 'lasts'), note('乙', {}, 'over'), note('丙'), note('丁', {level: 'urgent'})],
      0,
      NOW_MS,
      MAX_ROBOT_BYTES,
    )
    const order = [...message.matchAll(/<\/font>(?:【紧急】)? (.)/g)].map(([, zh]) => zh)
    expect(order).toEqual(['丁', '丙', '乙', '甲'])
  })
  it('tells how long it lasted', () => {
    expect(renderAlarms([note('甲', {}, 'over')], 0, NOW_MS, MAX_ROBOT_BYTES)).toContain('历时 3 分钟')
  })
})
