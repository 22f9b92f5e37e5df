import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {checkToken} from '../../scripts/core/gate/token.js'
import type {Changes} from '../support/a-config.js'
import {documentOf, type JsonObject, listOf, runCommand, textOf} from '../support/run-command.js'
import {NEW_TEXT} from './a-gate.js'
import {type AReview, openReview} from './a-review.js'

let review: AReview

beforeEach(async () => {
  review = await openReview()
})
afterEach(() => review.close())

const ALL = ['ling-shou', 'he-gui', 'xiao-bao'] as const
const link = (host: string): Changes => ({
  'templates/hello.yaml': {
    title: '问候',
    text: '您好，理财非存款。',
    fallback: '您好',
    attachments: [{type: 'link', title: '官方核实', url: `https://${host}/verify`}],
  },
})
const failing = (document: JsonObject): string[] => {
  const leaves = (node: JsonObject): JsonObject[] => {
    const children = listOf(node, 'children')
    return children.length === 0 ? [node] : children.flatMap(leaves)
  }
  return listOf(document, 'tree')
    .flatMap(leaves)
    .filter(({holds}) => holds === false)
    .map((leaf) => textOf(leaf, 'name'))
}

describe('a good change', () => {
  it('waits for three departments, is merged, and each writing step gets a token of its own', async () => {
    const pull = review.propose('good', NEW_TEXT)
    const waiting = await review.ask(pull)
    expect(waiting).toMatchObject({code: 1, verdict: 'refused'})
    expect(failing(waiting)).toEqual(['文案或链接', '文案或链接', '文案或链接'])
    review.advance(1000)
    review.approve(pull, ...ALL)
    const agreed = await review.ask(pull)
    expect(agreed).toMatchObject({code: 0, verdict: 'ok'})
    expect(await review.ask(pull, '--mint')).toMatchObject({
      code: 1,
      verdict: 'refused',
      reason: expect.stringContaining('没有合并'),
    })
    const merged = review.standIn.control.merge({pull, by: 'ke-ji'})
    const tokens: string[] = []
    for (let step = 0; step < 2; step++) {
      review.advance(600_000)
      const minted = documentOf(await review.gate('--commit', merged, '--mint', '--json'))
      expect(minted).toMatchObject({verdict: 'ok', planDigest: agreed['planDigest']})
      tokens.push(textOf(minted, 'token'))
    }
    expect(tokens[0]).not.toBe(tokens[1])
    const expected = {planDigest: textOf(agreed, 'planDigest'), nowMs: review.nowMs(), usedIds: new Set<string>()}
    expect(await checkToken(tokens[1] ?? '', review.publicKeyPem, expected)).toMatchObject({
      ok: true,
      claims: {
        head: (await review.host.readPull(pull)).head,
        approvers: expect.arrayContaining([{login: 'he-gui', place: '文案或链接'}]),
      },
    })
    expect(await checkToken(tokens[0] ?? '', review.publicKeyPem, expected)).toMatchObject({ok: false})
  })
  it('is shown as one comment, one check, and no label, however often it is asked about', async () => {
    const pull = review.propose('good', NEW_TEXT)
    await review.ask(pull)
    await review.ask(pull)
    const {control} = review.standIn
    expect(control.comments(pull)).toHaveLength(1)
    expect(control.comments(pull)[0]?.body).toContain('还差 3 位审批人')
    expect(control.labels(pull)).toEqual([])
    const {head} = await review.host.readPull(pull)
    expect(control.statuses(head).map(({context, state}) => `${context} ${state}`)).toEqual([
      'yingbin/plan success',
      'yingbin/gate pending',
      'yingbin/gate pending',
    ])
  })
  it('hands its token to the next step of a workflow, and prints it nowhere', async () => {
    const pull = review.propose('good', NEW_TEXT)
    await review.ask(pull)
    review.advance(1000)
    review.approve(pull, ...ALL)
    review.standIn.control.merge({pull, by: 'ke-ji'})
    const output = join(review.home, 'output')
    const ran = await runCommand(['gate', '--pr', String(pull), '--mint', '--report', 'report'], {
      cwd: review.home,
      env: review.env({GITHUB_OUTPUT: output}),
    })
    expect(ran.code).toBe(0)
    const written = readFileSync(output, 'utf8')
    const [, token = ''] = /^token=(.+)$/m.exec(written) ?? []
    expect(token.split('.')).toHaveLength(3)
    expect(`${ran.out}${ran.err}`).not.toContain(token)
    for (const file of ['report.md', 'gate.json', 'plan.json']) {
      expect(existsSync(join(review.home, 'report', file))).toBe(true)
      expect(readFileSync(join(review.home, 'report', file), 'utf8')).not.toContain(token)
    }
  })
})

