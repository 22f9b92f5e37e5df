import {afterAll, beforeAll, describe, expect, it} from '@jest/globals'
import {type AMachine, type Asked, aMachine} from './a-machine.js'
import {readWorkflow} from './read-workflows.js'
import {type Happening, runWorkflow} from './run-workflow.js'
import {startsOn} from './runner/triggers.js'
import type {Json, JsonObject} from './runner/expressions.js'

const HEAD = 'e'.repeat(40)
const REPOSITORY = {default_branch: 'main', full_name: 'hehe/welcome'}

const START: Happening = {
  ...{name: 'push', payload: {repository: REPOSITORY}, sha: HEAD},
  ...{ref: 'refs/heads/main', actor: 'lin'},
}

let world: AMachine
let sha: string
beforeAll(() => {
  world = aMachine()
  sha = world.commit({'config/words.yaml': 'hello\n'})
})
afterAll(() => world.close())

/** Plays a shipped workflow on a repository whose main says `hello`; the program says no to one verb. */
async function play(file: string, {saysNo = '', ...more}: Partial<Happening> & {readonly saysNo?: string} = {}) {
  const run = await runWorkflow(
    readWorkflow(file),
    {...START, sha, ...more},
    {...world.machine, env: {...world.machine.env, SAYS_NO: saysNo}},
  )
  const asked = world.takeAsked()
  return {run, asked, verbs: asked.map(({argv}) => argv[0])}
}

/** Which of the secrets a command could see. */
const SECRETS = ['YINGBIN_APP_KEY', 'YINGBIN_TOKEN_KEY', 'WECOM_SECRET', 'YINGBIN_RELEASE_KEY', 'YINGBIN_ROBOT_WEBHOOK']
const seen = ({env}: Asked): string[] =>
  SECRETS.filter((name) => name in env).map((name) => `${name}=${env[name] ?? ''}`)

describe('a deployment', () => {
  const push = {changedFiles: ['config/words.yaml']}
  it('plans, and gets a token before each step that writes; what signs holds no secret of WeCom, what writes no key of tokens', async () => {
    const {run, asked} = await play('deploy.yml', push)
    expect(run?.conclusion).toBe('success')
    expect(asked.map(({argv}) => argv.join(' '))).toEqual([
      'plan --out plan.json',
      `gate --commit ${sha} --mint`,
      `canary --plan plan.json --head ${'f'.repeat(40)}`,
      `gate --commit ${sha} --mint`,
      `apply --plan plan.json --head ${'f'.repeat(40)}`,
    ])
    expect(asked.map(({env}) => env['YINGBIN_TOKEN'])).toEqual([undefined, undefined, 'a.b.c', undefined, 'a.b.c'])
    const signing = ['YINGBIN_APP_KEY=app-key-of-gate', 'YINGBIN_TOKEN_KEY=token-key-of-gate']
    const writing = ['WECOM_SECRET=wecom-of-production', 'YINGBIN_RELEASE_KEY=release-key']
    expect(asked.map(seen)).toEqual([[], signing, writing, signing, writing])
  })
  it.each([
    ['canary', ['plan', 'gate', 'canary']],
    ['gate', ['plan', 'gate']],
  ])('ends where %s says no', async (saysNo, verbs) => {
    const played = await play('deploy.yml', {...push, saysNo})
    expect([played.run?.conclusion, played.verbs]).toEqual(['failure', verbs])
  })
  it('does not begin for a change of the program', async () => {
    expect((await play('deploy.yml', {changedFiles: ['scripts/cli.ts']})).run).toBeNull()
  })
  it('tried again by hand asks for the approvals of the named commit, and still ships what main is', async () => {
    const {asked} = await play('deploy.yml', {name: 'workflow_dispatch', inputs: {commit: HEAD}})
    expect(asked.filter(({argv}) => argv[0] === 'gate').map(({argv}) => argv[2])).toEqual([HEAD, HEAD])
    expect(asked.map(({words}) => words)).toEqual(Array(5).fill('hello'))
  })
})

