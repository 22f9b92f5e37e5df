import {createSign, generateKeyPairSync} from 'node:crypto'
import {spawnSync} from 'node:child_process'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {createGitHubStandIn} from '../../scripts/sandbox/github/create-github-stand-in.js'
import type {StandInAccount} from '../../scripts/sandbox/github/records.js'
import {type ARepository, openRepository, OWNER, REPO, START_MS, TOKEN} from './a-repository.js'

let repository: ARepository

const READER: StandInAccount = {login: 'du', email: 'du@hehe.example', token: 'token-of-du', may: 'read'}

beforeEach(async () => {
  repository = await openRepository([READER])
  control().push({branch: 'main', files: {'config/a.yaml': 'a: 1\n', 'README.md': 'x'}, message: 'first', by: 'lin'})
})
afterEach(() => repository.close())

const control = () => repository.standIn.control
const push = (branch: string, files: Record<string, string | null>, more: object = {}): string =>
  control().push({branch, from: 'main', files, message: `change ${branch}`, by: 'lin', ...more})
const onto = (branch: string, files: Record<string, string>, by = 'lin'): string =>
  control().push({branch, files, message: `more ${branch}`, by})
const open = (head = 'change'): number => control().openPull({head, base: 'main', title: 'a change', by: 'lin'})

/** GitHub's description leaves out that it refuses a status with 422; it does. */
async function openUnchecked(): Promise<void> {
  await repository.close()
  repository = await openRepository([], async (settings) => ({
    ...(await createGitHubStandIn(settings)),
    operations: new Set(),
    violations: [],
  }))
  control().push({branch: 'main', files: {'README.md': 'x'}, message: 'first', by: 'lin'})
}

