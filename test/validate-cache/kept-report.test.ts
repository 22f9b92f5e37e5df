import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {afterEach, describe, expect, it} from '@jest/globals'
import type {ValidateReport} from '../../scripts/pipeline/kept-report.js'
import {type Keeping, reportOnFolder} from '../../scripts/pipeline/validate-report.js'
import {aConfig, type Changes, NOW_MS} from '../support/a-config.js'

const HOUR_MS = 3_600_000
/** The next midnight in Shanghai after noon there. */
const MIDNIGHT_MS = NOW_MS + 12 * HOUR_MS

const made: string[] = []
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, {recursive: true, force: true})
})

/** A folder on disk with a place for kept reports beside it. */
function aFolder(changes: Changes = {}) {
  const base = mkdtempSync(join(tmpdir(), 'yingbin-kept-'))
  made.push(base)
  const folder = join(base, 'config')
  const keeping: Keeping = {cacheFolder: join(base, 'cache'), program: 'one'}
  const write = (path: string, content: string | Buffer): void => {
    mkdirSync(dirname(join(folder, path)), {recursive: true})
    writeFileSync(join(folder, path), content)
  }
  for (const [path, text] of Object.entries(aConfig(changes))) write(path, text)
  const file = (): string => join(keeping.cacheFolder, readdirSync(keeping.cacheFolder)[0] ?? '')
  return {folder, keeping, write, file}
}

/** Marks the kept report, so that an answer shows whether it is the kept one. */
function mark(file: string): void {
  const kept = JSON.parse(readFileSync(file, 'utf8')) as {report: {counts: {members: number}}}
  kept.report.counts.members = 4711
  writeFileSync(file, JSON.stringify(kept))
}

const isKept = ({counts}: ValidateReport): boolean => counts.members === 4711

/** Whether the second look, at another instant or after a change, is answered from what the first one kept. */
async function isAnsweredFromKept(
  changes: Changes,
  between: (made: ReturnType<typeof aFolder>) => Partial<Keeping> | void,
  laterMs = NOW_MS,
): Promise<boolean> {
  const one = aFolder(changes)
  await reportOnFolder(one.folder, NOW_MS, one.keeping)
  mark(one.file())
  const other = between(one) ?? {}
  return isKept(await reportOnFolder(one.folder, laterMs, {...one.keeping, ...other}))
}

describe('a kept report', () => {
  it('says what a fresh one says', async () => {
    const changes = {'templates/spare.yaml': {title: '备用', text: '[不存在的名字]您好'}}
    const {folder, keeping} = aFolder(changes)
    const fresh = await reportOnFolder(folder, NOW_MS)
    const first = await reportOnFolder(folder, NOW_MS, keeping)
    const second = await reportOnFolder(folder, NOW_MS, keeping)
    expect(fresh.findings.map(({rule}) => rule)).toContain('placeholder-is-known')
    expect(first).toEqual(fresh)
    expect(second).toEqual(fresh)
  })
  it('answers while nothing has changed', async () => {
    expect(await isAnsweredFromKept({}, () => undefined)).toBe(true)
  })
  it('is not asked when keeping is off', async () => {
    const {folder, keeping, file} = aFolder()
    await reportOnFolder(folder, NOW_MS, keeping)
    mark(file())
    expect(isKept(await reportOnFolder(folder, NOW_MS))).toBe(false)
  })
})

describe('a kept report is set aside', () => {
  it.each([
    ['one byte of a file', 'policy.yaml', '# \n{}\n'],
    ['a new file', 'templates/new.yaml', 'title: 新\ntext: 您好\n'],
    ['a new asset', 'assets/a.txt', 'x'],
  ])('after %s', async (_what, path, content) => {
    expect(await isAnsweredFromKept({}, ({write}) => write(path, content))).toBe(false)
  })
  it('after a byte of an asset', async () => {
    const one = aFolder()
    one.write('assets/a.bin', Buffer.from([1, 2, 3]))
    await reportOnFolder(one.folder, NOW_MS, one.keeping)
    mark(one.file())
    expect(isKept(await reportOnFolder(one.folder, NOW_MS, one.keeping))).toBe(true)
    one.write('assets/a.bin', Buffer.from([1, 2, 4]))
    expect(isKept(await reportOnFolder(one.folder, NOW_MS, one.keeping))).toBe(false)
  })
  it('after a file moved without a change in it', async () => {
    const text = 'title: 甲\ntext: 您好\n'
    const moved = await isAnsweredFromKept({'templates/a.yaml': text}, ({folder, write}) => {
      rmSync(join(folder, 'templates/a.yaml'))
      write('templates/b.yaml', text)
    })
    expect(moved).toBe(false)
  })
  it('by another program', async () => {
    expect(await isAnsweredFromKept({}, () => ({program: 'two'}))).toBe(false)
  })
  it('before the instant it was made at', async () => {
    expect(await isAnsweredFromKept({}, () => undefined, NOW_MS - 1)).toBe(false)
  })
})

