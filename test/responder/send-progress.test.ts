import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {findErrcodeAction, isHardRefusal} from '../../scripts/core/respond/errcode-action.js'
import {boundEventTime, eventText, findPurpose} from '../../scripts/core/respond/callback-event.js'
import {keyedHash} from '../../scripts/core/respond/keyed-hash.js'
import {
  advanceSend,
  mayStartTry,
  type SendAnswer,
  type SendProgress,
  startSend,
  tryTimeoutMs,
} from '../../scripts/core/respond/send-progress.js'
import {classifyWelcomeErrcode} from '../../scripts/wecom/welcome-calls.js'

/** Every code the page of send_welcome_msg lists, and some nobody lists. */
const ERRCODES = [
  -1, 0, 6000, 40001, 40007, 40014, 40039, 40058, 40063, 40094, 40096, 41049, 41050, 41051, 41053, 41064, 41065, 41096,
  42001, 44004, 45002, 45009, 45033, 45034, 48002, 60011, 60020, 84061, 84074, 90206, 90207, 90208, 701008, 12345,
  99999,
]

const anAnswer: fc.Arbitrary<{readonly answer: SendAnswer; readonly tookMs: number}> = fc.record({
  answer: fc.oneof(
    fc.constantFrom(...ERRCODES).map((errcode): SendAnswer => ({kind: 'answered', errcode})),
    fc.constant<SendAnswer>({kind: 'lost'}),
    fc.constant<SendAnswer>({kind: 'no-token'}),
  ),
  tookMs: fc.integer({min: 0, max: 4000}),
})

interface Run {
  readonly starts: number[]
  readonly endedAtMs: number
  readonly outcome: string
  readonly answers: number[]
}

/** Plays a list of answers; an answer later than the try's patience counts as lost. */
function play(answers: readonly {readonly answer: SendAnswer; readonly tookMs: number}[]): Run {
  let progress: SendProgress = startSend(0)
  let nowMs = 0
  const run = {starts: [] as number[], answers: [] as number[]}
  for (let index = 0; ; index++) {
    run.starts.push(nowMs)
    const {answer, tookMs} = answers[index % answers.length] ?? {answer: {kind: 'lost'} as const, tookMs: 4000}
    const patienceMs = tryTimeoutMs(progress, nowMs)
    nowMs += Math.min(tookMs, patienceMs)
    const heard: SendAnswer = tookMs > patienceMs ? {kind: 'lost'} : answer
    if (heard.kind === 'answered') run.answers.push(heard.errcode)
    const next = advanceSend(progress, heard, nowMs)
    progress = next.progress
    if (next.step.do === 'stop') return {...run, endedAtMs: nowMs, outcome: next.step.outcome}
    nowMs += next.step.waitMs
  }
}

describe('whatever the platform answers', () => {
  const answers = fc.array(anAnswer, {minLength: 1, maxLength: 12})

  it('every send ends, no try starts after 15 s, and all is over by 18 s', () => {
    fc.assert(
      fc.property(answers, (list) => {
        const {starts, endedAtMs} = play(list)
        expect(starts.every((startMs) => startMs <= 15_000)).toBe(true)
        expect(endedAtMs).toBeLessThanOrEqual(18_000)
        expect(starts.length).toBeLessThanOrEqual(25)
      }),
    )
  })

  it('after a success, or an answer that the code is spent, nothing is tried again', () => {
    fc.assert(
      fc.property(answers, (list) => {
        const {answers: heard} = play(list)
        const ends = [0, 41050, 41051, 41053, 45009, 60011]
        expect(heard.slice(0, -1).filter((errcode) => ends.includes(errcode))).toEqual([])
      }),
    )
  })

  it('an outcome that says sent had a success, or a spent code after a lost try', () => {
    fc.assert(
      fc.property(answers, (list) => {
        const {outcome, answers: heard} = play(list)
        if (outcome.startsWith('sent')) expect([0, 41051]).toContain(heard.at(-1))
      }),
    )
  })

  it('the same answers give the same end', () => {
    fc.assert(fc.property(answers, (list) => expect(play(list)).toEqual(play(list))))
  })
})

