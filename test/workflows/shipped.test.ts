import {afterEach, describe, expect, it} from '@jest/globals'
import {type AMachine, type Asked, aMachine} from './a-machine.js'
import {readWorkflow} from './read-workflows.js'
import {type Happening, runWorkflow} from './run-workflow.js'
import type {Json, JsonObject} from './runner/expressions.js'

let world: AMachine
afterEach(() => world.close())

const HEAD = 'e'.repeat(40)
const REPOSITORY = {default_branch: 'main', full_name: 'hehe/welcome'}

/** Plays a shipped workflow on a repository whose main says `hello`; the program says no to some verbs. */
async function play(file: string, more: Partial<Happening> & {readonly saysNo?: string} = {}) {
  world = aMachine({SAYS_NO: more.saysNo ?? ''})
  const sha = world.commit({'config/words.yaml': 'hello\n'})
  const run = await runWorkflow(
    readWorkflow(file),
    {...{name: 'push', payload: {repository: REPOSITORY}, sha, ref: 'refs/heads/main', actor: 'lin'}, ...more},
    world.machine,
  )
  const asked = world.asked()
  return {run, sha, asked, verbs: asked.map(({argv}) => argv[0])}
}

/** Which of the secrets a command could see. */
const SECRETS = ['YINGBIN_APP_KEY', 'YINGBIN_TOKEN_KEY', 'WECOM_SECRET', 'YINGBIN_RELEASE_KEY', 'YINGBIN_ROBOT_WEBHOOK']
const seen = ({env}: Asked): string[] =>
  SECRETS.filter((name) => name in env).map((name) => `${name}=${env[name] ?? ''}`)

describe('a deployment', () => {
  const push = {changedFiles: ['config/words.yaml']}
  it('plans, and gets a token before each step that writes', async () => {
    const {run, asked, sha} = await play('deploy.yml', push)
    expect(run?.conclusion).toBe('success')
    expect(asked.map(({argv}) => argv.join(' '))).toEqual([
      'plan --out plan.json',
      `gate --commit ${sha} --mint`,
      `canary --plan plan.json --head ${'f'.repeat(40)}`,
      `gate --commit ${sha} --mint`,
      `apply --plan plan.json --head ${'f'.repeat(40)}`,
    ])
    expect(asked.map(({env}) => env['YINGBIN_TOKEN'])).toEqual([undefined, undefined, 'a.b.c', undefined, 'a.b.c'])
  })
  it('never gives the key of tokens to what writes, nor the secret of WeCom to what signs', async () => {
    const {asked} = await play('deploy.yml', push)
    const signing = ['YINGBIN_APP_KEY=app-key-of-gate', 'YINGBIN_TOKEN_KEY=token-key-of-gate']
    const writing = ['WECOM_SECRET=wecom-of-production', 'YINGBIN_RELEASE_KEY=release-key']
    expect(asked.map(seen)).toEqual([[], signing, writing, signing, writing])
  })
  it.each([
    ['canary', ['plan', 'gate', 'canary']],
    ['gate', ['plan', 'gate']],
    ['plan', ['plan']],
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
      issue: {number: 42, ...(onPull ? {pull_request: {url: 'x'}} : {})} as JsonObject,
      comment: {id: 7, body, user: {type}},
    },
  })
  const groupOf = async (more: Partial<Happening>): Promise<string | null | undefined> =>
    (await play('gate.yml', more)).run?.jobs['gate']?.concurrency
  it.each(['opened', 'synchronize', 'reopened', 'ready_for_review', 'edited'])(
    'looks at a pull request that was %s, with the program and the words of main',
    async (action) => {
      const {run, asked} = await play('gate.yml', pull(action))
      expect(run?.conclusion).toBe('success')
      expect(asked.map(({argv, words}) => [argv.join(' '), words])).toEqual([
        ['gate --pr 42 --report report --format github', 'hello'],
        ['notify --from report/gate.json', 'hello'],
      ])
    },
  )
  it('holds neither the secret of WeCom nor the key of tokens; the notice holds no key at all', async () => {
    const {asked} = await play('gate.yml', pull('opened'))
    expect(asked.map(seen)).toEqual([
      ['YINGBIN_APP_KEY=app-key-of-gate'],
      ['WECOM_SECRET=wecom-of-notice', 'YINGBIN_ROBOT_WEBHOOK=webhook-of-notice'],
    ])
  })
  it('tells the security group of a refusal, too', async () => {
    expect((await play('gate.yml', {...pull('opened'), saysNo: 'gate'})).verbs).toEqual(['gate', 'notify'])
  })
  it('does not look at what is not for main, nor at a pull request that was closed', async () => {
    expect((await play('gate.yml', pull('opened', 'other'))).run).toBeNull()
    expect((await play('gate.yml', pull('closed'))).run).toBeNull()
  })
  it('follows a review, found by its head', async () => {
    const payload: JsonObject = {
      ...{action: 'completed', repository: REPOSITORY},
      workflow_run: {name: '审查', head_sha: HEAD, pull_requests: [{number: 42}]},
    }
    const {asked} = await play('gate.yml', {name: 'workflow_run', payload})
    expect(asked[0]?.argv.join(' ')).toBe(`gate --commit ${HEAD} --report report --format github`)
  })
  it('answers a command in a comment first; an answer that fails does not hinder it', async () => {
    const {asked} = await play('gate.yml', comment('/yingbin explain zhang.san 2026-11-28T02:00'))
    expect(asked.map(({argv}) => argv.slice(0, 5).join(' '))).toEqual([
      'reply --pr 42 --comment 7',
      'gate --pr 42 --report report',
      'notify --from report/gate.json',
    ])
    expect((await play('gate.yml', {...comment('/yingbin check'), saysNo: 'reply'})).verbs).toContain('gate')
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
  it('waits in one queue for each pull request, whatever woke it', async () => {
    const review = {
      action: 'completed',
      repository: REPOSITORY,
      workflow_run: {name: '审查', pull_requests: [{number: 42}]},
    }
    expect([
      await groupOf(pull('opened')),
      await groupOf(comment('/yingbin check')),
      await groupOf({name: 'workflow_run', payload: review}),
    ]).toEqual(['gate-42', 'gate-42', 'gate-42'])
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
  it('hold the history that the base is looked up in', async () => {
    const {run} = await play('pull-request.yml', {name: 'pull_request', payload})
    expect(run?.conclusion).toBe('success')
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
  const issue = (...labels: string[]): Partial<Happening> => {
    const named: Json = labels.map((name) => ({name}))
    return {
      name: 'issues',
      payload: {action: 'opened', repository: REPOSITORY, issue: {number: 9, labels: named}} as JsonObject,
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
  it('lets a review wake the gate and does nothing else', async () => {
    const payload: JsonObject = {action: 'submitted', review: {id: 3}}
    const {run, verbs} = await play('review.yml', {name: 'pull_request_review', payload})
    expect([run?.conclusion, verbs]).toEqual(['success', []])
  })
})
