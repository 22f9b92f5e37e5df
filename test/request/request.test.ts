import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {load} from 'js-yaml'
import type {CodeHost, Proposal} from '../../scripts/core/ports.js'
import {checkConfig} from '../../scripts/core/validate/check-config.js'
import {understandConfig} from '../../scripts/pipeline/load.js'
import {proposeRequest, readRequest, type RequestOutcome} from '../../scripts/pipeline/request.js'
import {aConfig, type Changes, inFolder, NOW_MS, speaksBothLanguages, startDocument} from '../support/a-config.js'
import {documentOf, runCommand} from '../support/run-command.js'

const organization = startDocument<{members: readonly object[]}>('organization.yaml')
const PEOPLE: Changes = {
  'organization.yaml': {
    ...organization,
    members: [
      ...organization.members,
      {id: 'lin.xiaowen', departments: ['/总部/财务部'], github: 'lin-xiaowen'},
      {
        id: 'gone',
        departments: ['/总部/财务部'],
        github: 'gone-dev',
        status: 'left',
        leftAt: '2026-01-01T00:00:00+08:00',
      },
      {id: 'twin', departments: ['/总部/财务部'], github: 'other-twin'},
      {id: 'third', departments: ['/总部/财务部'], github: 'twin'},
    ],
  },
}

function loaded(changes: Changes = {}) {
  const files = Object.entries(aConfig({...PEOPLE, ...changes})).map(([path, text]) => ({path, text}))
  return understandConfig({files, assets: new Map(), remarks: [], unreadable: new Set(), folder: ''})
}

const FORM = {
  角色: '编辑',
  给谁: 'lin-xiaowen',
  范围文件: 'templates/south/**',
  范围部门: '/总部/华南区',
  开始: '2026-12-01',
  截止: '2027-06-30',
  工单号: 'OA-2026-1187',
  理由: '负责华南的文案',
}
type Answers = Partial<Record<keyof typeof FORM, string | null>>

/** As GitHub writes a form; `null` leaves the field empty. */
const form = (answers: Answers = {}): string =>
  Object.entries({...FORM, ...answers})
    .map(([field, answer]) => `### ${field}\n\n${answer ?? '_No response_'}`)
    .join('\n\n')

const ask = (
  answers: Answers | string = {},
  changes: Changes = {},
  by?: {login: string; isBot: boolean},
): RequestOutcome =>
  readRequest({body: typeof answers === 'string' ? answers : form(answers), number: 12, by}, loaded(changes), NOW_MS)
const rulesOf = ({findings}: RequestOutcome): string[] => findings.map(({rule, line}) => `${rule} ${line}`)

describe('a request that can be granted', () => {
  it('becomes one grant in a file of its own', () => {
    const {file, findings} = ask()
    expect(findings).toEqual([])
    expect(file?.path).toBe('grants/requests/12.yaml')
    expect(load(file?.text ?? '')).toEqual([
      {
        title: '权限申请 #12',
        role: '编辑',
        to: ['github:lin-xiaowen'],
        over: {files: ['templates/south/**'], departments: ['/总部/华南区']},
        from: '2026-12-01',
        until: '2027-06-30',
        ticket: 'OA-2026-1187',
        note: '负责华南的文案',
      },
    ])
  })

  it('makes a configuration that validate has nothing against', () => {
    const {file} = ask()
    const {config, broken, remarks} = loaded({'grants/requests/12.yaml': file?.text ?? ''})
    expect(
      [...remarks, ...checkConfig(config, broken, NOW_MS)].filter(({at}) => at.file.startsWith('grants/')),
    ).toEqual([])
  })

  it('reads people with and without prefix, several of them, each once', () => {
    const to = ask({给谁: '@Lin-XiaoWen， member:zhang.san\n- LI.SI lin.xiaowen github:lin-xiaowen'.replace('- ', '')})
      .grant?.to
    expect(to).toEqual(['github:lin-xiaowen', 'member:zhang.san', 'member:li.si', 'member:lin.xiaowen'])
  })

  it('takes lists with bullets, code marks, commas and the folder in front', () => {
    const {grant} = ask({
      范围文件: '- `config/templates/a/**`\n* schedules/a.yaml，facts.yaml',
      范围部门: '/总部/华南区/天河店, /总部',
    })
    expect(grant?.over).toEqual({
      files: ['templates/a/**', 'schedules/a.yaml', 'facts.yaml'],
      departments: ['/总部/华南区/天河店', '/总部'],
    })
  })

  it('keeps what looks like a heading inside an answer, and never lets it answer a field again', () => {
    const {grant} = ask({理由: '因为\n### 备注\n### 截止\n2036-12-31'})
    expect([grant?.until, grant?.note]).toEqual(['2027-06-30', '因为 ### 备注 ### 截止 2036-12-31'])
  })

  it.each([
    ['no scope', {范围文件: null, 范围部门: null}, {}, ['grant-has-a-scope 9']],
    [
      'a grant that holds already',
      {},
      {'grants/all.yaml': [{role: '编辑', to: ['github:lin-xiaowen'], until: '2027-01-01', ticket: 'OA-1'}]},
      ['grant-exists 1'],
    ],
  ] as const)('with %s is proposed with a remark', (_what, answers, changes, rules) => {
    const outcome = ask(answers, changes)
    expect([rulesOf(outcome), outcome.file === null]).toEqual([rules, false])
  })

  it('for oneself is proposed too, and says so', () => {
    const outcome = ask({}, {}, {login: 'LIN-xiaowen', isBot: false})
    expect([rulesOf(outcome), outcome.file === null]).toEqual([['request-for-oneself 5'], false])
    expect(rulesOf(ask({给谁: 'member:lin.xiaowen'}, {}, {login: 'lin-xiaowen', isBot: false}))).toEqual([
      'request-for-oneself 5',
    ])
  })
})

