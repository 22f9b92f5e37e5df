import {generateKeyPairSync} from 'node:crypto'
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {HostRefused} from '../../scripts/core/ports.js'
import {importLine} from './a-line.js'
import {type ARepository, GATE, openRepository, START_MS, TOKEN} from './a-repository.js'

let repository: ARepository

beforeEach(async () => {
  repository = await openRepository()
  repository.standIn.control.push({
    branch: 'main',
    files: {'config/a.yaml': 'a: 1\n', 'README.md': 'x'},
    message: 'first',
    by: 'lin',
  })
})
afterEach(() => repository.close())

const push = (branch: string, files: Record<string, string | null>, more: object = {}): string =>
  repository.standIn.control.push({branch, from: 'main', files, message: `change ${branch}`, by: 'lin', ...more})
const open = (head = 'change', by = 'lin'): number =>
  repository.standIn.control.openPull({head, base: 'main', title: 'a change', by})
const onto = (branch: string, files: Record<string, string>, more: object = {}): string =>
  repository.standIn.control.push({branch, files, message: `more ${branch}`, by: 'lin', ...more})

describe('a pull request', () => {
  it('tells author, head, and the tip of its base as it is now', async () => {
    const head = push('change', {'config/a.yaml': 'a: 2\n'})
    const number = open()
    const moved = onto('main', {'config/b.yaml': 'b: 1\n'})
    expect(await repository.host.readPull(number)).toEqual({
      number,
      author: {login: 'lin', isBot: false},
      state: 'open',
      isDraft: false,
      isFork: false,
      head,
      base: moved,
      baseRef: 'main',
      defaultBranch: 'main',
      mergedAtMs: null,
      mergeCommit: null,
      labels: [],
    })
    expect(await repository.host.countBehind(moved, head)).toBe(1)
  })
  it.each(['merge', 'squash', 'rebase'] as const)(
    'that was merged by %s has the commit before all of it for a base',
    async (method) => {
      const before = await repository.host.readTip('main')
      push('change', {'config/a.yaml': 'a: 2\n'})
      onto('change', {'config/grants/mine.yaml': '- x\n'})
      onto('change', {'config/a.yaml': 'a: 3\n'})
      const number = open()
      const merged = repository.standIn.control.merge({pull: number, by: 'chen', method})
      const pull = await repository.host.readPull(number)
      expect(pull).toMatchObject({state: 'merged', base: before, mergeCommit: merged, mergedAtMs: START_MS})
      expect(await repository.host.findPullOf(merged)).toBe(number)
      expect(await repository.host.findPullOf(pull.head)).toBe(number)
    },
  )
  it('is found by its head while it is open, and by nothing else', async () => {
    const head = push('change', {'config/a.yaml': 'a: 2\n'})
    const number = open()
    expect(await repository.host.findPullOf(head)).toBe(number)
    expect(await repository.host.findPullOf(await repository.host.readTip('main'))).toBeNull()
  })
  it('of a fork, of a draft, of a ghost and of a machine says so', async () => {
    push('change', {'config/a.yaml': 'a: 2\n'})
    const number = repository.standIn.control.openPull({
      head: 'change',
      base: 'main',
      title: 't',
      by: 'gone',
      fork: 'stranger',
      isDraft: true,
    })
    expect(await repository.host.readPull(number)).toMatchObject({
      isFork: true,
      isDraft: true,
      author: {login: 'ghost'},
    })
    push('bot', {'config/a.yaml': 'a: 4\n'})
    expect((await repository.host.readPull(open('bot', GATE))).author).toEqual({login: GATE, isBot: true})
  })
  it('tells every changed file with its old name, beyond one page', async () => {
    const files = Object.fromEntries(
      Array.from({length: 120}, (_, index) => [`config/t/${index}.yaml`, `n: ${index}\n`]),
    )
    push('change', {...files, 'README.md': null, 'READ.md': 'x'})
    const changed = await repository.host.readChangedFiles(open())
    expect(changed).toHaveLength(122)
    expect(changed).toEqual(expect.arrayContaining(['README.md', 'READ.md', 'config/t/119.yaml']))
  })
})

