import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import type {Proposal} from '../../scripts/core/ports.js'
import {type ARepository, GATE, openRepository} from './a-repository.js'

let repository: ARepository
let first = ''

beforeEach(async () => {
  repository = await openRepository()
  first = repository.standIn.control.push({
    branch: 'main',
    files: {'config/a.yaml': 'a: 1\n', 'config/old.yaml': 'x\n'},
    message: 'first',
    by: 'lin',
  })
})
afterEach(() => repository.close())

const propose = (more: Partial<Proposal>) =>
  repository.host.propose({
    branch: 'yingbin/sync',
    baseRef: 'main',
    title: '同步',
    body: '正文',
    labels: [],
    files: {'config/a.yaml': 'a: 2\n'},
    ...more,
  })
const head = async (number = 1): Promise<string> => (await repository.host.readPull(number)).head

describe('a proposal that is made again', () => {
  it('moves nothing when it says the same: approvals stand', async () => {
    await propose({})
    const before = await head()
    repository.standIn.control.review({pull: 1, by: 'chen', state: 'APPROVE'})
    repository.advance(86_400_000)
    expect(await propose({})).toEqual({number: 1, isNew: false})
    expect(await head()).toBe(before)
    expect(await repository.host.readReviews(1)).toMatchObject([{commit: before, state: 'approved'}])
  })
  it('goes on from where its base is now', async () => {
    await propose({})
    repository.standIn.control.push({branch: 'main', files: {'config/b.yaml': 'b\n'}, message: 'more', by: 'lin'})
    await propose({})
    expect(await repository.host.countBehind(await repository.host.readTip('main'), await head())).toBe(0)
    expect(await repository.host.readChangedFiles(1)).toEqual(['config/a.yaml'])
  })
  it('goes on from there also where its base holds the same again', async () => {
    await propose({})
    for (const content of ['b\n', null])
      repository.standIn.control.push({branch: 'main', files: {'config/b.yaml': content}, message: 'x', by: 'lin'})
    await propose({})
    expect((await repository.host.readPull(1)).base).toBe(await repository.host.readTip('main'))
    expect(await repository.host.countBehind(await repository.host.readTip('main'), await head())).toBe(0)
  })
  it('takes back what somebody else put onto its branch', async () => {
    await propose({})
    repository.standIn.control.push({
      branch: 'yingbin/sync',
      files: {'config/evil.yaml': 'x\n'},
      message: 'x',
      by: 'lin',
    })
    await propose({})
    expect(await repository.host.readChangedFiles(1)).toEqual(['config/a.yaml'])
    expect((await repository.host.readCommits(1)).map(({people}) => people[0]?.login)).toEqual([GATE])
  })
  it('opens anew once the former one was merged', async () => {
    await propose({})
    repository.standIn.control.merge({pull: 1, by: 'chen', method: 'squash'})
    expect(await propose({})).toBeNull()
    expect(await propose({files: {'config/a.yaml': 'a: 3\n'}})).toEqual({number: 2, isNew: true})
  })
})

describe('the files of a proposal', () => {
  it('may be taken away, also where they are gone already', async () => {
    await propose({files: {'config/old.yaml': null, 'config/never.yaml': null}})
    expect(await repository.host.readChangedFiles(1)).toEqual(['config/old.yaml'])
    expect(await propose({branch: 'yingbin/other', files: {'config/never.yaml': null}})).toBeNull()
  })
  it('may be bytes and lie in new folders with Chinese names', async () => {
    const bytes = Uint8Array.from([0, 255, 13, 10, 128])
    await propose({files: {'config/assets/门店/图.png': bytes}})
    expect(await repository.host.readChangedFiles(1)).toEqual(['config/assets/门店/图.png'])
  })
  it('are upon one commit that comes right after the base', async () => {
    await propose({files: {'config/a.yaml': 'a: 5\n', 'config/c.yaml': 'c\n', 'config/old.yaml': null}})
    const commits = await repository.host.readCommits(1)
    expect(commits.map(({files}) => [...files].sort())).toEqual([['config/a.yaml', 'config/c.yaml', 'config/old.yaml']])
    expect((await repository.host.readPull(1)).base).toBe(first)
  })
})