describe('the gate', () => {
  const pull = (action: string, base = 'main'): Partial<Happening> => ({
    name: 'pull_request_target',
    payload: {
      ...{action, repository: REPOSITORY},
      pull_request: {number: 42, head: {sha: HEAD, ref: 'x'}, base: {ref: base}},
    },
  })
  const comment = (body: string, type = 'User', onPull = true): Partial<Happening> => ({
    name: 'issue_comment',
    payload: {
      ...{action: 'created', repository: REPOSITORY},
      issue: {number: 42, ...(onPull ? {pull_request: {url: 'x'}} : {})},
      comment: {id: 7, body, user: {type}},
    },
  })
  it('looks at a pull request with the program and the words of main; it cannot sign tokens nor speak to WeCom', async () => {
    const {run, asked} = await play('gate.yml', pull('opened'))
    expect(run?.conclusion).toBe('success')
    expect(asked.map(({argv, words}) => [argv.join(' '), words])).toEqual([
      ['gate --pr 42 --report report --format github', 'hello'],
      ['notify --from report/gate.json', 'hello'],
    ])
    expect(asked.map(seen)).toEqual([
      ['YINGBIN_APP_KEY=app-key-of-gate'],
      ['WECOM_SECRET=wecom-of-notice', 'YINGBIN_ROBOT_WEBHOOK=webhook-of-notice'],
    ])
    expect(run?.jobs['gate']?.concurrency).toBe('gate-42')
  })
  it('looks again at every push, and when the branch it is for may have changed', () => {
    const starts = (action: string, base?: string): boolean =>
      startsOn(readWorkflow('gate.yml'), {...START, ...pull(action, base)})
    for (const action of ['opened', 'synchronize', 'reopened', 'ready_for_review', 'edited'])
      expect([action, starts(action)]).toEqual([action, true])
    expect([starts('closed'), starts('labeled'), starts('opened', 'other')]).toEqual([false, false, false])
  })
  it('tells the security group of a refusal, too', async () => {
    expect((await play('gate.yml', {...pull('opened'), saysNo: 'gate'})).verbs).toEqual(['gate', 'notify'])
  })
  it('follows a review, found by its head, in the same queue', async () => {
    const payload: JsonObject = {
      ...{action: 'completed', repository: REPOSITORY},
      workflow_run: {name: '审查', head_sha: HEAD, pull_requests: [{number: 42}]},
    }
    const {run, asked} = await play('gate.yml', {name: 'workflow_run', payload})
    expect(run?.jobs['gate']?.concurrency).toBe('gate-42')
    expect(asked[0]?.argv.join(' ')).toBe(`gate --commit ${HEAD} --report report --format github`)
  })
  it('answers a command in a comment first; an answer that fails does not hinder it', async () => {
    const {run, asked} = await play('gate.yml', {...comment('/yingbin explain a 2026-11-28T02:00'), saysNo: 'reply'})
    expect(asked.map(({argv}) => argv.slice(0, 5).join(' '))).toEqual([
      'reply --pr 42 --comment 7',
      'gate --pr 42 --report report',
      'notify --from report/gate.json',
    ])
    expect(run?.jobs['gate']?.concurrency).toBe('gate-42')
  })
  it.each<[string, Partial<Happening>]>([
    ['an ordinary comment', comment('LGTM')],
    ['a comment of a machine, its own among them', comment('`/yingbin unlock` …', 'Bot')],
    ['a comment on an issue', comment('/yingbin check', 'User', false)],
  ])('lets %s pass, and nothing that waits makes way for it', async (_what, more) => {
    const {run, verbs} = await play('gate.yml', more)
    expect([run?.conclusion, verbs, run?.concurrency]).toEqual(['skipped', [], null])
    expect(Object.values(run?.jobs ?? {}).map(({concurrency}) => concurrency)).toEqual([null, null, null])
  })
})

describe('the checks of a pull request', () => {
  const payload: JsonObject = {
    action: 'opened',
    pull_request: {number: 42, head: {ref: 'x', repo: {full_name: 'stranger/welcome'}}, base: {ref: 'main'}},
  }
  it('all run whatever one of them says, without any secret, and what they print is kept', async () => {
    const {run, verbs, asked} = await play('pull-request.yml', {name: 'pull_request', payload, saysNo: 'validate'})
    expect(run?.conclusion).toBe('failure')
    expect(verbs).toEqual(['validate', 'diff-check', 'rehearse'])
    expect(asked.flatMap(seen)).toEqual([])
    expect(asked.flatMap(({env}) => (env['GITHUB_TOKEN'] ? ['a token'] : []))).toEqual([])
    expect(run?.artifacts['checks']).toEqual({
      'validate.txt': 'the program was asked to validate\n',
      'diff-check.txt': 'the program was asked to diff-check\n',
      'rehearse.txt': 'the program was asked to rehearse\n',
    })
  })
})

