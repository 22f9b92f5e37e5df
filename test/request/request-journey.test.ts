import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {type ARepository, GATE, openRepository, OWNER, REPO, TOKEN} from '../github/a-repository.js'
import {aConfig, inFolder, organization, startDocument} from '../support/a-config.js'
import {documentOf, type Ran, runCommand} from '../support/run-command.js'

const {members} = startDocument<{members: readonly object[]}>('organization.yaml')
const FILES = aConfig({
  'organization.yaml': organization({members: [...members, {id: 'lin', departments: ['/总部'], github: 'lin'}]}),
})
const body = (until: string): string =>
  [
    ['角色', '编辑'],
    ['给谁', 'lin'],
    ['范围文件', 'templates/**'],
    ['截止', until],
    ['工单号', 'OA-2026-1187'],
    ['理由', '华南的文案 @chen'],
  ]
    .map(([field, answer]) => `### ${field}\n\n${answer}`)
    .join('\n\n')

let repository: ARepository
beforeEach(async () => {
  repository = await openRepository()
  repository.standIn.control.push({branch: 'main', files: {'config/a.txt': 'x'}, message: 'first', by: 'lin'})
})
afterEach(() => repository.close())

const request = (issue: number, ...argv: readonly string[]): Promise<Ran> =>
  inFolder(Object.fromEntries(Object.entries(FILES).map(([path, text]) => [`config/${path}`, text])), (cwd) =>
    runCommand(['request', '--issue', String(issue), ...argv], {
      cwd,
      env: {
        GITHUB_REPOSITORY: `${OWNER}/${REPO}`,
        GITHUB_API_URL: repository.standIn.url,
        GITHUB_TOKEN: TOKEN,
        YINGBIN_GATE_LOGIN: GATE,
        YINGBIN_GITHUB_PACED: 'no',
      },
    }),
  )
const ask = (until: string): number =>
  repository.standIn.control.openIssue({
    title: '权限申请：`; rm -rf /`',
    body: body(until),
    by: 'lin',
    labels: ['权限申请'],
  })
const pulls = () => repository.standIn.control.issues().filter(({isPull}) => isPull)

describe('a permission request on GitHub', () => {
  it('becomes one proposal and one answer, however often it is looked at', async () => {
    const issue = ask('2027-06-30')
    const first = documentOf(await request(issue, '--pr', '--json'))
    expect(first).toMatchObject({
      verdict: 'ok',
      proposal: pulls()[0]?.number,
      findings: [{rule: 'request-for-oneself'}],
    })
    await request(issue, '--pr')
    expect(pulls()).toHaveLength(1)
    expect(pulls()[0]?.body).toContain(`Closes #${issue}`)
    expect(pulls()[0]?.body.replace(/`[^`]*`/g, '')).not.toContain('@chen')
    const answers = repository.standIn.control.comments(issue)
    expect(answers).toHaveLength(1)
    expect(answers[0]).toMatchObject({by: GATE, body: expect.stringContaining(`#${pulls()[0]?.number}`)})
    expect(await repository.host.readTip(`yingbin/grant-${issue}`)).toMatch(/^[0-9a-f]{40}$/)
  })

  it('that cannot be granted is answered with what to mend, and nothing is proposed', async () => {
    const issue = ask('2020-01-01')
    expect((await request(issue, '--pr')).code).toBe(1)
    expect(pulls()).toEqual([])
    expect(repository.standIn.control.comments(issue)[0]?.body).toContain('已经过去')
  })

  it('is only shown without --pr', async () => {
    const issue = ask('2027-06-30')
    expect(await request(issue)).toMatchObject({code: 0, out: expect.stringContaining('until: 2027-06-30')})
    expect([pulls(), repository.standIn.control.comments(issue)]).toEqual([[], []])
  })

  it('whose issue is not there is no defect of the program', async () => {
    expect(await request(999)).toMatchObject({code: 2, err: expect.stringContaining('GitHub')})
  })
})