describe('commits', () => {
  const peopleOf = async (message: string, more: object = {}): Promise<(string | null)[]> => {
    push('change', {'config/a.yaml': 'a: 2\n'}, {message, ...more})
    const [commit] = await repository.host.readCommits(open())
    return commit?.people.map(({login}) => login) ?? []
  }
  it('name author, committer and co-authors', async () => {
    const message =
      'x\n\nCo-authored-by: Z <123+zhou@users.noreply.github.com>\nco-authored-by: W <wu-hao@users.noreply.github.com>'
    expect(await peopleOf(message, {committer: 'chen'})).toEqual(['lin', 'chen', 'zhou', 'wu-hao'])
  })
  it('know a co-author by an address that another commit of the request was made with', async () => {
    push('change', {'config/a.yaml': 'a: 2\n'}, {by: 'chen'})
    onto('change', {'config/a.yaml': 'a: 3\n'}, {message: 'x\n\nCo-authored-by: C <CHEN@hehe.example>'})
    const commits = await repository.host.readCommits(open())
    expect(commits.map(({people}) => people.map(({login}) => login))).toEqual([['chen'], ['lin', 'chen']])
  })
  it('leave whoever GitHub does not know unknown', async () => {
    expect(await peopleOf('x\n\nCo-authored-by: S <secret@elsewhere.example>')).toEqual(['lin', null])
    expect(await peopleOf('y', {by: 'nobody-here'}).catch(() => 'open')).not.toEqual(['lin'])
  })
  it('of GitHub itself count for nobody', async () => {
    push('change', {'config/a.yaml': 'a: 2\n'})
    const number = open()
    push('side', {'config/c.yaml': 'c: 1\n'})
    const side = repository.standIn.control.openPull({head: 'side', base: 'change', title: 's', by: 'chen'})
    repository.standIn.control.merge({pull: side, by: 'chen'})
    const merge = (await repository.host.readCommits(number)).at(-1)
    expect(merge?.people.map(({login}) => login)).toEqual(['chen'])
  })
  it('tell the files they touched', async () => {
    push('change', {'config/a.yaml': 'a: 2\n'})
    onto('change', {'config/b.yaml': 'b: 1\n'})
    expect((await repository.host.readCommits(open())).map(({files}) => files)).toEqual([
      ['config/a.yaml'],
      ['config/b.yaml'],
    ])
  })
})

describe('reviews', () => {
  it('come with commit, time and state, beyond one page', async () => {
    const head = push('change', {'config/a.yaml': 'a: 2\n'})
    const number = open()
    for (let round = 0; round < 130; round++)
      repository.standIn.control.review({pull: number, by: 'chen', state: 'COMMENT'})
    repository.standIn.control.review({pull: number, by: 'zhou', state: 'APPROVE'})
    const reviews = await repository.host.readReviews(number)
    expect(reviews).toHaveLength(131)
    expect(reviews.at(-1)).toMatchObject({
      by: {login: 'zhou'},
      state: 'approved',
      commit: head,
      submittedAtMs: START_MS,
      isEdited: false,
    })
  })
  it('that were edited or dismissed say so', async () => {
    push('change', {'config/a.yaml': 'a: 2\n'})
    const number = open()
    const {control} = repository.standIn
    const [first, second] = ['chen', 'zhou'].map((by) => control.review({pull: number, by, state: 'APPROVE'}))
    repository.advance(60_000)
    control.editReview(number, first ?? 0, 'and more')
    control.dismissReview(number, second ?? 0, 'chen')
    expect((await repository.host.readReviews(number)).map(({state, isEdited}) => [state, isEdited])).toEqual([
      ['approved', true],
      ['dismissed', true],
    ])
  })
})

