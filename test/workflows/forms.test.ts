import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {load} from 'js-yaml'
import {FIELDS} from '../../scripts/core/request/read-form.js'
import {ROOT} from '../support/launch.js'
import {readWorkflow, type Workflow} from './read-workflows.js'

interface Field {
  readonly type: string
  readonly id: string
  readonly attributes: {readonly label: string}
  readonly validations?: {readonly required: boolean}
}
interface Form {
  readonly name: string
  readonly description: string
  readonly labels: readonly string[]
  readonly body: readonly Field[]
}

const GITHUB = join(ROOT, '.github')
const read = (path: string): string => readFileSync(join(GITHUB, path), 'utf8')
const readForm = (file: string): Form => load(read(`ISSUE_TEMPLATE/${file}`)) as Form
const FORMS = readdirSync(join(GITHUB, 'ISSUE_TEMPLATE')).filter((file) => file !== 'config.yml')

describe('the forms of issues', () => {
  it.each(FORMS)('%s has what GitHub asks of a form, each field once', (file) => {
    const {name, description, body} = readForm(file)
    expect([typeof name, typeof description]).toEqual(['string', 'string'])
    for (const key of ['id', 'label'] as const) {
      const values = body.map(({id, attributes}) => (key === 'id' ? id : attributes.label))
      expect(new Set(values).size).toBe(values.length)
    }
    expect(body.filter(({type, id}) => !['input', 'textarea'].includes(type) || !/^[\w-]+$/.test(id))).toEqual([])
  })
  it('for a permission asks for what the program reads, in its words', () => {
    const {labels, body} = readForm('permission-request.yml')
    const isRequired = ({validations}: Field): boolean => validations?.required === true
    expect(labels).toEqual(['权限申请'])
    expect(body.map(({attributes}) => attributes.label)).toEqual(FIELDS)
    expect(body.map((field) => [field.attributes.label, isRequired(field)])).toEqual([
      ['角色', true],
      ['给谁', true],
      ['范围文件', false],
      ['范围部门', false],
      ['开始', false],
      ['截止', true],
      ['工单号', true],
      ['理由', true],
    ])
  })
  it('and the workflow that waits for them mean the same label', () => {
    const [label = ''] = readForm('permission-request.yml').labels
    expect(readWorkflow('permission-request.yml').jobs['request']?.if).toContain(`'${label}'`)
  })
  it('are not the only way to write', () => {
    expect(load(read('ISSUE_TEMPLATE/config.yml'))).toMatchObject({blank_issues_enabled: true})
  })
})

describe('around the code', () => {
  it('a pull request is asked what, why, when, and for its ticket, and reminded of what trips people', () => {
    const template = read('pull_request_template.md')
    for (const words of ['改了什么', '为什么', '什么时候生效', '工单号', 'links.yaml', 'validTo'])
      expect(template).toContain(words)
  })
  it('the owners guard all but what the gate decides about', () => {
    const owners = new Map(
      read('CODEOWNERS')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => line.split(/\s+/))
        .map(([path = '', ...names]) => [path, names] as const),
    )
    expect(owners.get('/config/')).toEqual([])
    const guarded = ['*', '/scripts/', '/schemas/', '/.github/', '/config/policy.yaml', '/config/roles.yaml']
    for (const path of [...guarded, '/config/grants/', '/config/organization.yaml'])
      expect([path, owners.get(path)?.every((name) => /^@hehe-example\/\w+$/.test(name))]).toEqual([path, true])
  })
  it('updates come for packages, for workflows and for the actions of our own', () => {
    const {updates} = load(read('dependabot.yml')) as {updates: readonly Record<string, unknown>[]}
    expect(updates.map((one) => one['package-ecosystem'])).toEqual(['npm', 'github-actions'])
    const own = readdirSync(join(GITHUB, 'actions')).map((name) => `/.github/actions/${name}`)
    expect(updates[1]?.['directories']).toEqual(['/', ...own])
  })
  it('the workflow that follows reviews follows the one that hears them', () => {
    const {on} = readWorkflow('gate.yml') as Workflow & {on: {workflow_run: {workflows: readonly string[]}}}
    expect(on.workflow_run.workflows).toEqual([readWorkflow('review.yml').name])
  })
})
