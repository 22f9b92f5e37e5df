import {describe, expect, it} from '@jest/globals'
import type {ResponderReport} from '../../../scripts/core/model/outcome.js'
import {createTally} from '../../../scripts/core/respond/create-tally.js'
import {createVersionWatch, REPORT_ALIVE_MS} from '../../../scripts/core/respond/watch-versions.js'
import {NeighbourWatch, NEIGHBOURS_EVERY_MS} from '../../../scripts/responder/neighbour-watch.js'
import {aManifest, sign} from '../a-responder.js'
import {createStepClock} from '../step-clock.js'
import {createTestLog, MINUTE_MS, NOW_MS} from './a-watch.js'

const aReport = (responder: string, manifestVersion: number, atMs = NOW_MS): ResponderReport =>
  createTally().report({responder, atMs, manifestVersion, stable: null, canary: null})

describe('responders that run different releases', () => {
  it('are named, with the time since the first differed', () => {
    const watch = createVersionWatch()
    watch.note(8, [aReport('r1', 8), aReport('r2', 7)], NOW_MS)
    watch.note(8, [aReport('r1', 8, NOW_MS + MINUTE_MS), aReport('r2', 7, NOW_MS + MINUTE_MS)], NOW_MS + MINUTE_MS)
    expect(watch.at(NOW_MS + 3 * MINUTE_MS)).toEqual({published: 8, behind: ['r2'], forMs: 3 * MINUTE_MS})
  })
  it('begin anew when another release is published', () => {
    const watch = createVersionWatch()
    watch.note(8, [aReport('r2', 7)], NOW_MS)
    watch.note(9, [aReport('r2', 8, NOW_MS + MINUTE_MS)], NOW_MS + MINUTE_MS)
    expect(watch.at(NOW_MS + MINUTE_MS)?.forMs).toBe(0)
  })
  it('are none when all run what is published, or nothing is', () => {
    const watch = createVersionWatch()
    watch.note(8, [aReport('r2', 7)], NOW_MS)
    watch.note(8, [aReport('r2', 8)], NOW_MS)
    expect(watch.at(NOW_MS)).toBeNull()
    watch.note(null, [aReport('r2', 7)], NOW_MS)
    expect(watch.at(NOW_MS)).toBeNull()
  })
  it('do not count whose report is older than two minutes', () => {
    const watch = createVersionWatch()
    watch.note(8, [aReport('gone', 7, NOW_MS - REPORT_ALIVE_MS - 1)], NOW_MS)
    expect(watch.at(NOW_MS)).toBeNull()
    watch.note(8, [aReport('slow', 7, NOW_MS - REPORT_ALIVE_MS)], NOW_MS)
    expect(watch.at(NOW_MS)?.behind).toEqual(['slow'])
  })
})

describe('the look at the others', () => {
  const aWatch = () => {
    const clock = createStepClock(NOW_MS)
    const {log, lines} = createTestLog()
    const tally = createTally()
    const trouble = {is: 'none' as 'none' | 'fails' | 'hangs', isStateless: false}
    const answer = async <T>(value: T): Promise<T> => {
      if (trouble.is === 'hangs') return new Promise(() => undefined)
      if (trouble.is === 'fails') throw new Error('no store')
      return value
    }
    const resource = {
      kind: 'contact-way' as const,
      id: 'tianhe',
      digest: 'd',
      value: {type: 2, state: 's', remark: 'r', skipVerify: true, users: ['wang.wu'], parties: []},
    }
    const watch = new NeighbourWatch({
      ports: {clock, log, random: {fraction: () => 0}},
      tally,
      store: {
        readManifest: () => answer(sign(aManifest({version: 8}))),
        readReports: () => answer([aReport('r2', 7, clock.nowMs())]),
        readState: () =>
          answer({resources: {'contact-way/tianhe': resource, 'release/x': {...resource, kind: 'release'}}}),
      },
    })
    return {clock, watch, trouble, lines, counters: () => tally.report({...aReport('r1', 1)}).counters}
  }
  it('is taken at once and then every two minutes', async () => {
    const {clock, watch} = aWatch()
    const stop = new AbortController()
    const over = watch.run(stop.signal)
    await clock.settle()
    expect(watch.versions(clock.nowMs())).toMatchObject({behind: ['r2'], forMs: 0})
    expect(watch.codes).toEqual([{id: 'tianhe', users: ['wang.wu']}])
    await clock.advance(3 * NEIGHBOURS_EVERY_MS)
    expect(watch.versions(clock.nowMs())?.forMs).toBe(3 * NEIGHBOURS_EVERY_MS)
    stop.abort()
    await over
  })
  it.each(['fails', 'hangs'] as const)('leaves what was seen when the store %s, and says so', async (is) => {
    const {clock, watch, trouble, lines, counters} = aWatch()
    await watch.look()
    trouble.is = is
    const looking = watch.look()
    await clock.advance(4000)
    await looking
    expect(watch.codes).toHaveLength(1)
    expect(counters()['neighbours_failed']).toBe(1)
    expect(lines.map(({level}) => level)).toEqual(['warn'])
  })
})
