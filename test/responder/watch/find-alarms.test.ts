import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import type {OutcomeRecord} from '../../../scripts/core/model/outcome.js'
import {ALARM_KINDS, type AlarmKind} from '../../../scripts/core/respond/alarm-kinds.js'
import {createLookout} from '../../../scripts/core/respond/create-lookout.js'
import {type AlarmFacts, findAlarms} from '../../../scripts/core/respond/find-alarms.js'
import {findLeaversInCodes} from '../../../scripts/core/respond/find-leavers.js'
import {createNoCodeWatch} from '../../../scripts/core/respond/watch-no-code.js'
import {aRecord, HOUR_MS, MINUTE_MS, NOW_MS, sharesOf, someFacts, times} from './a-watch.js'

const keysOf = (facts: Partial<AlarmFacts>): string[] => findAlarms(someFacts(facts)).map(({key}) => key)
const shares = (...records: Partial<OutcomeRecord>[][]): Partial<AlarmFacts> => ({shares: sharesOf(records.flat())})

const FALLBACK: Partial<OutcomeRecord> = {outcome: 'sent_text_fallback', lessBecause: 'missing-facts'}
const REFUSED: Partial<OutcomeRecord> = {outcome: 'sent_text_fallback', payloadRefused: true, errcode: 41065}
const ago = (ms: number): Partial<OutcomeRecord> => ({finishedAtMs: NOW_MS - ms})
const versions = (forMs: number) => ({versions: {published: 8, behind: ['r2'], forMs}})

/** Facts that raise it, and the nearest facts that do not. */
const CASES: readonly (readonly [AlarmKind, string, Partial<AlarmFacts>, string, Partial<AlarmFacts>])[] = [
  [
    'secret-refused',
    'two tries in a row without a token',
    shares(times(5, {}), times(2, {outcome: 'token_error'})),
    'two tries without a token and one after them that went out',
    shares(times(2, {outcome: 'token_error'}), [{}]),
  ],
  [
    'secret-refused',
    'two since the start',
    shares(times(2, {outcome: 'token_error'})),
    'only one',
    shares([{outcome: 'token_error'}]),
  ],
  [
    'ip-not-trusted',
    'the newest try answered 60020',
    shares([{}, {outcome: 'no_permission', errcode: 60020}]),
    'a try answered otherwise after it',
    shares([{outcome: 'no_permission', errcode: 60020}, {}]),
  ],
  [
    'ip-not-trusted',
    'even if it is the first try ever',
    shares([{outcome: 'no_permission', errcode: 60020}]),
    'another permission that is missing',
    shares([{outcome: 'no_permission', errcode: 60011}]),
  ],
  [
    'quota-used-up',
    'one welcome lost less than ten minutes ago',
    shares([{outcome: 'rate_limited', ...ago(10 * MINUTE_MS - 1)}]),
    'one lost ten minutes ago',
    shares([{outcome: 'rate_limited', ...ago(10 * MINUTE_MS)}]),
  ],
  ['release-expired', 'an expired release', {isExpired: true}, 'one that is only stale', {isStale: true}],
  [
    'content-refused',
    'two refusals within the hour',
    shares([{...REFUSED, ...ago(HOUR_MS - 1)}, REFUSED]),
    'one of them older than an hour',
    shares([{...REFUSED, ...ago(HOUR_MS)}, REFUSED]),
  ],
  [
    'content-refused',
    'two refused templates, though the plain text went out',
    shares([REFUSED, REFUSED]),
    'two dead media ids, which are no fault of the content',
    shares(times(2, {...REFUSED, errcode: 40007})),
  ],
  [
    'another-app-first',
    'three of fifty-nine',
    shares(times(56, {}), times(3, {outcome: 'already_sent'})),
    'three of sixty, which are exactly five per cent',
    shares(times(57, {}), times(3, {outcome: 'already_sent'})),
  ],
  [
    'another-app-first',
    'three of four',
    shares([{}], times(3, {outcome: 'already_sent'})),
    'two of three, which may be chance',
    shares([{}], times(2, {outcome: 'already_sent'})),
  ],
  [
    'fallback-share',
    'six of a hundred',
    shares(times(94, {}), times(6, FALLBACK)),
    'five of a hundred, which are exactly five per cent',
    shares(times(95, {}), times(5, FALLBACK)),
  ],
  ['fallback-share', 'five of five', shares(times(5, FALLBACK)), 'four of four', shares(times(4, FALLBACK))],
  [
    'fallback-share',
    'six without their facts',
    shares(times(6, FALLBACK)),
    'six that were wanted so by a lockdown',
    shares(times(6, {...FALLBACK, lessBecause: 'lockdown'})),
  ],
  [
    'fallback-share',
    'six within a day',
    shares(times(6, {...FALLBACK, ...ago(24 * HOUR_MS - 1)})),
    'six of the day before',
    shares(times(6, {...FALLBACK, ...ago(24 * HOUR_MS)})),
  ],
  [
    'media-missing',
    'a missing medium five minutes after its release',
    {media: {fresh: 0, due: 0, expiring: 0, missing: 1}, release: {version: 7, ageMs: 5 * MINUTE_MS}},
    'a moment before that, while it may be under way',
    {media: {fresh: 0, due: 0, expiring: 0, missing: 1}, release: {version: 7, ageMs: 5 * MINUTE_MS - 1}},
  ],
  [
    'media-missing',
    'a part left out within the hour',
    shares([{leftOut: 1, ...ago(HOUR_MS - 1)}]),
    'one left out an hour ago',
    shares([{leftOut: 1, ...ago(HOUR_MS)}]),
  ],
  [
    'media-expiring',
    'one medium dies within twelve hours',
    {media: {fresh: 0, due: 0, expiring: 1, missing: 0}},
    'many are only due',
    {media: {fresh: 0, due: 9, expiring: 0, missing: 0}},
  ],
  [
    'release-stale',
    'a store that was unreadable for too long',
    {isStale: true, lastLookAgeMs: 6 * MINUTE_MS},
    'one that is old but not yet too old',
    {isStale: false, lastLookAgeMs: 4 * MINUTE_MS},
  ],
  [
    'versions-differ',
    'another version for over five minutes',
    versions(5 * MINUTE_MS + 1),
    'for five minutes',
    versions(5 * MINUTE_MS),
  ],
  ['live-directory-old', 'a directory that is too old', {isLiveDirectoryTooOld: true}, 'one that is not', {}],
  [
    'shared-state-lost',
    'a lost shared state',
    {isSharedStateLost: true},
    'a responder alone',
    {isSharedStateLost: null},
  ],
  [
    'disk-refuses',
    'a refusal less than five minutes ago',
    {diskTroubleAgeMs: 5 * MINUTE_MS - 1},
    'none for five minutes',
    {diskTroubleAgeMs: 5 * MINUTE_MS},
  ],
  ['clock-wrong', 'more than three seconds behind', {clockSkewMs: 3001}, 'three seconds', {clockSkewMs: 3000}],
  ['clock-wrong', 'more than three seconds ahead', {clockSkewMs: -3001}, 'three seconds', {clockSkewMs: -3000}],
  [
    'clock-wrong',
    'set less than an hour ago',
    {clockSetAgeMs: HOUR_MS - 1},
    'set an hour ago, and WeCom has not said',
    {clockSetAgeMs: HOUR_MS, clockSkewMs: null},
  ],
  [
    'member-without-codes',
    'a member who gets none',
    {membersWithoutCodes: ['zhang.san']},
    'nobody',
    {membersWithoutCodes: []},
  ],
  [
    'leaver-in-code',
    'somebody who left and stands in a code',
    {leavers: [{member: 'wang.wu', codes: ['tianhe']}]},
    'nobody',
    {leavers: []},
  ],
]