describe('what is said about a change', () => {
  it('comments tell when they were edited', async () => {
    push('change', {'config/a.yaml': 'a: 2\n'})
    const number = open()
    const id = repository.standIn.control.comment({pull: number, by: 'chen', body: '/yingbin check'})
    repository.advance(60_000)
    expect(await repository.host.readComments(number)).toMatchObject([{id, isEdited: false, createdAtMs: START_MS}])
    repository.standIn.control.editComment(id, '/yingbin unlock a 急')
    expect(await repository.host.readComments(number)).toMatchObject([{id, isEdited: true}])
  })
  it('the kept comment is ours and one, whoever else writes its marker', async () => {
    push('change', {'config/a.yaml': 'a: 2\n'})
    const number = open()
    repository.standIn.control.comment({pull: number, by: 'chen', body: '<!-- mark --> forged'})
    await repository.host.keepComment(number, '<!-- mark -->', '<!-- mark --> one')
    await repository.host.keepComment(number, '<!-- mark -->', '<!-- mark --> two')
    expect(repository.standIn.control.comments(number).map(({by, body}) => `${by}: ${body}`)).toEqual([
      'chen: <!-- mark --> forged',
      `${GATE}: <!-- mark --> two`,
    ])
  })
  it('a status names who made it and when, and is cut to what GitHub takes', async () => {
    const head = push('change', {'config/a.yaml': 'a: 2\n'})
    await repository.host.writeStatus(head, {context: 'yingbin/plan', state: 'success', description: '长'.repeat(200)})
    await repository.host.writeStatus(head, {context: 'other', state: 'failure', description: 'x'})
    expect(await repository.host.readStatuses(head, 'yingbin/plan')).toEqual([
      {
        context: 'yingbin/plan',
        state: 'success',
        description: '长'.repeat(140),
        by: {login: GATE, isBot: true},
        atMs: START_MS,
      },
    ])
  })
  it('a label is made, put on, and taken off once', async () => {
    push('change', {'config/a.yaml': 'a: 2\n'})
    const number = open()
    for (const isOn of [true, true, false, false]) {
      await repository.host.setLabel(number, 'yingbin:locked', isOn)
      expect(repository.standIn.control.labels(number)).toEqual(isOn ? ['yingbin:locked'] : [])
    }
  })
  it('an issue is kept, and closed when there is nothing to tell', async () => {
    const keep = (body: string | null) =>
      repository.host.keepIssue('<!-- drift -->', {title: '漂移', body, labels: ['漂移']})
    await keep(null)
    await keep('one')
    await keep('two')
    expect(repository.standIn.control.issues()).toMatchObject([{state: 'open', body: '<!-- drift -->\ntwo'}])
    await keep(null)
    expect(repository.standIn.control.issues()).toMatchObject([{state: 'closed'}])
    expect(await repository.host.readIssue(1)).toMatchObject({by: {login: GATE}, labels: ['漂移']})
  })
})

describe('a proposal', () => {
  const proposal = {branch: 'yingbin/x', baseRef: 'main', title: '同步', body: '正文', labels: ['机器人']}
  it('is one commit on a branch of ours and one pull request, brought up to date', async () => {
    const first = await repository.host.propose({...proposal, files: {'config/a.yaml': 'a: 9\n', 'README.md': null}})
    expect(first).toEqual({number: 1, isNew: true})
    expect(await repository.host.readChangedFiles(1)).toEqual(['README.md', 'config/a.yaml'])
    expect(repository.standIn.control.labels(1)).toEqual(['机器人'])
    const second = await repository.host.propose({
      ...proposal,
      title: '再同步',
      files: {'config/组织.yaml': '组织: 1\n'},
    })
    expect(second).toEqual({number: 1, isNew: false})
    expect(await repository.host.readChangedFiles(1)).toEqual(['config/组织.yaml'])
    expect(repository.standIn.control.issues()).toMatchObject([{title: '再同步'}])
  })
  it('of what is there already is none', async () => {
    expect(await repository.host.propose({...proposal, files: {'config/a.yaml': 'a: 1\n'}})).toBeNull()
    expect(repository.standIn.control.issues()).toEqual([])
  })
})

describe('history', () => {
  const DAY_MS = 86_400_000
  it('follows the branch itself: a side branch with an old date was nobody’s release', async () => {
    const old = onto('main', {'config/a.yaml': 'a: 2\n'}, {atMs: START_MS - 10 * DAY_MS})
    push('change', {'config/a.yaml': 'a: 666\n'}, {atMs: START_MS - 8 * DAY_MS})
    repository.standIn.control.merge({pull: open(), by: 'chen'})
    const tip = await repository.host.readTip('main')
    expect(await repository.host.commitAt(tip, START_MS - 7 * DAY_MS)).toBe(old)
    expect(await repository.host.commitAt(tip, START_MS)).toBe(tip)
  })
  it('answers with the first commit where all are younger, beyond one page', async () => {
    const first = await repository.host.readTip('main')
    importLine(repository, {branch: 'main', from: 'main', count: 105})
    expect(await repository.host.commitAt(await repository.host.readTip('main'), 0)).toBe(first)
  })
})