describe('a kept report holds until', () => {
  const until = (changes: Changes, laterMs: number): Promise<boolean> =>
    isAnsweredFromKept(changes, () => undefined, laterMs)
  const zone = (timezone: string): Changes => ({
    'enterprise.yaml': {corpId: 'ww0000000000000001', agentId: 1000002, timezone},
  })

  it('midnight in the zone of the enterprise', async () => {
    // Midnight of UTC comes at eight in Shanghai, after its own midnight.
    expect(await until({}, MIDNIGHT_MS - 1)).toBe(true)
    expect(await until({}, MIDNIGHT_MS)).toBe(false)
    const tokyo = NOW_MS + 11 * HOUR_MS
    expect(await until(zone('Asia/Tokyo'), tokyo - 1)).toBe(true)
    expect(await until(zone('Asia/Tokyo'), tokyo)).toBe(false)
  })
  it('an instant that a template names', async () => {
    const changes = {
      'templates/hello.yaml': {title: '问候', text: '您好', validTo: '2026-11-24T15:00:00+08:00'},
    }
    const edge = NOW_MS + 3 * HOUR_MS
    expect(await until(changes, edge - 1)).toBe(true)
    expect(await until(changes, edge)).toBe(false)
  })
  it('the moment of the day of an instant on any other day, since rules look whole days ahead', async () => {
    const changes = {
      'schedules/all.yaml': {title: '全员', audience: {}, template: 'hello', validTo: '2028-01-05T15:00:00+08:00'},
    }
    const edge = NOW_MS + 3 * HOUR_MS
    expect(await until(changes, edge - 1)).toBe(true)
    expect(await until(changes, edge)).toBe(false)
  })
  it('an edge of a slot', async () => {
    const changes = {
      'schedules/all.yaml': {
        title: '全员',
        audience: {},
        slots: [{from: '09:00', to: '18:00', template: 'hello'}],
        default: 'silent',
      },
    }
    const edge = NOW_MS + 6 * HOUR_MS
    expect(await until(changes, edge - 1)).toBe(true)
    expect(await until(changes, edge)).toBe(false)
  })
})

describe('keeping never gets in the way', () => {
  it('when what is kept is damaged: it is replaced', async () => {
    for (const damage of [
      '',
      '{',
      'null',
      '{"key": 1}',
      '{"key":"x","storedAtMs":0,"holdsUntilMs":9e15,"report":{}}',
    ]) {
      const one = aFolder()
      const fresh = await reportOnFolder(one.folder, NOW_MS, one.keeping)
      const before = readFileSync(one.file(), 'utf8')
      writeFileSync(one.file(), damage)
      expect(await reportOnFolder(one.folder, NOW_MS, one.keeping)).toEqual(fresh)
      expect(readFileSync(one.file(), 'utf8')).toBe(before)
    }
  })
  it('when the place for it is a file', async () => {
    const one = aFolder()
    writeFileSync(one.keeping.cacheFolder, 'in the way')
    const report = await reportOnFolder(one.folder, NOW_MS, one.keeping)
    expect(report).toEqual(await reportOnFolder(one.folder, NOW_MS))
  })
  it('and leaves one file behind, for one folder', async () => {
    const one = aFolder()
    await reportOnFolder(one.folder, NOW_MS, one.keeping)
    await reportOnFolder(one.folder, MIDNIGHT_MS, one.keeping)
    expect(readdirSync(one.keeping.cacheFolder)).toHaveLength(1)
  })
})
