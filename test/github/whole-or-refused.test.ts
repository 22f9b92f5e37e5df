import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {HostRefused} from '../../scripts/core/ports.js'
import {importLine} from './a-line.js'
import {type ARepository, openRepository} from './a-repository.js'

let repository: ARepository

beforeEach(async () => {
  repository = await openRepository()
  repository.standIn.control.push({branch: 'main', files: {'README.md': 'x'}, message: 'first', by: 'lin'})
})
afterEach(() => repository.close())

const openLine = (count: number, files?: number): number => {
  importLine(repository, {branch: 'change', from: 'main', count, ...(files === undefined ? {} : {files})})
  return repository.standIn.control.openPull({head: 'change', base: 'main', title: 'a change', by: 'lin'})
}
const refusalOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(() => 'whole').catch((error: unknown) => error)

describe('everything is read whole', () => {
  it('every commit of a long pull request', async () => {
    const commits = await repository.host.readCommits(openLine(101))
    expect(commits).toHaveLength(101)
    expect(commits.every(({people}) => people[0]?.login === 'lin')).toBe(true)
  })
  it('every file of a large commit', async () => {
    const [commit] = await repository.host.readCommits(openLine(1, 250))
    expect(commit?.files).toHaveLength(250)
    expect(new Set(commit?.files).size).toBe(250)
  })
  it('every comment, status, and issue', async () => {
    const {control} = repository.standIn
    const number = openLine(1)
    const {head} = await repository.host.readPull(number)
    for (let index = 0; index < 101; index++) control.comment({pull: number, by: 'chen', body: `no. ${index}`})
    for (let index = 0; index < 101; index++)
      await repository.host.writeStatus(head, {context: 'yingbin/plan', state: 'success', description: `${index}`})
    await repository.host.keepIssue('<!-- kept -->', {title: '漂移', body: 'one', labels: []})
    for (let index = 0; index < 101; index++) control.openIssue({title: `no. ${index}`, body: 'x', by: 'lin'})
    await repository.host.keepIssue('<!-- kept -->', {title: '漂移', body: 'two', labels: []})
    expect((await repository.host.readComments(number)).map(({body}) => body).at(-1)).toBe('no. 100')
    const statuses = await repository.host.readStatuses(head, 'yingbin/plan')
    expect(statuses.map(({description}) => description)).toEqual(
      Array.from({length: 101}, (_, index) => `${100 - index}`),
    )
    expect(control.issues().filter(({body}) => body.includes('<!-- kept -->'))).toMatchObject([
      {body: '<!-- kept -->\ntwo'},
    ])
  })
})

describe('where GitHub shows only a part, nothing is decided on it', () => {
  it('a pull request of 251 commits is refused, one of 250 would not be', async () => {
    const refused = await refusalOf(repository.host.readCommits(openLine(251)))
    expect(refused).toBeInstanceOf(HostRefused)
    expect(String(refused)).toContain('250 of 251 commits')
  })
  it('a pull request of 3,001 files is refused, by its files and by its commit', async () => {
    const number = openLine(1, 3001)
    for (const read of [repository.host.readChangedFiles(number), repository.host.readCommits(number)]) {
      const refused = await refusalOf(read)
      expect(refused).toBeInstanceOf(HostRefused)
      expect(refused).toMatchObject({status: null})
    }
  })
})