describe('a folder', () => {
  let target = ''
  beforeEach(() => {
    target = mkdtempSync(join(tmpdir(), 'yingbin-folder-'))
  })
  afterEach(() => rmSync(target, {recursive: true, force: true}))
  it.each([100_000, 3])('is written whole, also where GitHub cuts the tree after %d entries', async (limit) => {
    onto('main', {'config/templates/南/门店.yaml': '门店\n', 'config/b.yaml': 'b\n'})
    repository.standIn.control.cutTrees(limit)
    await repository.host.readFolder(await repository.host.readTip('main'), 'config', target)
    expect(
      readdirSync(target, {recursive: true, encoding: 'utf8'})
        .filter((path) => path.endsWith('.yaml'))
        .sort(),
    ).toEqual(['a.yaml', 'b.yaml', 'templates/南/门店.yaml'])
    expect(readFileSync(join(target, 'templates/南/门店.yaml'), 'utf8')).toBe('门店\n')
  })
  it('that is not there is empty', async () => {
    await repository.host.readFolder(await repository.host.readTip('main'), 'nowhere', target)
    expect(readdirSync(target)).toEqual([])
  })
})

describe('trouble', () => {
  it('of the moment is tried again', async () => {
    repository.standIn.control.failNext(1, 502)
    expect(await repository.host.readTip('main')).toMatch(/^[0-9a-f]{40}$/)
  })
  it.each([
    [401, {token: 'ghp_wrong_and_secret'}],
    [404, {repo: 'another'}],
  ])('that stays is told by its status %d alone', async (status, settings) => {
    const refused: unknown = await repository
      .client(settings)
      .readTip('main')
      .catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(HostRefused)
    expect(refused).toMatchObject({status})
    const shown = `${String(refused)} ${JSON.stringify(refused)} ${refused instanceof Error ? refused.stack : ''}`
    expect(shown).not.toMatch(/ghp_|127\.0\.0\.1/)
  })
  it('without any answer says so', async () => {
    const lost: unknown = await repository
      .client({baseUrl: 'http://127.0.0.1:1'})
      .readTip('main')
      .catch((error: unknown) => error)
    expect(String(lost)).toBe('HostRefused: GitHub could not be reached')
  })
  it('is a refusal when a comment is longer than GitHub takes', async () => {
    push('change', {'config/a.yaml': 'a: 2\n'})
    await expect(repository.host.addComment(open(), 'x'.repeat(65_537))).rejects.toThrow(RangeError)
  })
})

describe('signing in', () => {
  it('tells who one is: a person by name, the token of a run by what GitHub calls it', async () => {
    expect(await repository.client({token: 'token-of-lin', login: undefined}).ownLogin()).toBe('lin')
    expect(await repository.client({login: undefined}).ownLogin()).toBe('github-actions[bot]')
    expect(await repository.host.ownLogin()).toBe(GATE)
    expect(JSON.stringify(repository.standIn.control.requests)).not.toContain(TOKEN)
  })
  it('works for an app, and below the path of GitHub Enterprise', async () => {
    const {privateKey, publicKey} = generateKeyPairSync('rsa', {modulusLength: 2048})
    const app = {id: 77, installationId: 88, publicKeyPem: publicKey.export({type: 'spki', format: 'pem'}).toString()}
    await repository.close()
    repository = await openRepository([
      {login: 'welcome-gate[bot]', email: 'app@hehe.example', type: 'Bot', may: 'admin', app},
    ])
    repository.standIn.control.push({branch: 'main', files: {'config/a.yaml': 'a\n'}, message: 'first', by: 'lin'})
    const key = privateKey.export({type: 'pkcs8', format: 'pem'}).toString()
    const host = repository.client({
      token: undefined,
      login: undefined,
      baseUrl: `${repository.standIn.url}/api/v3`,
      app: {appId: '77', privateKey: key, installationId: 88},
    })
    expect(await host.ownLogin()).toBe('welcome-gate[bot]')
    const tip = await host.readTip('main')
    await host.writeStatus(tip, {context: 'x', state: 'success', description: 'y'})
    expect(repository.standIn.control.statuses(tip)).toMatchObject([{by: 'welcome-gate[bot]'}])
  })
})
