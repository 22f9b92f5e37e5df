import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {load} from 'js-yaml'
import {ROOT} from '../support/launch.js'
import {runCommand} from '../support/run-command.js'
import {commandsOf, policyFaults} from './check-policy.js'
import {readWorkflow, type Workflow, workflowFiles} from './read-workflows.js'

const workflow = (text: string): Workflow => load(text) as Workflow
const SHA = 'a'.repeat(40)
const job = (steps: string, more = ''): Workflow =>
  workflow(`on: push\npermissions: {}\njobs:\n  a:\n    timeout-minutes: 5\n${more}    steps:\n${steps}`)

describe('every workflow', () => {
  it.each(workflowFiles())('%s keeps our own rules', (file) => {
    expect(policyFaults(file, readWorkflow(file))).toEqual([])
  })
  it.each(
    workflowFiles().flatMap((file) => commandsOf(readWorkflow(file)).map((words) => [file, words.join(' ')] as const)),
  )('%s asks for a command and flags that there are: %s', async (_file, line) => {
    const [verb = '', ...words] = line.split(' ')
    const {code, out} = await runCommand([verb, '--help'])
    expect([verb, code]).toEqual([verb, 0])
    for (const flag of words.filter((word) => word.startsWith('--')))
      expect([flag, out.includes(flag)]).toEqual([flag, true])
  })
  it('of a pull request has no secret and writes nothing', () => {
    const text = readFileSync(join(ROOT, '.github/workflows/pull-request.yml'), 'utf8')
    expect(text).not.toMatch(/secrets\.|: write/)
  })
  it('that signs tokens and the one that uses them are never the same job', () => {
    const {jobs} = readWorkflow('deploy.yml')
    const holding = (secret: string) =>
      Object.entries(jobs)
        .filter(([, one]) => JSON.stringify(one).includes(`secrets.${secret}`))
        .map(([id]) => id)
    expect(holding('YINGBIN_TOKEN_KEY')).toEqual(['canary-token', 'apply-token'])
    expect(holding('WECOM_SECRET')).toEqual(['canary', 'apply'])
  })
  it('that takes something back waits for no deployment', () => {
    const group = (file: string) => (readWorkflow(file) as {concurrency?: {group: string}}).concurrency?.group
    expect(group('rollback.yml')).not.toBe(group('deploy.yml'))
    expect(group('lockdown.yml')).not.toBe(group('deploy.yml'))
  })
})

describe('our rules refuse', () => {
  it.each([
    [
      'an action by its tag',
      job('      - uses: actions/checkout@v4\n        with: {persist-credentials: false}\n'),
      'not pinned',
    ],
    ['a token left behind', job(`      - uses: actions/checkout@${SHA}\n`), 'token behind'],
    ['a title in a script', job('      - run: echo ${{ github.event.issue.title }}\n'), 'inside a shell script'],
    ['a variable without quotes', job('      - run: npx yingbin gate --pr $PR\n'), 'without quotes'],
    ['two commands in a step', job('      - run: npx yingbin plan && npx yingbin apply\n'), 'more than one'],
    [
      'a secret outside an environment',
      job('      - run: "true"\n        env: {X: "${{ secrets.X }}"}\n'),
      'outside an environment',
    ],
    ['permissions for everything', workflow('on: push\njobs: {}\n'), 'whole workflow'],
    ['no time limit', workflow('on: push\npermissions: {}\njobs: {a: {steps: []}}\n'), 'time limit'],
    [
      'both keys in one job',
      job(
        '      - run: "true"\n        env: {A: "${{ secrets.YINGBIN_TOKEN_KEY }}", B: "${{ secrets.WECOM_SECRET }}"}\n',
        '    environment: gate\n',
      ),
      'key that signs',
    ],
    [
      'the head of a proposal where secrets are',
      {
        ...job(
          `      - uses: actions/checkout@${SHA}\n        with: {ref: "\${{ github.event.pull_request.head.sha }}", persist-credentials: false}\n`,
        ),
        on: 'pull_request_target',
      },
      'what a proposal holds',
    ],
    [
      'a secret in a pull request',
      {
        ...job('      - run: "true"\n        env: {X: "${{ secrets.X }}"}\n', '    environment: gate\n'),
        on: 'pull_request',
      },
      'where the code of a proposal runs',
    ],
    [
      'writing with the token of Actions',
      job('      - run: "true"\n', '    permissions: {contents: write}\n'),
      'writes with the token',
    ],
  ])('%s', (_what, one, expected) => {
    expect(policyFaults('x.yml', one).join('\n')).toContain(expected)
  })
})

describe('the forms', () => {
  interface Form {
    readonly labels: readonly string[]
    readonly body: readonly {readonly attributes: {readonly label: string}}[]
  }
  const form = load(readFileSync(join(ROOT, '.github/ISSUE_TEMPLATE/permission-request.yml'), 'utf8')) as Form
  it('ask for what a permission request is made of', () => {
    expect(form.labels).toEqual(['权限申请'])
    expect(form.body.map(({attributes}) => attributes.label)).toEqual([
      '角色',
      '给谁',
      '范围文件',
      '范围部门',
      '开始',
      '截止',
      '工单号',
      '理由',
    ])
  })
  it('are heard by the workflow that waits for their label', () => {
    expect(readFileSync(join(ROOT, '.github/workflows/permission-request.yml'), 'utf8')).toContain(
      `'${form.labels[0]}'`,
    )
  })
})