interface Told {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

/** One call over the wire; a path without a slash is one of the repository. */
async function call(method: string, path: string, body?: object, token: string | null = TOKEN): Promise<Told> {
  const where = path.startsWith('/') ? path : `/repos/${OWNER}/${REPO}${path === '' ? '' : `/${path}`}`
  const answer = await fetch(`${repository.standIn.url}${where}`, {
    method,
    headers: {
      ...(token === null ? {} : {authorization: `token ${token}`}),
      ...(body ? {'content-type': 'application/json'} : {}),
    },
    ...(body ? {body: JSON.stringify(body)} : {}),
  })
  const text = await answer.text()
  return {status: answer.status, headers: answer.headers, body: text === '' ? null : JSON.parse(text)}
}
const get = async (path: string): Promise<unknown> => (await call('GET', path)).body
const git = (...args: readonly string[]): string =>
  spawnSync('git', ['-C', repository.folder, ...args], {encoding: 'utf8'}).stdout.trim()

describe('who may', () => {
  it('a wrong token is 401, no token learns nothing of a private repository', async () => {
    expect(await call('GET', 'branches/main', undefined, 'wrong')).toMatchObject({
      status: 401,
      body: {message: 'Bad credentials', documentation_url: expect.any(String)},
    })
    expect(await call('GET', 'branches/main', undefined, null)).toMatchObject({status: 404})
    expect(await call('GET', '/user', undefined, null)).toMatchObject({status: 401})
    expect(await call('GET', `/repos/${OWNER}/other/branches/main`)).toMatchObject({status: 404})
  })
  it('whoever may only read writes nothing', async () => {
    const tip = git('rev-parse', 'main')
    expect(await call('POST', `statuses/${tip}`, {state: 'success'}, READER.token)).toMatchObject({status: 403})
    expect(await call('GET', `commits/${tip}`, undefined, READER.token)).toMatchObject({status: 200})
    expect(control().statuses(tip)).toEqual([])
  })
  it('every answer has a request id and what is left of the limit', async () => {
    const {headers} = await call('GET', '')
    expect(headers.get('x-github-request-id')).toBeTruthy()
    expect(headers.get('x-ratelimit-remaining')).toBeTruthy()
  })
})

describe('an app', () => {
  const {privateKey, publicKey} = generateKeyPairSync('rsa', {modulusLength: 2048})
  const app = {id: 7, installationId: 8, publicKeyPem: publicKey.export({type: 'spki', format: 'pem'}).toString()}
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const jwt = (claims: object, key = privateKey): string => {
    const signed = `${part({alg: 'RS256', typ: 'JWT'})}.${part(claims)}`
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`
  }
  const seconds = START_MS / 1000
  beforeEach(async () => {
    await repository.close()
    repository = await openRepository([{login: 'app[bot]', email: 'a@hehe.example', type: 'Bot', may: 'write', app}])
  })
  it('signs in with a JWT of its key, and gets a token for its installation alone', async () => {
    const own = jwt({iss: 7, iat: seconds, exp: seconds + 600})
    expect(await call('GET', '/app', undefined, own)).toMatchObject({status: 200, body: {id: 7, slug: 'app'}})
    expect(await call('POST', '/app/installations/9/access_tokens', {}, own)).toMatchObject({status: 404})
    const {body} = await call('POST', '/app/installations/8/access_tokens', {}, own)
    const {token} = body as {readonly token: string}
    expect(await call('GET', '', undefined, token)).toMatchObject({status: 200, body: {full_name: `${OWNER}/${REPO}`}})
  })
  it.each([
    [
      'of another key',
      () =>
        jwt({iss: 7, iat: seconds, exp: seconds + 600}, generateKeyPairSync('rsa', {modulusLength: 2048}).privateKey),
    ],
    ['that lives too long', () => jwt({iss: 7, iat: seconds, exp: seconds + 3600})],
    ['of an unknown app', () => jwt({iss: 99, iat: seconds, exp: seconds + 600})],
    ['that is none', () => 'a.b.c'],
  ])('is not let in by a JWT %s', async (_, made) => {
    expect(await call('GET', '/app', undefined, made())).toMatchObject({status: 401})
  })
})

describe('lists', () => {
  it('come in pages with links to those beside them', async () => {
    push('change', {'config/a.yaml': 'a: 2\n'})
    const number = open()
    for (let index = 0; index < 5; index++) control().comment({pull: number, by: 'chen', body: `n${index}`})
    const {body, headers} = await call('GET', `issues/${number}/comments?per_page=2&page=2`)
    expect(body).toMatchObject([{body: 'n2'}, {body: 'n3'}])
    expect(headers.get('link')?.match(/page=\d+>; rel="\w+"/g)).toEqual([
      'page=1>; rel="prev"',
      'page=3>; rel="next"',
      'page=3>; rel="last"',
      'page=1>; rel="first"',
    ])
    expect((await call('GET', `issues/${number}/comments?per_page=2&page=9`)).body).toEqual([])
  })
  it('of commits show no more than 250 of a pull request, though it tells how many there are', async () => {
    const commits = Array.from(
      {length: 260},
      (_, index) =>
        `commit refs/heads/long\ncommitter lin <lin@hehe.example> ${1_700_000_000 + index} +0000\ndata 1\nx\n${index === 0 ? 'from refs/heads/main\n' : ''}M 100644 inline config/n.yaml\ndata ${String(index).length}\n${index}\n`,
    )
    spawnSync('git', ['-C', repository.folder, 'fast-import', '--quiet'], {input: commits.join('')})
    const number = open('long')
    expect(await get(`pulls/${number}`)).toMatchObject({commits: 260})
    expect(await get(`pulls/${number}/commits?per_page=100&page=3`)).toHaveLength(50)
    await expect(repository.host.readCommits(number)).rejects.toThrow('only 250 of 260 commits')
  })
})

describe('git objects', () => {
  it('are real ones of the repository on disk', async () => {
    const tip = push('change', {'config/组织.yaml': '组织\n', 'config/a:b.yaml': 'x\n', 'README.md': null})
    expect(git('show', `${tip}:config/组织.yaml`)).toBe('组织')
    expect(git('fsck', '--strict')).toBe('')
    expect(await get(`commits/${tip}`)).toMatchObject({
      author: {login: 'lin'},
      files: expect.arrayContaining([
        expect.objectContaining({filename: 'config/组织.yaml', status: 'added'}),
        expect.objectContaining({filename: 'config/a:b.yaml', status: 'added'}),
        expect.objectContaining({filename: 'README.md', status: 'removed'}),
      ]),
    })
    const {content} = (await get(`contents/${encodeURIComponent('config/组织.yaml')}?ref=change`)) as {
      readonly content: string
    }
    expect(Buffer.from(content, 'base64').toString()).toBe('组织\n')
  })
  it('of a path or object that git does not take are refused with 422', async () => {
    const base = git('rev-parse', 'main^{tree}')
    const blob = git('rev-parse', 'main:README.md')
    const entry = {mode: '100644', type: 'blob'}
    for (const tree of [
      [{...entry, path: 'nowhere.yaml', sha: null}],
      [{...entry, path: '.git/config', sha: blob}],
      [{...entry, path: '../out.yaml', sha: blob}],
      [{...entry, path: 'a.yaml', sha: '1'.repeat(40)}],
    ])
      expect(await call('POST', 'git/trees', {base_tree: base, tree})).toMatchObject({status: 422})
    expect(await call('GET', `git/blobs/${'1'.repeat(40)}`)).toMatchObject({status: 404})
    expect(await call('GET', `git/trees/${'1'.repeat(40)}`)).toMatchObject({status: 404})
  })
  it('a branch moves back by force alone', async () => {
    const [first, second] = [git('rev-parse', 'main'), onto('main', {'config/a.yaml': 'a: 2\n'})]
    expect(await call('PATCH', 'git/refs/heads%2Fmain', {sha: first})).toMatchObject({
      status: 422,
      body: {message: 'Update is not a fast forward'},
    })
    expect(git('rev-parse', 'main')).toBe(second)
    expect(await call('PATCH', 'git/refs/heads%2Fmain', {sha: first, force: true})).toMatchObject({status: 200})
    expect(await call('POST', 'git/refs', {ref: 'refs/heads/main', sha: first})).toMatchObject({status: 422})
  })
})

describe('a pull request', () => {
  it('follows its branch; a merge leaves the base it told', async () => {
    const before = git('rev-parse', 'main')
    push('change', {'config/a.yaml': 'a: 2\n'})
    const number = open()
    const head = onto('change', {'config/b.yaml': 'b: 1\n'})
    onto('main', {'config/c.yaml': 'c: 1\n'})
    const told = await get(`pulls/${number}`)
    expect(told).toMatchObject({head: {sha: head}, base: {sha: before}, commits: 2, changed_files: 2, mergeable: true})
    const merged = control().merge({pull: number, by: 'chen'})
    expect(await get(`pulls/${number}`)).toMatchObject({
      merged: true,
      merge_commit_sha: merged,
      merged_by: {login: 'chen'},
      base: {sha: before},
      commits: 2,
      changed_files: 2,
    })
  })
  it.each([
    ['merge', 'chen', 'web-flow', 2],
    ['squash', 'lin', 'web-flow', 1],
    ['rebase', 'lin', 'chen', 1],
  ] as const)('merged by %s is written by %s and committed by %s', async (method, author, committer, parents) => {
    push('change', {'config/a.yaml': 'a: 2\n'})
    onto('change', {'config/b.yaml': 'b: 1\n'}, method === 'squash' ? 'zhou' : 'lin')
    const number = open()
    const {body} = await call('PUT', `pulls/${number}/merge`, {merge_method: method}, 'token-of-chen')
    const {sha} = body as {readonly sha: string}
    const commit = await get(`commits/${sha}`)
    expect(commit).toMatchObject({author: {login: author}, committer: {login: committer}})
    expect(commit).toHaveProperty('parents.length', parents)
    expect(git('show', 'main:config/b.yaml')).toBe('b: 1')
    expect(await get(`commits/${sha}/pulls`)).toMatchObject([{number}])
    expect(git('log', '-1', '--format=%B', sha).includes('Co-authored-by: zhou <zhou@hehe.example>')).toBe(
      method === 'squash',
    )
  })
  it('is not merged while a check is missing, it is a draft, conflicts, or its head is another', async () => {
    const head = push('change', {'config/a.yaml': 'a: 2\n'})
    const number = open()
    const merge = (sha = head) => call('PUT', `pulls/${number}/merge`, {sha})
    control().requireStatus('main', 'yingbin/gate')
    expect(await merge('2'.repeat(40))).toMatchObject({status: 409})
    expect(await merge()).toMatchObject({status: 405})
    for (const state of ['success', 'failure']) await call('POST', `statuses/${head}`, {state, context: 'yingbin/gate'})
    expect(await merge()).toMatchObject({status: 405})
    await call('POST', `statuses/${head}`, {state: 'success', context: 'yingbin/gate'})
    onto('main', {'config/a.yaml': 'a: 3\n'})
    expect(await get(`pulls/${number}`)).toMatchObject({mergeable: false})
    expect(await merge()).toMatchObject({status: 405})
    push('draft', {'config/d.yaml': 'd: 1\n'})
    const draft = control().openPull({head: 'draft', base: 'main', title: 'd', by: 'lin', isDraft: true})
    expect(() => control().merge({pull: draft, by: 'chen'})).toThrow('still a draft')
    expect(
      control()
        .pulls()
        .map(({state}) => state),
    ).toEqual(['open', 'open'])
  })
  it('is opened once, and not without commits', async () => {
    push('change', {'config/a.yaml': 'a: 2\n'})
    const ask = (head: string) => call('POST', 'pulls', {head, base: 'main', title: 't'})
    expect(await ask('change')).toMatchObject({status: 201})
    expect(await ask('change')).toMatchObject({
      status: 422,
      body: {errors: [{message: expect.stringContaining('already exists')}]},
    })
    expect(await ask('main')).toMatchObject({status: 422})
    expect(await ask('nowhere')).toMatchObject({status: 422})
  })
})

describe('what is said', () => {
  it('nobody approves what is his own; a comment is no word that could be taken back', async () => {
    push('change', {'config/a.yaml': 'a: 2\n'})
    const number = open()
    const approve = await call('POST', `pulls/${number}/reviews`, {event: 'APPROVE'}, 'token-of-lin')
    expect(approve).toMatchObject({status: 422, body: {errors: ['Can not approve your own pull request']}})
    const note = control().review({pull: number, by: 'chen', state: 'COMMENT'})
    expect(() => control().dismissReview(number, note, 'lin')).toThrow('Unprocessable')
  })
  it('the timeline tells commits, reviews, comments and labels, oldest first', async () => {
    push('change', {'config/a.yaml': 'a: 2\n'})
    const number = open()
    const {host} = repository
    repository.advance(1000)
    const review = control().review({pull: number, by: 'chen', state: 'APPROVE'})
    repository.advance(1000)
    await host.addComment(number, 'hello')
    await host.setLabel(number, 'yingbin:locked', true)
    repository.advance(1000)
    control().editReview(number, review, 'edited')
    await host.setLabel(number, 'yingbin:locked', false)
    control().dismissReview(number, review, 'zhou')
    const told = (await get(`issues/${number}/timeline`)) as readonly Record<string, unknown>[]
    expect(told.map(({event}) => event)).toEqual([
      'committed',
      'reviewed',
      'commented',
      'labeled',
      'unlabeled',
      'review_dismissed',
    ])
    expect(told[1]).toMatchObject({submitted_at: '2026-11-24T04:00:01Z', updated_at: '2026-11-24T04:00:03Z'})
  })
  it('a status that GitHub does not take is refused', async () => {
    await openUnchecked()
    const tip = git('rev-parse', 'main')
    expect(await call('POST', `statuses/${tip}`, {state: 'good'})).toMatchObject({status: 422})
    expect(await call('POST', `statuses/${tip}`, {state: 'error', description: 'x'.repeat(141)})).toMatchObject({
      status: 422,
    })
  })
  it('a comment that GitHub does not take is refused', async () => {
    const issue = control().openIssue({title: 't', body: 'b', by: 'lin'})
    expect(await call('POST', `issues/${issue}/comments`, {body: ' '})).toMatchObject({status: 422})
    const {body} = await call('POST', `issues/${issue}/comments`, {body: 'x'})
    const {id} = body as {readonly id: number}
    expect(await call('DELETE', `issues/comments/${id}`)).toMatchObject({status: 204})
    expect(await call('GET', `issues/comments/${id}`)).toMatchObject({status: 404})
  })
  it('a deployment tells how it went, newest first', async () => {
    const {body} = await call('POST', 'deployments', {ref: 'main', environment: 'production'})
    const {id} = body as {readonly id: number}
    for (const state of ['in_progress', 'success']) await call('POST', `deployments/${id}/statuses`, {state})
    expect(await get(`deployments/${id}/statuses`)).toMatchObject([{state: 'success'}, {state: 'in_progress'}])
    expect(await get('deployments?environment=staging')).toEqual([])
  })
  it('labels are the same in any case, as on GitHub', async () => {
    const issue = control().openIssue({title: 't', body: 'b', by: 'lin', labels: ['Yingbin:Locked']})
    await repository.host.setLabel(issue, 'yingbin:locked', true)
    expect(control().labels(issue)).toEqual(['Yingbin:Locked'])
    await repository.host.setLabel(issue, 'yingbin:locked', false)
    expect(control().labels(issue)).toEqual([])
  })
})

describe('the client', () => {
  it('reads co-authors out of a very long message at once, folded ones too', async () => {
    const message = `x\n\nCo-authored-by: Z\n <zhou@users.noreply.github.com>\n${'co-authored-by:\n'.repeat(60_000)}`
    push('change', {'config/a.yaml': 'a: 2\n'}, {message})
    const [commit] = await repository.host.readCommits(open())
    expect(commit?.people.map(({login}) => login)).toEqual(['lin', 'zhou'])
  }, 5000)
  it('tells a 422 by its status, without the token', async () => {
    await openUnchecked()
    const refused: unknown = await repository.host
      .writeStatus('1'.repeat(40), {context: 'x', state: 'success', description: 'y'})
      .catch((error: unknown) => error)
    expect(refused).toMatchObject({name: 'HostRefused', status: 422})
    expect(`${String(refused)} ${JSON.stringify(refused)}`).not.toContain(TOKEN)
  })
})
