import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {load} from 'js-yaml'
import {ROOT} from '../support/launch.js'
import {runCommand} from '../support/run-command.js'
import {commandsOf, policyFaults, stepFaults} from './check-policy.js'
import {type Job, readWorkflow, type Step, type Workflow, workflowFiles} from './read-workflows.js'

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const ACTIONS = readdirSync(join(ROOT, '.github/actions')).map((name) => `.github/actions/${name}/action.yml`)

describe('every workflow', () => {
  it.each(workflowFiles())('%s keeps our own rules', (file) => {
    expect(policyFaults(file, readWorkflow(file))).toEqual([])
  })
  it.each(ACTIONS)('and %s, which they use, keeps them', (file) => {
    const {runs} = load(read(file)) as {runs: {steps: readonly Step[]}}
    expect(runs.steps.flatMap(stepFaults)).toEqual([])
  })
  it('says beside each pinned commit which version it is', () => {
    const lines = [...workflowFiles().map((file) => `.github/workflows/${file}`), ...ACTIONS].flatMap((file) =>
      read(file)
        .split('\n')
        .filter((line) => /\buses: actions\//.test(line)),
    )
    expect(lines.length).toBeGreaterThan(10)
    expect(lines.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([])
  })
  const commands = [
    ...new Set(workflowFiles().flatMap((file) => commandsOf(readWorkflow(file)).map((words) => words.join(' ')))),
  ]
  it.each(commands)('asks for a command and flags that there are: %s', async (line) => {
    const [verb = '', ...words] = line.split(' ')
    const {code, out} = await runCommand([verb, '--help'])
    expect([verb, code]).toEqual([verb, 0])
    const known = [...out.matchAll(/(?<![\w-])--[\w-]+/g)].map(([flag]) => flag)
    for (const flag of words.filter((word) => word.startsWith('--'))) expect(known).toContain(flag)
  })
  it('that takes something back waits for no deployment', () => {
    const group = (file: string) => readWorkflow(file).concurrency?.group
    expect(group('deploy.yml')).toBe('yingbin-deploy')
    expect(group('rollback.yml')).not.toBe(group('deploy.yml'))
    expect(group('lockdown.yml')).not.toBe(group('deploy.yml'))
  })
})

const SHA = 'a'.repeat(40)
const CHECKOUT: Step = {uses: `actions/checkout@${SHA}`, with: {'persist-credentials': false}}
const good = (more: Partial<Job> = {}, ...steps: readonly Step[]): Job => ({
  ...{'runs-on': 'ubuntu-24.04', 'timeout-minutes': 5, permissions: {contents: 'read'}},
  ...{concurrency: {group: 'x', 'cancel-in-progress': false}},
  steps: steps.length > 0 ? steps : [CHECKOUT],
  ...more,
})
const held = (...steps: readonly Step[]): Job =>
  good({environment: 'gate', 'runs-on': ['self-hosted', 'yingbin-gate']}, ...steps)
const on = (event: string, job: Job, more: Partial<Workflow> = {}): Workflow => ({
  ...{on: event, permissions: {}, jobs: {a: job}},
  ...more,
})
const secret = (...names: readonly string[]): Step => ({
  run: 'npx yingbin plan\n',
  env: Object.fromEntries(names.map((name) => [name, `\${{ secrets.${name} }}`])),
})
const from = (ref: string): Step => ({...CHECKOUT, with: {ref, 'persist-credentials': false}})

describe('our rules', () => {
  it('have nothing against a job that keeps them', () => {
    expect(policyFaults('x', on('push', good()))).toEqual([])
    expect(policyFaults('x', on('push', held(CHECKOUT, secret('YINGBIN_TOKEN_KEY'))))).toEqual([])
    const base = from('${{ github.event.repository.default_branch }}')
    expect(policyFaults('x', on('pull_request_target', held(base, secret('YINGBIN_APP_KEY'))))).toEqual([])
  })
  it.each<[string, Workflow, string]>([
    ['an action by its tag', on('push', good({}, {uses: 'actions/setup-node@v4'})), 'not pinned'],
    ['an action of others', on('push', good({}, {uses: `somebody/else@${SHA}`})), 'not one of ours'],
    ['a token left behind', on('push', good({}, {uses: `actions/checkout@${SHA}`})), 'leaves the token'],
    ['a title in a script', on('push', good({}, {run: 'echo ${{ github.event.issue.title }}'})), 'inside a shell'],
    ['a number in a script', on('push', good({}, {run: 'echo ${{ github.event.number }}'})), 'inside a shell'],
    ['a variable without quotes', on('push', good({}, {run: 'npx yingbin gate --pr $PR'})), 'without quotes'],
    ['two commands in a step', on('push', good({}, {run: 'npx yingbin plan && npx yingbin apply'})), 'more than one'],
    ['a second program where secrets are', on('push', held({run: 'npx yingbin plan; ls'})), 'not exactly one'],
    ['another program where secrets are', on('push', held({run: 'ls'})), 'not exactly one'],
    ['git in what others cause', on('issue_comment', good({}, {run: 'git fetch origin x'})), 'not exactly one'],
    ['permissions for everything', on('push', good(), {permissions: {contents: 'read'}}), 'whole workflow'],
    ['permissions left open', {on: 'push', jobs: {a: good()}}, 'whole workflow'],
    ['a secret for everything', on('push', good(), {env: {A: '${{ secrets.A }}'}}), 'for the whole workflow'],
    ['a secret for a job', on('push', {...held(), env: {A: '${{ secrets.A }}'}}), 'for every step'],
    ['a secret for an action', on('push', held({...CHECKOUT, with: {token: '${{ secrets.A }}'}})), 'for an action'],
    [
      'a secret for another program',
      on('push', held({run: 'env', env: {A: '${{ secrets.A }}'}})),
      'beside the program',
    ],
    ['all secrets', on('push', held({...secret(), env: {A: '${{ toJSON(secrets) }}'}})), 'in bulk'],
    ['a secret by a computed name', on('push', held({...secret(), env: {A: '${{ secrets[x] }}'}})), 'in bulk'],
    ['a secret outside an environment', on('push', good({}, secret('A'))), 'outside an environment'],
    ['a secret in a pull request', on('pull_request', held(secret('A'))), 'code of a proposal'],
    ['a secret in a review', on('pull_request_review', held(secret('A'))), 'code of a proposal'],
    ['an environment nobody knows', on('push', {...held(), environment: 'prod'}), 'the environment prod'],
    ['an environment on a runner of GitHub', on('push', good({environment: 'gate'})), 'own runner'],
    [
      'what signs on the runner of what writes',
      on('push', {...held(), 'runs-on': ['self-hosted', 'yingbin-deploy']}),
      'own runner',
    ],
    ['a runner of ours for anybody', on('pull_request', good({'runs-on': ['self-hosted']})), 'without an environment'],
    ['signing beside WeCom', on('push', held(secret('YINGBIN_TOKEN_KEY', 'WECOM_SECRET'))), 'holds both'],
    [
      'signing beside releasing, in two steps',
      on('push', held(secret('YINGBIN_TOKEN_KEY'), secret('YINGBIN_RELEASE_KEY'))),
      'holds both',
    ],
    ['no time limit', on('push', {'runs-on': 'x', permissions: {}, steps: [CHECKOUT]}), 'no time limit'],
    ['no permissions', on('push', {'runs-on': 'x', 'timeout-minutes': 1, steps: [CHECKOUT]}), 'permissions of its own'],
    [
      'no group',
      on('push', {'runs-on': 'x', 'timeout-minutes': 1, permissions: {}, steps: [CHECKOUT]}),
      'no concurrency',
    ],
    ['what could be cut off', on('push', {...held(), concurrency: {group: 'x'}}), 'cut off'],
    ['writing with the token', on('push', good({permissions: {contents: 'write'}})), 'writes with the token'],
    ['more than issues at night', on('schedule', good({permissions: {contents: 'write'}})), 'writes with the token'],
    ['a need for what is not there', on('push', good({needs: 'b'})), 'needs b'],
    ['no base for a proposal', on('pull_request_target', held(CHECKOUT)), 'not the base'],
    [
      'the head of a proposal',
      on('pull_request_target', held(from('${{ github.event.pull_request.head.sha }}'))),
      'not the base',
    ],
    ['the branch of a proposal', on('pull_request_target', held(from('${{ github.head_ref }}'))), 'not the base'],
    ['the merge of a proposal', on('issue_comment', held(from('refs/pull/1/merge'))), 'not the base'],
    ['the head of a run', on('workflow_run', held(from('${{ github.event.workflow_run.head_sha }}'))), 'not the base'],
    ['a typed commit', on('workflow_dispatch', held(from('${{ inputs.commit }}'))), 'not the base'],
    [
      'another repository',
      on('workflow_run', held({...CHECKOUT, with: {repository: 'a/b', 'persist-credentials': false}})),
      'another repository',
    ],
  ])('refuse %s', (_what, workflow, says) => {
    expect(policyFaults('x.yml', workflow).join('\n')).toContain(says)
  })
})
