import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {classifyErrcode} from '../../scripts/wecom/classify-errcode.js'
import {decideRetry, isAmbiguous, type Attempts, type Failure} from '../../scripts/wecom/decide-retry.js'
import {findMend} from '../../scripts/wecom/errcode-mends.js'
import {ERRCODES} from '../../scripts/wecom/errcodes.js'
import {maskErrmsg} from '../../scripts/wecom/errors.js'
import {retryDelayMs} from '../../scripts/wecom/retry-delay.js'

const codesWith = (retryable: string) =>
  [...ERRCODES.values()].filter((entry) => entry.retryable === retryable).map(({code}) => code)

describe('the errcode table', () => {
  it('holds every code once, each with both languages', () => {
    expect(ERRCODES.size).toBe(225)
    for (const {code, en, zh} of ERRCODES.values()) {
      expect(Number.isInteger(code)).toBe(true)
      expect(en.length).toBeGreaterThan(3)
      expect(zh.length).toBeGreaterThan(1)
    }
  })

  it('asks for a new token, a pause or another try only where the platform does', () => {
    expect(codesWith('after-refresh')).toEqual([40014, 42001])
    expect(codesWith('yes')).toEqual([-1, 41096, 301022, 301057, 830003])
    expect(codesWith('after-wait')).toEqual([
      6000, 40100, 40129, 41063, 45009, 45033, 45035, 81026, 90507, 301096, 302008,
    ])
  })

  it('marks what only forums know', () => {
    const unconfirmed = [...ERRCODES.values()].filter(({confirmed}) => !confirmed).map(({code}) => code)
    expect(unconfirmed).toEqual([45035, 301070, 301075, 301112])
  })

  it('has a mend only for codes it knows', () => {
    for (const code of [40001, 60020, 84074, 93000]) expect(findMend(code)?.zh).toMatch(/请/)
    expect(findMend(1)).toBeUndefined()
  })
})

describe('classifyErrcode', () => {
  it.each([
    [0, 'done'],
    [-1, 'retry'],
    [41096, 'retry'],
    [40014, 'refresh'],
    [42001, 'refresh'],
    [45009, 'wait'],
    [45033, 'wait'],
    [40001, 'give-up'],
    [41051, 'give-up'],
  ])('%i means %s', (code, decision) => {
    expect(classifyErrcode(code)).toEqual({decision, known: true})
  })

  it('gives up on a code that is not in the list and flags it', () => {
    expect(classifyErrcode(123_456)).toEqual({decision: 'give-up', known: false})
  })
})

describe('retryDelayMs', () => {
  it('doubles, is half random, and stops after the limit', () => {
    const low = [1, 2, 3, 4].map((number) => retryDelayMs({number, limit: 3}, () => 0))
    expect(low).toEqual([500, 1000, 2000, 'stop'])
    expect(retryDelayMs({number: 3, limit: 3}, () => 0.999_999)).toBe(4000)
  })

  it('never waits longer than 30 seconds', () => {
    fc.assert(
      fc.property(fc.integer({min: 1, max: 60}), fc.double({min: 0, max: 0.999, noNaN: true}), (number, chance) => {
        expect(retryDelayMs({number, limit: 60}, () => chance)).toBeLessThanOrEqual(30_000)
      }),
    )
  })
})

describe('decideRetry', () => {
  const fresh: Attempts = {retries: 0, limit: 3, refreshed: false, mayRepeat: true, usesToken: true}
  const answer = (errcode: number): Failure => ({kind: 'answer', errcode, errmsg: ''})
  const decide = (failure: Failure, changes: Partial<Attempts> = {}) =>
    decideRetry(failure, {...fresh, ...changes}, () => 0).does

  it('replaces a refused token once, never a second time, and never for gettoken itself', () => {
    expect(decide(answer(42001))).toBe('refresh-token')
    expect(decide(answer(42001), {refreshed: true})).toBe('stop')
    expect(decide(answer(40014), {usesToken: false})).toBe('stop')
    expect(decide(answer(40014), {mayRepeat: false})).toBe('refresh-token')
  })

  it('does not loop on a wrong secret', () => {
    expect(decide(answer(40001))).toBe('stop')
  })

  it('leaves 45009 to the quota, also for creates', () => {
    expect(decide(answer(45009), {mayRepeat: false, retries: 3})).toBe('wait-for-quota')
  })

  it('tries creates again only when nothing can have happened', () => {
    const create = {mayRepeat: false}
    expect(decide(answer(45033), create)).toBe('pause')
    expect(decide({kind: 'network', symptom: 'ENOTFOUND', reached: false, lasting: false}, create)).toBe('pause')
    expect(decide({kind: 'network', symptom: 'EPIPE', reached: true, lasting: false}, create)).toBe('stop')
    for (const failure of [answer(-1), answer(6000), {kind: 'timeout'}, {kind: 'malformed'}] as const) {
      expect(decide(failure, create)).toBe('stop')
    }
  })

  it('does not retry a certificate that is wrong today and tomorrow', () => {
    expect(decide({kind: 'network', symptom: 'CERT_HAS_EXPIRED', reached: false, lasting: true})).toBe('stop')
  })

  it('retries HTTP 500 and 429 but no other client error', () => {
    expect([499, 429, 500, 400, 301].map((status) => decide({kind: 'http-status', status}))).toEqual([
      'stop',
      'pause',
      'pause',
      'stop',
      'stop',
    ])
  })

  it('never calls a read ambiguous, and a write only when its outcome is open', () => {
    const open: Failure[] = [answer(-1), {kind: 'http-status', status: 500}, {kind: 'timeout'}, {kind: 'aborted'}]
    const settled: Failure[] = [answer(40058), {kind: 'http-status', status: 404}]
    expect(open.map((failure) => isAmbiguous(failure, false))).toEqual([true, true, true, true])
    expect(settled.map((failure) => isAmbiguous(failure, false))).toEqual([false, false])
    expect([...open, ...settled].some((failure) => isAmbiguous(failure, true))).toBe(false)
  })
})

describe('maskErrmsg', () => {
  it('keeps what names a field and drops hint, address and link', () => {
    const errmsg =
      'invalid Request Parameter: text.content, hint: [17000000001], from ip: 203.0.113.9, more info at https://x.example'
    expect(maskErrmsg(errmsg)).toBe('invalid Request Parameter: text.content')
  })

  it('drops ids of customers, long runs, phone-like digits and Chinese names', () => {
    const errmsg = 'user wmAAAA1 of 王小明 400-000-0000 13800000000 token Zk3PuW9xQ7bVtRsL2mNcD'
    const masked = maskErrmsg(errmsg)
    for (const secret of ['wmAAAA1', '王', '13800000000', 'Zk3P']) expect(masked).not.toContain(secret)
  })
})
