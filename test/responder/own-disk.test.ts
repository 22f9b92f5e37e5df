import {appendFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {sha256} from '../../scripts/core/model/canonical.js'
import type {OutcomeRecord} from '../../scripts/core/model/outcome.js'
import {createOwnDisk} from '../../scripts/responder/own-disk.js'
import type {KeptEvent, LastGood} from '../../scripts/responder/ports.js'
import {inFolder} from '../support/a-config.js'
import {aManifest} from './a-responder.js'

const documents = (...texts: string[]) => Object.fromEntries(texts.map((text) => [sha256(text), text]))

const lastGood = (version: number, ...texts: string[]): LastGood => ({
  signed: {manifest: aManifest({version}), signature: 'c2ln'},
  documents: documents(...texts),
  media: [{sha256: sha256('x'), use: 'video', value: 'mid', uploadedAtMs: 5}],
})

const record = (key: string, finishedAtMs: number): OutcomeRecord => ({
  key,
  arm: 'stable',
  release: null,
  manifestVersion: 0,
  member: 'li.si',
  customerHash: 'h',
  template: null,
  schedule: null,
  slot: null,
  outcome: 'sent',
  payloadRefused: false,
  receivedAtMs: 0,
  decidedAtMs: 0,
  finishedAtMs,
})

describe('a responder’s own disk', () => {
  it('is empty at first', () =>
    inFolder({}, async (folder) => {
      const disk = createOwnDisk(join(folder, 'new'))
      expect(await disk.readLastGood()).toBeNull()
      expect(await disk.readExposed('canary')).toEqual([])
    }))

  it('gives back the last good release with its documents and media', () =>
    inFolder({}, async (folder) => {
      await createOwnDisk(folder).writeLastGood(lastGood(3, 'one', '二'))
      expect(await createOwnDisk(folder).readLastGood()).toEqual(lastGood(3, 'one', '二'))
    }))

  it('keeps only documents that are still needed', () =>
    inFolder({}, async (folder) => {
      const disk = createOwnDisk(folder)
      await disk.writeLastGood(lastGood(1, 'one', 'both'))
      await disk.writeLastGood(lastGood(2, 'two', 'both'))
      const names = readdirSync(join(folder, 'documents')).sort()
      expect(names).toEqual(
        Object.keys(documents('two', 'both'))
          .map((digest) => `${digest}.json`)
          .sort(),
      )
    }))

  it('a document that was cut short is there as cut, so that its digest gives it away', () =>
    inFolder({}, async (folder) => {
      const disk = createOwnDisk(folder)
      await disk.writeLastGood(lastGood(1, 'a whole document'))
      writeFileSync(join(folder, 'documents', `${sha256('a whole document')}.json`), 'a whole')
      const found = await disk.readLastGood()
      expect(Object.entries(found?.documents ?? {})).toEqual([[sha256('a whole document'), 'a whole']])
    }))

  it('new documents half written before a crash leave the old release whole', () =>
    inFolder({}, async (folder) => {
      const disk = createOwnDisk(folder)
      await disk.writeLastGood(lastGood(1, 'old'))
      mkdirSync(join(folder, 'documents'), {recursive: true})
      writeFileSync(join(folder, 'documents', `${sha256('new')}.json`), 'ne')
      expect(await createOwnDisk(folder).readLastGood()).toEqual(lastGood(1, 'old'))
    }))

  it('appends outcomes to one file a day, in UTC whatever the machine’s zone', () =>
    inFolder({}, async (folder) => {
      const disk = createOwnDisk(folder)
      const midnight = Date.UTC(2026, 10, 25)
      await disk.appendOutcomes([record('a', midnight - 1), record('b', midnight)])
      await disk.appendOutcomes([record('c', midnight + 1)])
      const keysOf = (day: string) =>
        readFileSync(join(folder, `outcomes-${day}.ndjson`), 'utf8')
          .trimEnd()
          .split('\n')
          .map((line) => (JSON.parse(line) as OutcomeRecord).key)
      expect([keysOf('2026-11-24'), keysOf('2026-11-25')]).toEqual([['a'], ['b', 'c']])
    }))

  it('remembers people by canary', () =>
    inFolder({}, async (folder) => {
      const disk = createOwnDisk(folder)
      await disk.appendExposed('digest:salt', 'p1')
      await disk.appendExposed('digest:salt', 'p2')
      await disk.appendExposed('digest:other', 'p3')
      expect(await createOwnDisk(folder).readExposed('digest:salt')).toEqual(['p1', 'p2'])
      expect(await createOwnDisk(folder).readExposed('digest:other')).toEqual(['p3'])
    }))

  it('lets nobody but its owner read', () =>
    inFolder({}, async (folder) => {
      const disk = createOwnDisk(folder)
      await disk.writeLastGood(lastGood(1, 'one'))
      await disk.appendOutcomes([record('a', 0)])
      await disk.appendExposed('canary', 'p1')
      const files = readdirSync(folder).filter((name) => name !== 'documents')
      expect(files).toHaveLength(3)
      for (const name of files) expect(statSync(join(folder, name)).mode & 0o077).toBe(0)
    }))
})

const anEvent = (key: string, receivedAtMs = 1000): KeptEvent => ({key, receivedAtMs, sealed: `sealed ${key}`})
const DAY = Date.parse('2026-11-24T12:00:00Z')

describe('events under way on that disk', () => {
  const keysOf = async (folder: string, sinceMs = 0) => {
    const {open, answered} = await createOwnDisk(folder).readKept(sinceMs)
    return {open: open.map(({key}) => key), answered: [...answered].sort()}
  }

  it('are there for the next process until they are closed', () =>
    inFolder({}, async (folder) => {
      const disk = createOwnDisk(folder)
      await disk.noteEvents([anEvent('a'), anEvent('b')], [])
      await disk.noteEvents([anEvent('c')], [])
      await disk.noteEvents([], ['b', 'unknown'])
      expect((await createOwnDisk(folder).readKept(0)).open).toEqual([anEvent('a'), anEvent('c')])
    }))

  it('of a process that died can be closed by the next one, half a line at the end or not', () =>
    inFolder({}, async (folder) => {
      await createOwnDisk(folder).noteEvents([anEvent('a'), anEvent('b')], [])
      appendFileSync(join(folder, 'events-1000.ndjson'), '{"close":["a"')
      const next = createOwnDisk(folder)
      expect((await next.readKept(0)).open.map(({key}) => key)).toEqual(['a', 'b'])
      await next.noteEvents([], ['a'])
      expect((await keysOf(folder)).open).toEqual(['b'])
    }))

  it('share a file for a minute, and a file goes when all before it are closed', () =>
    inFolder({}, async (folder) => {
      const disk = createOwnDisk(folder)
      const files = () => readdirSync(folder).filter((name) => name.startsWith('events-'))
      await disk.noteEvents([anEvent('a', 0)], [])
      await disk.noteEvents([anEvent('b', 59_999)], [])
      await disk.noteEvents([anEvent('c', 60_000)], [])
      await disk.noteEvents([anEvent('d', 120_000)], [])
      expect(files()).toHaveLength(3)
      await disk.noteEvents([], ['c', 'b'])
      expect(files()).toHaveLength(3)
      await disk.noteEvents([], ['a'])
      expect(files()).toEqual(['events-120000.ndjson'])
      expect((await keysOf(folder)).open).toEqual(['d'])
    }))

  it('lets nobody but its owner read them', () =>
    inFolder({}, async (folder) => {
      await createOwnDisk(folder).noteEvents([anEvent('a')], [])
      expect(statSync(join(folder, 'events-1000.ndjson')).mode & 0o777).toBe(0o600)
    }))

  it('that have an outcome in the log are told from those that have none, over midnight and megabytes', () =>
    inFolder({}, async (folder) => {
      const disk = createOwnDisk(folder)
      const many = Array.from({length: 9000}, (_, number) => record(`k${number}`, DAY + number * 10))
      await disk.appendOutcomes(many)
      await disk.appendOutcomes([record('next-day', DAY + 86_400_000)])
      expect(statSync(join(folder, 'outcomes-2026-11-24.ndjson')).size).toBeGreaterThan(2 << 20)
      const {answered} = await disk.readKept(DAY)
      expect(answered.size).toBe(9001)
      // What ended up to a minute before may stand between later ones.
      const late = (await disk.readKept(DAY + 80_000)).answered
      expect([late.has('k8999'), late.has('next-day'), late.has('k1999')]).toEqual([true, true, false])
    }))

  it('an outcome after half a line of a process that died is not lost with it', () =>
    inFolder({}, async (folder) => {
      writeFileSync(join(folder, 'outcomes-2026-11-24.ndjson'), '{"key":"cut off')
      await createOwnDisk(folder).appendOutcomes([record('whole', DAY)])
      expect((await keysOf(folder, DAY)).answered).toEqual(['whole'])
    }))
})
