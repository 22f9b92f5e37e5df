import {afterAll, afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import nock from 'nock'
import {createCodeHost} from '../../scripts/github/create-code-host.js'

const API = 'https://github.hehe.example'
const SHA = 'a'.repeat(40)
const host = createCodeHost({
  owner: 'hehe',
  repo: 'welcome',
  // With a slash at its end, as people write it.
  baseUrl: `${API}/api/v3/`,
  token: 'ghp_x',
  isPaced: false,
})

const answer = (path: string, body: object | readonly object[]) =>
  nock(API).get(`/api/v3/repos/hehe/welcome/${path}`).query(true).reply(200, body)

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([])
  nock.cleanAll()
})
afterAll(() => nock.restore())

describe('what GitHub answers but seldom', () => {
  it('a request whose fork was deleted still comes from a fork', async () => {
    const repo = {full_name: 'hehe/welcome', default_branch: 'main'}
    answer('pulls/7', {
      state: 'open',
      merged: false,
      merged_at: null,
      user: null,
      head: {sha: SHA, repo: null},
      base: {ref: 'main', repo},
      labels: [],
    })
    answer('branches/main', {commit: {sha: SHA}})
    expect(await host.readPull(7)).toMatchObject({isFork: true, author: {login: 'ghost', isBot: false}})
  })
  const review = {id: 1, state: 'APPROVED', user: {login: 'chen'}, commit_id: SHA, submitted_at: '2026-11-24T04:00:00Z'}
  const entry = {event: 'reviewed', id: 1, submitted_at: '2026-11-24T04:00:00Z'}
  it.each([
    ['has no time of change was not changed', [{...entry, updated_at: null}], false],
    ['was changed within the second was not changed', [{...entry, updated_at: '2026-11-24T04:00:01Z'}], false],
    ['was changed later was changed', [{...entry, updated_at: '2026-11-24T04:05:00Z'}], true],
    ['the timeline does not show is not vouched for', [{event: 'labeled'}, {...entry, id: 2}], true],
  ])('a review that %s', async (_says, timeline, isEdited) => {
    answer('pulls/7/reviews', [review])
    answer('issues/7/timeline', timeline)
    expect(await host.readReviews(7)).toMatchObject([{isEdited}])
  })
  it('a review not handed in yet is none, and one of a lost commit is of no commit', async () => {
    answer('pulls/7/reviews', [
      {...review, state: 'PENDING', submitted_at: undefined},
      {...review, user: null, commit_id: null},
    ])
    answer('issues/7/timeline', [entry])
    expect(await host.readReviews(7)).toMatchObject([{by: {login: 'ghost'}, commit: ''}])
  })
  it('names of managed users, of Enterprise addresses, and of accounts that are empty objects', async () => {
    const message = 'x\n\nCo-authored-by: L <12+lin_hehe@users.noreply.github.hehe.example>\n'
    const commit = {message, author: {email: 'a@x.example'}, committer: {email: 'noreply@github.com'}}
    answer('pulls/7', {commits: 1})
    answer('pulls/7/commits', [{sha: SHA, author: {}, committer: {login: 'web-flow'}, commit}])
    answer(`commits/${SHA}`, {files: [{filename: 'b', previous_filename: 'a'}]})
    expect(await host.readCommits(7)).toEqual([
      {
        sha: SHA,
        people: [
          {login: null, isBot: false},
          {login: 'lin_hehe', isBot: false},
        ],
        files: ['b', 'a'],
      },
    ])
  })
  it('of several merged requests that hold a commit, the one it is the merge of', async () => {
    const base = {ref: 'main', repo: {default_branch: 'main'}}
    const merged = {merged_at: '2026-11-24T04:00:00Z', base, head: {sha: 'b'}, state: 'closed'}
    answer(`commits/${SHA}/pulls`, [
      {...merged, number: 3, base: {...base, ref: 'side'}, merge_commit_sha: SHA},
      {...merged, number: 4, merge_commit_sha: 'c'},
      {...merged, number: 5, merge_commit_sha: SHA},
    ])
    expect(await host.findPullOf(SHA)).toBe(5)
  })
  it('a limit that lasts an hour is not waited for', async () => {
    const reset = String(Date.UTC(2037, 0, 1) / 1000)
    nock(API)
      .get('/api/v3/repos/hehe/welcome/branches/main')
      .reply(403, {message: 'API rate limit exceeded'}, {'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset})
    const paced = createCodeHost({owner: 'hehe', repo: 'welcome', baseUrl: `${API}/api/v3`, token: 'ghp_x'})
    await expect(paced.readTip('main')).rejects.toThrow('GitHub answered 403: too many calls; try again later')
  })
})