describe('a change is refused', () => {
  it('when it was pushed to after the approval', async () => {
    const pull = review.propose('good', NEW_TEXT)
    await review.ask(pull)
    review.advance(1000)
    review.approve(pull, ...ALL)
    review.push('good', {'templates/hello.yaml': {title: '问候', text: '您好，理财非存款，请放心。'}})
    const document = await review.ask(pull)
    expect(document.code).toBe(1)
    expect(listOf(document, 'voided').map(({reason}) => reason)).toEqual(['old-commit', 'old-commit', 'old-commit'])
  })
  it('when the approvals have grown older than the rule allows', async () => {
    const pull = review.propose('good', NEW_TEXT)
    await review.ask(pull)
    review.advance(1000)
    review.approve(pull, ...ALL)
    // The exact second is held elsewhere: here the clock of a real command goes on.
    review.advance(240_000)
    expect((await review.ask(pull)).code).toBe(0)
    review.advance(61_000)
    const late = await review.ask(pull)
    expect(late.code).toBe(1)
    expect(listOf(late, 'voided').map(({reason}) => reason)).toEqual(['confirm-ttl', 'confirm-ttl', 'confirm-ttl'])
  })
  it('when its author grants himself the right in it', async () => {
    const head: Changes = {
      ...NEW_TEXT,
      'grants/mine.yaml': [{role: '编辑', to: ['github:lin-shi'], until: '2027-06-30', ticket: 'OA-7'}],
    }
    const document = await review.ask(review.propose('mine', head, 'lin-shi'))
    const denied = listOf(document, 'findings').filter(({rule}) => rule === 'grant-denied')
    expect(denied.map(({file}) => file)).toEqual(['config/grants/mine.yaml', 'config/templates/hello.yaml'])
  })
  it('when it moves a link to a host that only looks registered: locked, labelled, and the security group is to be told once', async () => {
    review = await reopen(link('m.hehejj.example'))
    const pull = review.propose('tampered', link('m.hehejj.example.verify-cn.example'))
    const document = await review.ask(pull, '--report', 'report')
    expect(document.code).toBe(1)
    expect(listOf(document, 'locks').map(({kind}) => kind)).toEqual(
      expect.arrayContaining(['links', 'lookalike', 'host-not-in-registry']),
    )
    expect(document).toMatchObject({isNewlyLocked: true, security: ['an.quan', 'ke.ji']})
    expect(review.standIn.control.labels(pull)).toEqual(['yingbin:locked'])
    expect((await review.ask(pull))['isNewlyLocked']).toBe(false)
    expect(review.standIn.control.comments(pull)[0]?.body).toContain('m.hehejj.example.verify-cn.example')
  })
  it('when a link changes and no second department agrees', async () => {
    const rule = {name: '链接', on: ['link'], need: [{count: 2, role: '审批人', distinctDepartments: true}]}
    review = await reopen({
      ...link('m.hehejj.example'),
      'policy.yaml': {
        review: [rule],
        guard: {linkChange: {template: '100%', release: '100%'}, keyFactChange: {template: '100%'}},
      },
    })
    const changed = link('m.hehejj.example')
    const head: Changes = {
      'templates/hello.yaml': {
        ...(changed['templates/hello.yaml'] as object),
        attachments: [{type: 'link', title: '官方核实', url: 'https://m.hehejj.example/verify2'}],
      },
    }
    const pull = review.propose('link', head)
    await review.ask(pull)
    review.advance(1000)
    review.approve(pull, 'ling-shou', 'ling-er')
    const one = await review.ask(pull)
    expect(one.code).toBe(1)
    expect(listOf(one, 'needs')).toMatchObject([{rule: '链接', missing: 1}])
    review.approve(pull, 'he-gui')
    expect((await review.ask(pull)).code).toBe(0)
  })
  it('when it changes the program too', async () => {
    const pull = review.propose('mixed', NEW_TEXT, 'xiao-wen', {'.github/workflows/deploy.yml': 'on: push\n'})
    expect(failing(await review.ask(pull))).toContain('mixed-pull-request')
  })
  it('when it does not hold what the base branch holds', async () => {
    const pull = review.propose('behind', NEW_TEXT)
    review.standIn.control.push({branch: 'main', files: {'README.md': 'x'}, message: 'more', by: 'ke-ji'})
    expect(failing(await review.ask(pull))).toContain('behind-base')
  })
  it('when an administrator merges it without anybody’s approval: no token', async () => {
    const pull = review.propose('rushed', NEW_TEXT)
    await review.ask(pull)
    review.standIn.control.merge({pull, by: 'ke-ji'})
    const document = await review.ask(pull, '--mint')
    expect(document).toMatchObject({code: 1, verdict: 'refused'})
    expect(document['token']).toBeUndefined()
  })
  it('when it came without a pull request at all', async () => {
    const pushed = review.push('main', NEW_TEXT, 'ke-ji')
    const ran = await review.gate('--commit', pushed, '--mint')
    expect(ran.code).toBe(2)
    expect(ran.err).toContain('不是从合并请求来的')
  })
  it('when the rebase merge made its own first half the base', async () => {
    const {control} = review.standIn
    const mine = {'grants/mine.yaml': [{role: '编辑', to: ['github:lin-shi'], until: '2027-06-30', ticket: 'OA-7'}]}
    const pull = review.propose('rebase', mine, 'lin-shi')
    review.push('rebase', {...mine, ...NEW_TEXT}, 'lin-shi')
    control.merge({pull, by: 'ke-ji', method: 'rebase'})
    const document = await review.ask(pull, '--mint')
    expect(document.code).toBe(1)
    expect(listOf(document, 'findings').map(({rule}) => rule)).toContain('grant-denied')
  })
  it('when it comes from a fork and nobody there may change anything', async () => {
    review.standIn.control.push({
      branch: 'theirs',
      from: 'main',
      files: {'config/templates/hello.yaml': 'title: 问候\ntext: 您好，理财非存款！\n'},
      message: 'x',
      by: 'stranger',
    })
    const pull = review.standIn.control.openPull({
      head: 'theirs',
      base: 'main',
      title: 'x',
      by: 'stranger',
      fork: 'stranger',
    })
    expect(failing(await review.ask(pull))).toEqual(expect.arrayContaining(['grant-denied', 'co-author-unknown']))
  })
})