describe('an alarm is raised', () => {
  it.each(CASES.map(([kind, when, facts]) => [kind, when, facts] as const))('%s: by %s', (kind, _when, facts) => {
    expect(findAlarms(someFacts(facts)).map((alarm) => alarm.kind)).toContain(kind)
  })
  it.each(CASES.map(([kind, , , unless, facts]) => [kind, unless, facts] as const))(
    '%s: but not by %s',
    (kind, _unless, facts) => {
      expect(findAlarms(someFacts(facts)).map((alarm) => alarm.kind)).not.toContain(kind)
    },
  )
  it('by every kind there is, as these cases show', () => {
    expect([...new Set(CASES.map(([kind]) => kind))].sort()).toEqual([...ALARM_KINDS].sort())
  })
  it('never when all is well', () => {
    expect(findAlarms(someFacts())).toEqual([])
  })
})

describe('what an alarm says', () => {
  it('urgent ones come first', () => {
    const alarms = findAlarms(someFacts({isStale: true, isExpired: true, isSharedStateLost: true}))
    expect(alarms.map(({level}) => level)).toEqual(['urgent', 'warning', 'warning'])
  })
  it('one member is one alarm whatever the case of his userid', () => {
    expect(keysOf({membersWithoutCodes: ['Zhang.San', 'li.si']})).toEqual([
      'member-without-codes:zhang.san',
      'member-without-codes:li.si',
    ])
  })
  it('the runbook of a console welcome names both places to clear', () => {
    const [alarm] = findAlarms(someFacts({membersWithoutCodes: ['zhang.san']}))
    expect(alarm?.says.zh).toContain('zhang.san')
    expect(alarm?.mend.zh).toMatch(/欢迎语/)
    expect(alarm?.mend.zh).toContain('edit_welcome_msg')
  })
  it('what only one responder sees of itself is its own, and names it', () => {
    const alarms = findAlarms(
      someFacts({
        responder: 'store-2',
        isSharedStateLost: true,
        diskTroubleAgeMs: 0,
        clockSkewMs: 9000,
        isStale: true,
        isExpired: true,
        isLiveDirectoryTooOld: true,
      }),
    )
    expect(alarms.filter(({isOwn}) => isOwn).map(({kind}) => kind)).toEqual([
      'disk-refuses',
      'shared-state-lost',
      'clock-wrong',
    ])
    for (const {isOwn, says} of alarms) expect(says.zh.includes('store-2')).toBe(isOwn)
  })
  it('names cannot call people or write markup', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary'}), (name) => {
        const alarms = findAlarms(
          someFacts({
            responder: name,
            membersWithoutCodes: [name],
            leavers: [{member: name, codes: [name]}],
            isSharedStateLost: true,
            versions: {published: 1, behind: [name], forMs: HOUR_MS},
          }),
        )
        for (const {says} of alarms) expect(says.zh).not.toMatch(/[<>[\]*`\n\r]/)
      }),
    )
  })
  it('the same facts give the same alarms', () => {
    const facts = someFacts({isStale: true, membersWithoutCodes: ['a', 'b']})
    expect(findAlarms(facts)).toEqual(findAlarms(facts))
  })
})

describe('the window over what was just said', () => {
  it('holds the last hundred and no more', () => {
    const now = sharesOf([...times(6, FALLBACK), ...times(100, {})])
    expect([now.said, now.fallback]).toEqual([100, 0])
  })
  it('what was never tried is no part of the share', () => {
    const now = sharesOf([...times(50, {outcome: 'no_code' as const}), ...times(3, {outcome: 'already_sent' as const})])
    expect([now.tried, now.anotherFirst]).toEqual([3, 3])
  })
  it('counts never exceed what they are a share of', () => {
    const outcome = fc.constantFrom<OutcomeRecord['outcome']>(
      'sent',
      'already_sent',
      'sent_text_fallback',
      'token_error',
      'rate_limited',
      'no_code',
    )
    fc.assert(
      fc.property(fc.array(fc.record({outcome, leftOut: fc.nat(3)}), {maxLength: 300}), (records) => {
        const now = sharesOf(records)
        expect(now.said).toBeLessThanOrEqual(100)
        expect(now.fallback).toBeLessThanOrEqual(now.said)
        expect(now.anotherFirst).toBeLessThanOrEqual(now.tried)
        expect(now.tokenErrorsInARow).toBeLessThanOrEqual(now.tried)
      }),
    )
  })
})

describe('the lookout', () => {
  it('takes a refused write and a clock that was set from what is counted, and forgets neither', () => {
    let nowMs = NOW_MS
    const lookout = createLookout(() => nowMs)
    expect(lookout.at(nowMs)).toMatchObject({diskTroubleAgeMs: null, clockSetAgeMs: null})
    lookout.count('outcome_log_failed', 1)
    lookout.count('duplicate', 1)
    nowMs += 1000
    lookout.count('clock_jumped', 1)
    lookout.count('event_not_kept', 0)
    nowMs += 1000
    expect(lookout.at(nowMs)).toMatchObject({diskTroubleAgeMs: 2000, clockSetAgeMs: 1000})
  })
  it('sees what is recorded', () => {
    const lookout = createLookout(() => NOW_MS)
    lookout.observe(aRecord({outcome: 'already_sent'}))
    expect(lookout.at(NOW_MS).shares.anotherFirst).toBe(1)
  })
})

describe('members without codes', () => {
  it('are named as long as no code comes, and as long as they are added', () => {
    const watch = createNoCodeWatch()
    for (let n = 0; n < 3; n++) watch('Zhang.San', false, NOW_MS)
    expect(watch.alarmed(NOW_MS + 24 * HOUR_MS - 1)).toEqual(['Zhang.San'])
    expect(watch.alarmed(NOW_MS + 24 * HOUR_MS)).toEqual([])
    watch('zhang.san', true, NOW_MS)
    expect(watch.alarmed(NOW_MS)).toEqual([])
  })
})

describe('leavers in codes', () => {
  const member = (id: string, status: 'active' | 'disabled' | 'left') => ({
    id,
    status,
    departments: [],
    roles: [],
    attributes: {},
    facts: {},
  })
  const directory = {
    members: [member('wang.wu', 'left'), member('zhao.liu', 'disabled'), member('li.si', 'active')],
    transfers: [],
  }
  it('who left or is disabled is found with all codes he stands in, whatever the case', () => {
    const codes = [
      {id: 'tianhe', users: ['Wang.Wu', 'li.si']},
      {id: 'beijing', users: ['zhao.liu', 'wang.wu']},
    ]
    expect(findLeaversInCodes(codes, directory)).toEqual([
      {member: 'wang.wu', codes: ['beijing', 'tianhe']},
      {member: 'zhao.liu', codes: ['beijing']},
    ])
  })
  it('nobody the directory does not know is accused, and without a directory nobody is', () => {
    const codes = [{id: 'tianhe', users: ['stranger', 'wang.wu']}]
    expect(findLeaversInCodes([{id: 'tianhe', users: ['stranger']}], directory)).toEqual([])
    expect(findLeaversInCodes(codes, null)).toEqual([])
  })
})