describe('a request that cannot', () => {
  it.each<[string, Answers, string]>([
    ['an unknown role', {角色: '编缉'}, 'role-exists 1'],
    ['a role that is a field of the file', {角色: 'title'}, 'role-exists 1'],
    ['somebody unknown', {给谁: 'nobody'}, 'subject-unknown 5'],
    ['a login that is meant as a userid', {给谁: 'member:lin-xiaowen'}, 'subject-unknown 5'],
    ['somebody who has left', {给谁: 'gone-dev'}, 'subject-is-active 5'],
    ['a name that two people have', {给谁: 'twin'}, 'subject-is-clear 5'],
    ['a whole department', {给谁: 'department:/总部'}, 'subject-unknown 5'],
    ['too many people', {给谁: Array.from({length: 21}, (_, index) => `p${index}`).join(' ')}, 'request-is-small 5'],
    ['a step upwards', {范围文件: 'templates/../policy.yaml'}, 'glob-stays-inside 9'],
    ['a step upwards in braces', {范围文件: 'templates/{a,..}/b.yaml'}, 'glob-stays-inside 9'],
    ['an absolute path', {范围文件: '/etc/**'}, 'glob-stays-inside 9'],
    ['a pattern that excludes', {范围文件: '!templates/a/**'}, 'glob-stays-inside 9'],
    ['a pattern of nothing', {范围文件: 'template/a/**'}, 'glob-names-a-kind 9'],
    ['an unknown department', {范围部门: '/总部/华南'}, 'department-exists 13'],
    ['a start that is no date', {开始: '明天'}, 'date-is-real 17'],
    ['30 February', {截止: '2027-02-30'}, 'date-is-real 21'],
    ['an end that is over', {开始: null, 截止: '2026-11-23'}, 'grant-expired 21'],
    ['more than 366 days', {截止: '2027-11-26'}, 'grant-too-long 21'],
    ['an end before the start', {开始: '2027-07-01'}, 'window-is-not-empty 17'],
    ['no ticket', {工单号: null}, 'request-is-complete 25'],
    ['a sentence for a ticket', {工单号: '还没有 工单'}, 'ticket-is-a-number 25'],
    ['no reason', {理由: null}, 'request-is-complete 29'],
    ['no role', {角色: null}, 'request-is-complete 1'],
  ])('%s', (_what, answers, rule) => {
    const outcome = ask(answers)
    expect([rulesOf(outcome), outcome.file, outcome.grant]).toEqual([[rule], null, null])
    expect(outcome.findings.every(speaksBothLanguages)).toBe(true)
    expect(outcome.findings[0]?.file).toBe('#12')
  })

  it.each<[string, Answers]>([
    ['ends today', {开始: null, 截止: '2026-11-24'}],
    ['lasts exactly 366 days', {截止: '2027-11-25'}],
    ['begins and ends on one day', {开始: '2027-06-30'}],
    ['ends at an instant', {截止: '2027-06-30T18:00:00+08:00'}],
  ])('but one that %s can', (_what, answers) => {
    expect(ask(answers).file).not.toBeNull()
  })

  it('tells every fault at once, and the name that is meant', () => {
    const {findings} = ask({角色: '编缉', 给谁: 'lin-xiaowem', 截止: null})
    expect(findings.map(({fix}) => fix.en)).toEqual([
      'did you mean "编辑"?',
      'did you mean "lin-xiaowen"?',
      'edit the issue and write it under this heading',
    ])
  })

  it('whatever is written', () => {
    const text = fc.oneof(
      fc.string({maxLength: 40}),
      fc.constantFrom('### 角色', '编辑', '../..', '@all', '`', '\u202e', 'github:lin-xiaowen'),
    )
    fc.assert(
      fc.property(
        fc.array(text, {maxLength: 30}),
        fc.record({角色: text, 给谁: text, 范围文件: text, 工单号: text, 理由: text}),
        (lines, answers) => {
          for (const body of [lines.join('\n'), form(answers)]) {
            const {file, findings} = readRequest({body, number: 12}, LOADED, NOW_MS)
            expect(file === null).toBe(findings.some(({level}) => level === 'error'))
            if (file) expect(load(file.text)).toHaveLength(1)
            for (const finding of findings) expect(finding.line).toBeLessThanOrEqual(body.split('\n').length)
          }
        },
      ),
      {numRuns: 60},
    )
  })
  const LOADED = loaded()
})

