import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {beforeEach, describe, expect, it} from '@jest/globals'
import {digestOf} from '../../scripts/core/model/canonical.js'
import type {Proposal} from '../../scripts/core/ports.js'
import {assembleRelease} from '../../scripts/core/release/assemble-release.js'
import {proposeRevert} from '../../scripts/pipeline/propose-revert.js'
import {createMemoryStore, type MemoryStore} from '../apply/memory-store.js'
import {BASE, createMemoryHost, type MemoryHost} from '../gate/memory-host.js'
import {type Changes, configOf, NOW_MS} from '../support/a-config.js'

const OLD = 'd'.repeat(40)
const hello = (text: string): Changes => ({'templates/hello.yaml': {title: '问候', text}})
const GOOD = hello('好的说法')
const BAD: Changes = {...hello('坏的说法'), 'templates/new.yaml': {title: '新的', text: '新的一条'}}
const releaseOf = (changes: Changes): string => digestOf(assembleRelease(configOf(changes)))

let host: MemoryHost
let store: MemoryStore
let proposals: Proposal[]

/** GOOD and then BAD were promoted; BAD was taken back by a person. */
beforeEach(async () => {
  host = createMemoryHost(() => NOW_MS)
  store = createMemoryStore()
  proposals = []
  host.propose = (proposal) => {
    proposals.push(proposal)
    return Promise.resolve({number: 9, isNew: proposals.length === 1})
  }
  host.trees.set(OLD, GOOD)
  host.trees.set(BASE, BAD)
  const promoted = [GOOD, BAD].map((changes, index) => ({
    ...{number: index + 1, digest: releaseOf(changes), atMs: index, planDigest: '', approvers: []},
    commit: index === 0 ? OLD : BASE,
  }))
  const state = await store.readState()
  await store.writeState({...state, promoted, stable: releaseOf(GOOD), quarantined: [releaseOf(BAD)]}, state.serial)
  await store.appendAudit({
    atMs: NOW_MS,
    what: 'rolled-back',
    who: 'wu-hao',
    details: {reason: '`@all` 链接打不开', from: releaseOf(BAD), to: releaseOf(GOOD), toNumber: 1, version: 3},
  })
})

const inFolder = async <T>(use: (folder: string) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'yingbin-revert-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}
const propose = () =>
  proposeRevert({host, store, clock: {nowMs: () => NOW_MS}, inFolder}, {folder: 'config', baseRef: 'main'})

describe('after a rollback', () => {
  it('git is offered the files of the release that is said, and the reason, with nobody called by it', async () => {
    expect(await propose()).toEqual({
      ...{kind: 'proposed', number: 9, isNew: true},
      files: ['templates/hello.yaml', 'templates/new.yaml'],
    })
    const [{branch, baseRef, title, body, files} = {} as Proposal] = proposals
    expect([branch, baseRef, title]).toEqual([
      `yingbin/revert-${releaseOf(BAD).slice(0, 12)}`,
      'main',
      expect.stringContaining('还原到第 1 号发布'),
    ])
    expect(Object.keys(files).sort()).toEqual(['config/templates/hello.yaml', 'config/templates/new.yaml'])
    expect(String(files['config/templates/hello.yaml'])).toContain('好的说法')
    expect(files['config/templates/new.yaml']).toBeNull()
    expect(body).toContain('wu-hao')
    expect(body).toContain('链接打不开')
    expect(body).not.toContain('@all')
    expect(body).not.toContain('⚠')
  })

  it('the proposal is the same however often it is made', async () => {
    await propose()
    await propose()
    expect(proposals[1]).toEqual(proposals[0])
  })

  it('who may do what is never taken back along, and it says that the release will differ', async () => {
    const roles = {'roles.yaml': {导购: {may: ['send-link']}}}
    const grants = {'grants/a.yaml': [{role: '导购', to: ['member:zhang.san'], until: '2027-06-30', ticket: 'OA-1'}]}
    host.trees.set(OLD, {...GOOD, ...roles, ...grants})
    host.trees.set(BASE, {...BAD, ...roles})
    const state = await store.readState()
    const digest = releaseOf({...BAD, ...roles})
    const said = releaseOf({...GOOD, ...roles, ...grants})
    const promoted = state.promoted.map((one) => (one.number === 1 ? {...one, digest: said} : one))
    await store.writeState({...state, promoted, stable: said, quarantined: [digest]}, state.serial)
    await propose()
    expect(Object.keys(proposals[0]?.files ?? {}).sort()).toEqual([
      'config/templates/hello.yaml',
      'config/templates/new.yaml',
    ])
    expect(proposals[0]?.body).toContain('⚠')
  })
})

describe('nothing is proposed', () => {
  it('where the branch says what is said', async () => {
    host.trees.set(BASE, GOOD)
    expect(await propose()).toEqual({kind: 'nothing'})
  })

  it('where the branch has gone on to something that nobody took back', async () => {
    host.trees.set(BASE, hello('改好的说法'))
    expect(await propose()).toEqual({kind: 'nothing'})
  })

  it('before any release was promoted', async () => {
    store = createMemoryStore()
    expect(await propose()).toEqual({kind: 'nothing'})
  })

  it('without a commit to go back to, and that is said', async () => {
    const state = await store.readState()
    const promoted = state.promoted.map((one) => ({...one, commit: null}))
    await store.writeState({...state, promoted}, state.serial)
    expect(await propose()).toMatchObject({kind: 'impossible', reason: {en: expect.stringContaining('by hand')}})
    expect(proposals).toEqual([])
  })
})
