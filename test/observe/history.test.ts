import {describe, expect, it} from '@jest/globals'
import type {PromotedRelease} from '../../scripts/core/model/plan.js'
import type {AuditEntry} from '../../scripts/core/ports.js'
import {chooseRelease, parseAsked} from '../../scripts/core/observe/choose-release.js'
import {assembleHistory, type History, stableAt} from '../../scripts/core/observe/history.js'

const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string]
const release = (number: number, digest: string, atMs = number * 1000): PromotedRelease => ({
  ...{number, digest, atMs, planDigest: `plan-${number}`, commit: `commit-${number}`, approvers: ['lin-mkt']},
})
const rolledBack = (atMs: number, from: string, to: string): AuditEntry => ({
  ...{atMs, what: 'rolled-back', who: 'wu-hao'},
  details: {reason: '坏链接', from, to, toNumber: 1, version: 9},
})
const history = (
  promoted: readonly PromotedRelease[],
  stable: string | null,
  {quarantined = [], audit = []}: {quarantined?: readonly string[]; audit?: readonly AuditEntry[]} = {},
): History => assembleHistory({promoted, stable, quarantined}, audit)
const THREE = [release(1, A), release(2, B), release(3, C)]
const numberOf = (chosen: ReturnType<typeof chooseRelease>): number | null =>
  'release' in chosen ? chosen.release.number : null

describe('the history', () => {
  it('is newest first, and says what is heard now and what is quarantined', () => {
    const {releases} = history(THREE, B, {quarantined: [C]})
    expect(releases.map(({number, isStable, isQuarantined}) => [number, isStable, isQuarantined])).toEqual([
      [3, false, true],
      [2, true, false],
      [1, false, false],
    ])
  })

  it('tells rollbacks by people and by canaries, and no other manifest', () => {
    const signed = (details: AuditEntry['details'], who = 'canary'): AuditEntry => ({
      atMs: 5,
      what: 'manifest-signed',
      who,
      details,
    })
    const audit = [
      signed({changed: 'canary directory', canary: B, stable: A, version: 3}),
      signed({changed: 'canary', canary: null, stable: A, version: 4}),
      signed({changed: 'canary stable', canary: null, stable: B, version: 5}, 'apply'),
      rolledBack(7, B, A),
    ]
    expect(history(THREE, A, {audit}).rollbacks).toEqual([
      {atMs: 7, who: 'wu-hao', by: 'person', reason: '坏链接', from: B, to: A, version: 9},
      {atMs: 5, who: 'canary', by: 'canary', reason: null, from: null, to: A, version: 4},
    ])
  })

  it.each([
    ['before the first promotion', 999, null],
    ['at a promotion', 2000, B],
    ['between two', 2999, B],
    ['after a rollback', 3600, A],
    ['after the promotion that followed it', 4000, C],
  ])('knows what everybody heard %s', (_when, atMs, digest) => {
    const past = history([...THREE, release(4, C)], C, {audit: [rolledBack(3500, C, A)]})
    expect(stableAt(past, atMs)).toBe(digest)
  })
})

describe('choosing a release', () => {
  it.each([
    ['previous', {by: 'previous'}],
    ['12', {by: 'number', number: 12}],
    ['ABCDEF1', {by: 'digest', digest: 'abcdef1'}],
    ['1234567', {by: 'digest', digest: '1234567'}],
    ['0', null],
    ['-1', null],
    ['abc', null],
    ['a'.repeat(65), null],
    ['latest', null],
    ['../x', null],
  ])('reads %s', (written, asked) => {
    expect(parseAsked(written)).toEqual(asked)
  })

  it.each([
    ['the one before what is heard', history(THREE, C), 2],
    ['never one that was found bad', history(THREE, C, {quarantined: [B]}), 1],
    ['from where a rollback led', history(THREE, B, {quarantined: [C]}), 1],
    ['none before the first', history(THREE, A), null],
    ['none of nothing', history([], null), null],
    ['the content before, when an older one came again', history([...THREE, release(4, A)], A), 3],
  ])('previous is %s', (_what, past, number) => {
    expect(numberOf(chooseRelease(past, {by: 'previous'}))).toBe(number)
  })

  it('by a digest that several begin with asks for more of it', () => {
    const past = history([release(1, `${'a'.repeat(63)}b`), release(2, A)], A)
    expect(chooseRelease(past, {by: 'digest', digest: 'aaaaaaa'})).toMatchObject({
      problem: {en: expect.stringContaining('several')},
    })
    expect(numberOf(chooseRelease(past, {by: 'digest', digest: A}))).toBe(2)
  })

  it('of one content promoted twice takes the newest number', () => {
    expect(numberOf(chooseRelease(history([...THREE, release(4, A)], C), {by: 'digest', digest: A}))).toBe(4)
  })
})