describe('an unlock', () => {
  it('by two other departments opens the lock, is named in the token, and runs out', async () => {
    review = await reopen(link('m.hehejj.example'))
    const base = link('m.hehejj.example')['templates/hello.yaml'] as object
    const pull = review.propose('big', {
      'templates/hello.yaml': {
        ...base,
        attachments: [{type: 'link', title: '官方核实', url: 'https://m.hehejj.example/new'}],
      },
    })
    const scopes = listOf(await review.ask(pull), 'locks').map((one) => textOf(one, 'scope').replace('template:', ''))
    review.advance(1000)
    for (const by of ['an-quan', 'ke-ji'])
      for (const scope of new Set(scopes))
        review.standIn.control.comment({pull, by, body: `/yingbin unlock ${scope} 换季活动`})
    review.approve(pull, ...ALL)
    expect((await review.ask(pull)).code).toBe(0)
    review.advance(4 * 3_600_000 + 1000)
    expect(failing(await review.ask(pull))).toContain('links')
  })
})

describe('the command', () => {
  it('writes nothing on a dry run', async () => {
    const pull = review.propose('good', NEW_TEXT)
    await review.ask(pull, '--dry-run')
    expect(review.standIn.control.requests.filter(({method}) => method !== 'GET')).toEqual([])
  })
  it.each([
    ['without a number', ['gate']],
    ['with a number that is none', ['gate', '--pr', '0x1']],
    ['with a commit that is none', ['gate', '--commit', '; rm -rf /']],
    ['with an unknown format', ['gate', '--pr', '1', '--format', 'xml']],
  ])('could not run %s', async (_what, argv) => {
    expect((await runCommand(argv, {cwd: review.home, env: review.env()})).code).toBe(2)
  })
  it.each([
    ['GITHUB_REPOSITORY', '--repo'],
    ['GITHUB_TOKEN', 'GITHUB_TOKEN'],
  ])('names %s when it is missing', async (name, expected) => {
    const env = Object.fromEntries(Object.entries(review.env()).filter(([key]) => key !== name))
    const ran = await runCommand(['gate', '--pr', '1'], {cwd: review.home, env})
    expect(ran.code).toBe(2)
    expect(ran.err).toContain(expected)
  })
  it('says what GitHub said, and nothing of the token, when GitHub says no', async () => {
    const ran = await runCommand(['gate', '--pr', '99'], {cwd: review.home, env: review.env()})
    expect(ran.code).toBe(2)
    expect(ran.err).toContain('404')
    expect(ran.err).not.toContain('ghp_')
  })
  it('answers a question below the pull request', async () => {
    const pull = review.propose('good', NEW_TEXT)
    const id = review.standIn.control.comment({pull, by: 'he-gui', body: '/yingbin explain he.gui 2026-11-28T02:00'})
    const ran = await runCommand(['reply', '--pr', String(pull), '--comment', String(id)], {
      cwd: review.home,
      env: review.env(),
    })
    expect(ran.code).toBe(0)
    expect(review.standIn.control.comments(pull).at(-1)?.body).toContain('投资须谨慎')
  })
})

async function reopen(base: Changes): Promise<AReview> {
  await review.close()
  return openReview(base)
}
