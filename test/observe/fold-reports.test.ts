import {describe, expect, it} from '@jest/globals'
import {foldReports} from '../../scripts/core/observe/fold-reports.js'
import type {ArmStats, ResponderReport} from '../../scripts/core/model/outcome.js'

const arm = (release: string | null, name: ArmStats['arm'], sent: number): ArmStats => ({
  release,
  arm: name,
  people: sent,
  outcomes: {sent},
  payloadRefused: 0,
  byTemplate: {},
})
const report = (
  responder: string,
  arms: readonly ArmStats[],
  latency: readonly [number | null, number][],
): ResponderReport => ({
  responder,
  atMs: 0,
  manifestVersion: 1,
  stable: null,
  canary: null,
  arms,
  trials: [],
  latency: latency.map(([upToMs, count]) => ({upToMs, count})),
  counters: {duplicate: 1},
})

describe('reports of several responders', () => {
  it('are one table: equal releases and arms add up, others stand apart', () => {
    const {arms, events, counters} = foldReports([
      report('a', [arm('r', 'canary', 2), arm(null, 'stable', 5)], []),
      report('b', [arm('r', 'canary', 3)], []),
    ])
    expect(arms.map(({release, arm: name, events: own}) => [release, name, own])).toEqual([
      ['r', 'canary', 5],
      [null, 'stable', 5],
    ])
    expect(events).toBe(10)
    expect(counters).toEqual({duplicate: 2})
  })
  it('give the bucket a quantile falls into, both sides of its edge', () => {
    const of = (fast: number, slow: number) =>
      foldReports([
        report(
          'a',
          [],
          [
            [100, fast],
            [3000, slow],
            [null, 0],
          ],
        ),
      ])
    expect(of(99, 1)).toMatchObject({p50Ms: 100, p99Ms: 100})
    expect(of(98, 2)).toMatchObject({p50Ms: 100, p99Ms: 3000})
  })
  it('add up by bound, also where one of them reports none or other bounds', () => {
    const {p50Ms, p99Ms} = foldReports([
      report('new', [], []),
      report(
        'a',
        [],
        [
          [100, 50],
          [null, 0],
        ],
      ),
      report(
        'b',
        [],
        [
          [50, 49],
          [3000, 1],
          [null, 0],
        ],
      ),
    ])
    expect([p50Ms, p99Ms]).toEqual([100, 100])
  })
  it('give no quantile where it lies above every bound', () => {
    const {p50Ms, p99Ms} = foldReports([
      report(
        'a',
        [],
        [
          [100, 98],
          [null, 2],
        ],
      ),
    ])
    expect([p50Ms, p99Ms]).toEqual([100, null])
  })
  it('keep the built-in text apart from every release, and count refusals and people', () => {
    const refused = {...arm('r', 'canary', 4), payloadRefused: 3, outcomes: {sent: 1, sent_text_fallback: 3}}
    const {arms} = foldReports([report('a', [refused, arm(null, 'canary', 1)], []), report('b', [refused], [])])
    expect(arms).toEqual([
      {
        release: 'r',
        arm: 'canary',
        people: 8,
        outcomes: {sent: 2, sent_text_fallback: 6},
        events: 8,
        payloadRefused: 6,
      },
      expect.objectContaining({release: null, people: 1, events: 1}),
    ])
  })
  it('say nothing about the latency of nobody, nor of sends above every bound', () => {
    expect(foldReports([])).toMatchObject({p50Ms: null, p99Ms: null, events: 0})
    expect(
      foldReports([
        report(
          'a',
          [],
          [
            [100, 0],
            [null, 5],
          ],
        ),
      ]).p50Ms,
    ).toBeNull()
  })
})