describe('the proposal', () => {
  function aHost() {
    const proposals: Proposal[] = []
    const comments: [number, string, string][] = []
    const host: Pick<CodeHost, 'propose' | 'keepComment'> = {
      propose: (proposal) => Promise.resolve(proposals.push(proposal) > 9 ? null : {number: 34, isNew: true}),
      keepComment: (...comment) => Promise.resolve(void comments.push(comment)),
    }
    return {host, proposals, comments}
  }
  const TARGET = {number: 12, folder: 'config', baseRef: 'main', language: 'zh'} as const

  it('goes to a branch of its own with the grant alone, and the issue is answered under one marker', async () => {
    const {host, proposals, comments} = aHost()
    const outcome = ask()
    expect(await proposeRequest(host, outcome, TARGET)).toBe(34)
    await proposeRequest(host, outcome, TARGET)
    expect(proposals[0]).toMatchObject({
      branch: 'yingbin/grant-12',
      title: '授权：权限申请 #12',
      files: {'config/grants/requests/12.yaml': outcome.file?.text},
    })
    expect(proposals[1]).toEqual(proposals[0])
    expect(comments[0]).toEqual(comments[1])
    expect(comments[0]?.[2]).toContain('合并请求 #34')
  })

  it('of what cannot be granted is none; the answer says what to mend', async () => {
    const {host, proposals, comments} = aHost()
    expect(await proposeRequest(host, ask({工单号: null}), TARGET)).toBeNull()
    expect(proposals).toEqual([])
    expect(comments[0]?.[2]).toContain('「工单号」没有填')
  })

  it('of what stands already says so', async () => {
    const {host, comments} = aHost()
    host.propose = () => Promise.resolve(null)
    await proposeRequest(host, ask(), TARGET)
    expect(comments[0]?.[2]).toContain('已经在主干里')
  })

  it('mentions nobody, links nothing and opens no markup, whatever was written', async () => {
    const {host, proposals, comments} = aHost()
    const nasty = '`</code>@everyone #1 [x](http://evil.example) <img src=x> $(rm -rf /) ${{ secrets.X }}'
    await proposeRequest(host, ask({理由: nasty}), TARGET)
    await proposeRequest(host, ask({角色: nasty, 给谁: nasty, 范围文件: nasty, 工单号: nasty}), TARGET)
    const said = [proposals[0]?.body ?? '', ...comments.map(([, , body]) => body.replace(/^<!--.*-->$/m, ''))]
    for (const text of said) expect(text.replace(/`[^`\n]*`/g, '')).not.toMatch(/@|evil|<|\$|secrets/)
    expect(proposals[0]?.branch).toBe('yingbin/grant-12')
  })
})

describe('the command', () => {
  const inProject = (argv: readonly string[], body = form(), changes: Changes = {}) =>
    inFolder(
      {
        'form.md': body,
        ...Object.fromEntries(
          Object.entries(aConfig({...PEOPLE, ...changes})).map(([path, text]) => [`config/${path}`, text]),
        ),
      },
      (cwd) => runCommand(['request', ...argv], {cwd}),
    )
  const BODY = form({开始: null, 截止: '2027-03-31'})

  it('prints the YAML of a form in a file, without GitHub', async () => {
    const {code, out} = await inProject(['--from', 'form.md', '--issue', '12'], BODY)
    expect([code, out.split('\n')[0]]).toEqual([0, '# config/grants/requests/12.yaml'])
    expect(load(out)).toMatchObject([{role: '编辑', until: '2027-03-31'}])
  })

  it('answers no with every finding, as text and as JSON', async () => {
    const body = form({角色: '没有', 截止: '2027-03-31', 开始: null})
    expect(await inProject(['--from', 'form.md', '--lang', 'en'], body)).toMatchObject({
      code: 1,
      out: expect.stringContaining('form:1:1  error  role-exists'),
    })
    expect(documentOf(await inProject(['--from', 'form.md', '--json'], body))).toMatchObject({
      command: 'request',
      verdict: 'refused',
      findings: [{rule: 'role-exists'}],
      file: null,
    })
  })

  it('says no when what it is checked against is broken', async () => {
    const {code, out} = await inProject(['--from', 'form.md'], BODY, {'roles.yaml': 'a: [1'})
    expect([code, out]).toEqual([1, expect.stringContaining('roles.yaml')])
  })

  it.each([
    ['neither an issue nor a file', []],
    ['an issue that is no number', ['--issue', '1; rm']],
    ['a file and a proposal at once', ['--issue', '12', '--from', 'form.md', '--pr']],
    ['a file that is not there', ['--from', 'nowhere.md']],
    ['no repository', ['--issue', '12']],
  ])('2 for %s', async (_what, argv) => {
    const {code, out} = await inProject(argv)
    expect([code, out]).toEqual([2, ''])
  })
})