describe('what somebody typed reaches the program as it was typed', () => {
  const nasty = '"; echo $(id) `id` \' && rm -rf . #'
  it('when rolling back', async () => {
    const {asked} = await play('rollback.yml', {name: 'workflow_dispatch', inputs: {reason: nasty}})
    expect(asked[0]?.argv).toEqual(['rollback', '--to', 'previous', '--reason', nasty, '--who', 'lin'])
  })
  it('when locking down', async () => {
    const inputs = {scope: `department:${nasty}`, reason: nasty, mode: 'silent'}
    const {asked} = await play('lockdown.yml', {name: 'workflow_dispatch', inputs})
    expect(asked[0]?.argv).toEqual([
      ...['lockdown', 'on', '--scope', `department:${nasty}`, '--mode', 'silent', '--reason', nasty, '--who', 'lin'],
    ])
  })
})

describe('the rest', () => {
  it('pins a notice when one is named', async () => {
    const inputs = {mode: 'pinned', notice: 'notices/closed today', reason: '停业'}
    const {asked} = await play('lockdown.yml', {name: 'workflow_dispatch', inputs})
    expect(asked[0]?.argv).toEqual([
      ...['lockdown', 'on', '--scope', 'corp', '--mode', 'pinned', '--notice', 'notices/closed today'],
      ...['--reason', '停业', '--who', 'lin'],
    ])
  })
  it.each([
    ['revert.yml', ['rollback', '--revert']],
    ['renew.yml', ['renew']],
  ])('%s runs by the clock and asks for one thing', async (file, argv) => {
    const {asked} = await play(file, {name: 'schedule'})
    expect(asked.map((one) => one.argv)).toEqual([argv])
  })
  const issue = (...labels: string[]): Partial<Happening> => {
    const named: Json = labels.map((name) => ({name}))
    return {
      name: 'issues',
      payload: {action: 'opened', repository: REPOSITORY, issue: {number: 9, labels: named}},
    }
  }
  it('makes a pull request of a permission request, and of no other issue', async () => {
    const {asked} = await play('permission-request.yml', issue('权限申请'))
    expect(asked.map(({argv}) => argv.join(' '))).toEqual(['request --issue 9 --pr'])
    expect((await play('permission-request.yml', issue('欢迎语问题'))).verbs).toEqual([])
  })
  it('looks for drift at night with the token of the run, and for changes of people every hour', async () => {
    const drift = await play('drift.yml', {name: 'schedule'})
    expect(drift.asked.map(({argv, env}) => [argv.join(' '), env['GITHUB_TOKEN']])).toEqual([
      ['drift --issue', 'token-of-actions'],
    ])
    expect((await play('directory-sync.yml', {name: 'schedule'})).verbs).toEqual(['sync'])
  })
  it('heals drift only for a person who asks for it, with his name and his words unread', async () => {
    const inputs = {heal: 'true', reason: '误删 "$(id)"'}
    const {asked} = await play('drift.yml', {name: 'workflow_dispatch', inputs})
    expect(asked.map(({argv}) => argv)).toEqual([
      ['drift', '--heal', '--issue', '--reason', '误删 "$(id)"', '--who', 'lin'],
    ])
    const look = await play('drift.yml', {name: 'workflow_dispatch', inputs: {reason: ''}})
    expect(look.asked.map(({argv}) => argv.join(' '))).toEqual(['drift --issue'])
  })
  it('lets a review wake the gate and does nothing else', async () => {
    const payload: JsonObject = {action: 'submitted', review: {id: 3}}
    const {run, verbs} = await play('review.yml', {name: 'pull_request_review', payload})
    expect([run?.conclusion, verbs]).toEqual(['success', []])
  })
})
