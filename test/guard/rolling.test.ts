import {describe, expect, it} from '@jest/globals'
import {chooseBaseline} from '../../scripts/core/guard/choose-baseline.js'
import {type Changes, configOf} from '../support/a-config.js'
import {guard, measuresOf} from './a-change.js'

/** Ten links, of which the first `changed` lead elsewhere. */
const links = (changed: number, count = 10): Changes => ({
  'templates/hello.yaml': {
    title: 'x',
    fallback: 'x',
    text: Array.from({length: count}, (_, at) => `https://m.hehejj.example/${at < changed ? 'new' : 'old'}/${at}`).join(
      ' ',
    ),
  },
})
const since = (days: number, changes: Changes) => ({days, config: configOf(changes)})

describe('many small cuts', () => {
  it('six pull requests, each below 20 %, lock together from the third on', () => {
    const locked = Array.from({length: 6}, (_, at) =>
      measuresOf(guard(links(at), links(at + 1), {baselines: [since(7, links(0)), since(30, links(0))]})),
    )
    const together = (count: number) =>
      [7, 30].flatMap((days) => [
        `release links ${count}/10 ${days}d`,
        `template:hello links ${count}/10 ${days}d`,
        `template:hello key-facts ${count}/10 ${days}d`,
      ])
    expect(locked).toEqual([[], [], together(3), together(4), together(5), together(6)])
  })
  it('exactly 20 % over the window does not lock', () => {
    expect(measuresOf(guard(links(1), links(2), {baselines: [since(7, links(0))]}))).toEqual([])
  })
  it('each window is measured from its own beginning', () => {
    const baselines = [since(7, links(4)), since(30, links(0))]
    expect(measuresOf(guard(links(4), links(5), {baselines}))).toEqual([
      'release links 5/10 30d',
      'template:hello links 5/10 30d',
      'template:hello key-facts 5/10 30d',
    ])
  })
  it('the lock says over how many days, and what was there at the beginning', () => {
    const [lock] = guard(links(3), links(4), {baselines: [since(30, links(0))]}).locks
    expect(lock).toMatchObject({days: 30, changed: 4, total: 10, limit: 0.2})
    expect(lock?.says.zh).toContain('30 天内累计')
    expect(lock?.says.en).toContain('over 30 days')
    expect(lock?.places).toHaveLength(4)
  })
  it('a change that touches no link and no fact is not blamed for those before it', () => {
    const quiet = {...links(3), 'schedules/all.yaml': {title: '全员', audience: {}, template: 'hello', priority: 1}}
    expect(guard(links(3), quiet, {baselines: [since(7, links(0))]}).locks).toEqual([])
  })
  it('only the templates it touches are asked', () => {
    const b = (url: string): Changes => ({'templates/b.yaml': {title: 'b', text: `${url} 400-000-0001`}})
    const old = {...links(0, 40), ...b('https://m.hehejj.example/x')}
    const base = {...links(4, 40), ...b('https://m.hehejj.example/y')}
    const head = {...links(5, 40), ...b('https://m.hehejj.example/y')}
    expect(measuresOf(guard(base, head, {baselines: [since(7, old)]}))).toEqual([])
  })
  it('a change of a phone number is not asked about the links of the release', () => {
    const phone = (number: string): Changes => ({'templates/b.yaml': {title: 'b', text: `电话 ${number}`}})
    const base = {...links(5), ...phone('400-000-0001')}
    const baselines = [since(7, {...links(0), ...phone('400-000-0001')})]
    expect(measuresOf(guard(base, {...links(5), ...phone('400-000-0002')}, {baselines}))).toEqual([
      'template:b key-facts 1/1',
    ])
  })
  it('what locks by itself is not told a second time', () => {
    expect(measuresOf(guard(links(0), links(3), {baselines: [since(7, links(0)), since(30, links(0))]}))).toEqual([
      'release links 3/10',
      'template:hello links 3/10',
      'template:hello key-facts 3/10',
    ])
  })
  it('a baseline from before there were templates measures nothing', () => {
    const empty = {'templates/hello.yaml': null, 'schedules/all.yaml': null}
    expect(guard(links(0), links(1), {baselines: [since(30, empty)]}).locks).toEqual([])
  })
})

describe('going back to a release that was promoted', () => {
  it('is not measured: no ratio, no window, no deletion', () => {
    const head = {...links(8)}
    const base = {...links(0), 'templates/b.yaml': {title: 'b', text: 'b'}}
    const baselines = [since(7, links(0))]
    expect(measuresOf(guard(base, head, {baselines})).length).toBeGreaterThan(3)
    expect(guard(base, head, {baselines, isReturn: true}).locks).toEqual([])
  })
  it('is held to its dangers all the same', () => {
    const head = {'templates/hello.yaml': {title: 'x', text: 'https://other.example/'}}
    expect(guard(links(0), head, {isReturn: true}).locks.map(({kind}) => kind)).toEqual(['host-not-in-registry'])
  })
})

describe('where a window begins', () => {
  const DAY = 86_400_000
  const now = 100 * DAY
  const at = (days: number, commit: string) => ({commit, atMs: now - days * DAY})
  const line = [at(0.5, 'e'), at(3, 'd'), at(7, 'c'), at(12, 'b'), at(40, 'a')]
  it('is what the branch was then, to the second', () => {
    expect(chooseBaseline(line, [], 7, now)).toEqual({commit: 'c', isWhole: true})
    expect(chooseBaseline(line, [], 7, now - 1)).toEqual({commit: 'b', isWhole: true})
    expect(chooseBaseline(line, [], 30, now)).toEqual({commit: 'a', isWhole: true})
  })
  it('is the first commit where all are younger, and says that it is not the whole window', () => {
    expect(chooseBaseline(line.slice(0, 2), [], 7, now)).toEqual({commit: 'd', isWhole: false})
    expect(chooseBaseline([], [], 7, now)).toEqual({commit: null, isWhole: false})
  })
  it('moves forward to the newest unlocked commit inside it, and not to one before it or in the future', () => {
    expect(chooseBaseline(line, [at(5, 'x'), at(2, 'y'), at(20, 'z')], 7, now)).toEqual({commit: 'y', isWhole: true})
    expect(chooseBaseline(line, [at(20, 'z')], 7, now)).toEqual({commit: 'c', isWhole: true})
    expect(chooseBaseline(line, [at(20, 'z')], 30, now)).toEqual({commit: 'z', isWhole: true})
    expect(chooseBaseline(line, [at(-1, 'f')], 7, now)).toEqual({commit: 'c', isWhole: true})
  })
})