describe('edges of the budget', () => {
  it('a try may start in the fifteenth second and not a millisecond later', () => {
    expect([14_999, 15_000, 15_001].map((nowMs) => mayStartTry(startSend(0), nowMs))).toEqual([true, true, false])
  })

  it('a try has four seconds, or what is left until 18 s', () => {
    expect([0, 13_999, 14_000, 14_001, 15_000].map((nowMs) => tryTimeoutMs(startSend(0), nowMs))).toEqual([
      4000, 4000, 4000, 3999, 3000,
    ])
  })

  it('a refusal that comes too late for the plain text is rejected_payload', () => {
    const answer: SendAnswer = {kind: 'answered', errcode: 40058}
    expect(advanceSend(startSend(0), answer, 15_000).step).toMatchObject({do: 'try', waitMs: 0})
    expect(advanceSend(startSend(0), answer, 15_001).step).toEqual({do: 'stop', outcome: 'rejected_payload'})
  })

  it('a wait that would end after 15 s is not begun', () => {
    const answer: SendAnswer = {kind: 'answered', errcode: 41096}
    expect(advanceSend(startSend(0), answer, 14_000).step).toMatchObject({do: 'try', waitMs: 1000})
    expect(advanceSend(startSend(0), answer, 14_001).step).toEqual({do: 'stop', outcome: 'expired'})
  })
})

describe('the table of errcodes', () => {
  it('agrees with the client on which codes are about the content', () => {
    const differing = ERRCODES.filter(
      (errcode) => (findErrcodeAction(errcode) === 'payload') !== (classifyWelcomeErrcode(errcode) === 'payload'),
    )
    // A missing code is our own mistake: no plain text would mend it.
    expect(differing).toEqual([41049])
  })

  it('hard refusals come from the content alone', () => {
    expect(ERRCODES.filter(isHardRefusal)).toEqual([
      40039, 40058, 40063, 40094, 41064, 41065, 44004, 45002, 45034, 90206, 90207, 90208,
    ])
  })

  it('a code nobody lists is not retried as it is', () => {
    expect(findErrcodeAction(12345)).toBe('unlisted')
  })
})

describe('an event', () => {
  const event = {
    corpId: 'ww1',
    kind: 'add_external_contact',
    member: 'li.si',
    customer: 'wm1',
    welcomeCode: 'C1',
    createTimeSeconds: 100,
  }

  it.each([
    ['corpId', 'ww2'],
    ['kind', 'add_half_external_contact'],
    ['member', 'wang.wu'],
    ['customer', 'wm2'],
    ['welcomeCode', 'C2'],
    ['createTimeSeconds', 101],
  ])('with another %s is another event', (field, value) => {
    expect(eventText({...event, [field]: value})).not.toBe(eventText(event))
  })

  it('never names a counter by what a stranger sent', () => {
    fc.assert(
      fc.property(fc.string(), (kind) => {
        const purpose = findPurpose({kind})
        if (purpose.kind === 'count') expect(purpose.counter).toMatch(/^event_[a-z_]+$/)
      }),
    )
  })

  it.each([
    [100, 100_000, 100_000],
    [95, 100_000, 95_000],
    [94, 100_000, 95_000],
    [105, 100_000, 105_000],
    [106, 100_000, 105_000],
    [Number.NaN, 100_000, 100_000],
  ])('created at %p s and received at %p ms is decided for %p ms', (created, received, decided) => {
    expect(boundEventTime(created, received)).toBe(decided)
  })

  it('is hashed with the key: another key gives another hash', () => {
    expect(keyedHash('k1', 'wm1')).toBe(keyedHash('k1', 'wm1'))
    expect(keyedHash('k1', 'wm1')).not.toBe(keyedHash('k2', 'wm1'))
  })
})
