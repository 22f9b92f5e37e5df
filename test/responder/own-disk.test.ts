import {mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {sha256} from '../../scripts/core/model/canonical.js'
import type {OutcomeRecord} from '../../scripts/core/model/outcome.js'
import {createOwnDisk} from '../../scripts/responder/own-disk.js'
import type {LastGood} from '../../scripts/responder/ports.js'
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
