import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import type {DayTotals, OutcomeRecord, ResponderReport} from '../../scripts/core/model/outcome.js'
import {binomialTail} from '../../scripts/core/observe/binomial-tail.js'
import {codeNotes} from '../../scripts/core/observe/code-notes.js'
import {findMissingCodes} from '../../scripts/core/observe/find-missing-codes.js'
import {createTally} from '../../scripts/core/respond/create-tally.js'
import {observeDrift} from '../../scripts/pipeline/drift.js'
import {aConfig} from '../apply/a-config.js'
import {aRecord, NOW_MS, times} from '../responder/watch/a-watch.js'
import {SHOP, shipped} from './a-shipped-shop.js'

const TODAY = '2026-11-24'
const HEAD = {responder: 'r1', atMs: NOW_MS, manifestVersion: 3, stable: null, canary: null}
type Add = Pick<OutcomeRecord, 'member' | 'outcome'>

/** What a responder reports that saw these adds, one after the other. */
function reportOf(adds: readonly Add[], dateOf: () => string = () => TODAY): ResponderReport {
  const tally = createTally({dateOf})
  for (const add of adds) tally.add(aRecord(add))
  return tally.report(HEAD)
}
const adds = (member: string, count: number, outcome: OutcomeRecord['outcome'] = 'sent'): Add[] =>
  times(count, {member, outcome})
const judge = (reports: readonly ResponderReport[], greeters = 50) =>
  findMissingCodes(reports, {sinceDate: TODAY, greeters})
const suspects = (...args: Parameters<typeof judge>): string[] => judge(...args).rows.map(({member}) => member)

const OTHERS = [...adds('a', 100), ...adds('b', 99), ...adds('b', 1, 'no_code')]

describe('a member without codes', () => {
  it('is suspicious among others who have theirs, with the numbers', () => {
    const {rows, company} = judge([reportOf([...OTHERS, ...adds('lina', 5, 'no_code')])])
    expect(rows).toMatchObject([{member: 'lina', without: 5, adds: 5, others: {without: 1, adds: 200}}])
    expect(rows[0]?.probability).toBeLessThan(1e-6)
    expect(company).toEqual({without: 6, adds: 205})
  })

  it('is not, with fewer than five adds', () => {
    expect(suspects([reportOf([...OTHERS, ...adds('lina', 4, 'no_code')])])).toEqual([])
  })

  it('is not, when a code is missing now and then for everybody', () => {
    const often = ['a', 'b', 'c'].flatMap((member) =>
      times(20, 0).flatMap(() => [...adds(member, 1, 'no_code'), ...adds(member, 4)]),
    )
    expect(suspects([reportOf([...often, ...adds('lina', 2, 'no_code'), ...adds('lina', 6)])])).toEqual([])
  })

  it('is not, when nobody else has adds to be compared with', () => {
    expect(suspects([reportOf(adds('lina', 5, 'no_code'))])).toEqual([])
  })

  it('must stand out more the more members there are', () => {
    const few = [reportOf([...adds('a', 20), ...adds('lina', 4, 'no_code'), ...adds('lina', 1)])]
    expect([suspects(few, 10), suspects(few, 10_000)]).toEqual([['lina'], []])
  })

  it('is one member over responders and however he is written', () => {
    const one = reportOf([...OTHERS, ...adds('Lina', 3, 'no_code')])
    const other = reportOf(adds('lina', 3, 'no_code'))
    expect(judge([one, other]).rows).toMatchObject([{member: 'Lina', without: 6, adds: 6}])
  })

  it('is not judged by days that are over', () => {
    expect(suspects([reportOf([...OTHERS, ...adds('lina', 9, 'no_code')], () => '2026-11-23')])).toEqual([])
  })

  it('is found whole departments at a time', () => {
    const crowd = Array.from({length: 20}, (_, n) => `m${n}`)
    const covered = [1, 2, 3].flatMap((n) => adds(`covered${n}`, 8, 'no_code'))
    const found = suspects([reportOf([...crowd.flatMap((member) => adds(member, 20)), ...covered])])
    expect(found).toEqual(['covered1', 'covered2', 'covered3'])
  })

  it('cannot be judged by a report that does not count his adds, and that is said', () => {
    const {days = [], ...report} = reportOf([...OTHERS, ...adds('lina', 9, 'no_code')])
    const old = days.map(({noCodeAdds: _gone, ...day}): DayTotals => day)
    const judgement = judge([{...report, days: old}])
    expect([judgement.rows, judgement.unjudged]).toEqual([[], 2])
    expect(codeNotes(judgement).map(({zh}) => zh)).toEqual([expect.stringContaining('无法判断')])
  })

  it('is nobody in particular when codes are missing everywhere', () => {
    const judgement = judge([reportOf(['a', 'b', 'c'].flatMap((member) => adds(member, 10, 'no_code')))])
    expect(judgement.rows).toEqual([])
    expect(codeNotes(judgement).map(({zh}) => zh)).toEqual([expect.stringContaining('30 次添加里有 30 次')])
  })

  it('is rarely suspected by chance alone', () => {
    let next = 7
    const draw = (): number => (next = (next * 48_271) % 2_147_483_647) / 2_147_483_647
    const members = Array.from({length: 20}, (_, n) => `m${n}`)
    const runs = times(400, 0).map(() =>
      reportOf(
        times(400, 0).map((): Add => ({
          member: members[Math.floor(draw() * members.length)] ?? 'm0',
          outcome: draw() < 0.1 ? 'no_code' : 'sent',
        })),
      ),
    )
    expect(runs.filter((report) => suspects([report], 20).length > 0).length).toBeLessThanOrEqual(8)
  })

  it('is told by drift, and no difference by itself', async () => {
    const world = await shipped()
    const report = reportOf([...OTHERS, ...adds('lina', 6, 'no_code')])
    const store = {...world.store, readReports: () => Promise.resolve([report])}
    const found = await observeDrift({store, reader: world.writer, clock: world.clock}, aConfig(SHOP))
    expect(found).toMatchObject({drifts: [], missingCodes: [{member: 'lina', without: 6, adds: 6}]})
  })
})

describe('the tail of the binomial', () => {
  const exactly = (hits: number, tries: number, rate: number): number => {
    let ways = 1
    for (let n = 1; n <= hits; n++) ways = (ways * (tries - hits + n)) / n
    return ways * rate ** hits * (1 - rate) ** (tries - hits)
  }
  const rate = fc.double({min: 0.001, max: 0.999, noNaN: true})

  it('is the sum of its terms', () => {
    fc.assert(
      fc.property(fc.nat(25), fc.nat(25), rate, (least, tries, p) => {
        const terms = Array.from({length: tries + 1}, (_, hits) => (hits >= least ? exactly(hits, tries, p) : 0))
        const sum = terms.reduce((total, term) => total + term, 0)
        expect(binomialTail(least, tries, p)).toBeCloseTo(least === 0 ? 1 : sum, 9)
      }),
    )
  })

  it('stays a probability, and falls as more is asked, for any number of tries', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(5000), rate, (least, tries, p) => {
        const [here, further] = [binomialTail(least, tries, p), binomialTail(least + 1, tries, p)]
        expect(here).toBeGreaterThanOrEqual(further)
        expect(further).toBeGreaterThanOrEqual(0)
        expect(here).toBeLessThanOrEqual(1)
      }),
    )
  })
})
