import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {aConfig, type Changes, inFolder} from '../support/a-config.js'
import {launch} from '../support/launch.js'
import {documentOf, listOf, type Ran, runCommand} from '../support/run-command.js'

const validate = (changes: Changes = {}, ...flags: readonly string[]): Promise<Ran> =>
  inFolder(
    Object.fromEntries(Object.entries(aConfig(changes)).map(([path, text]) => [`config/${path}`, text])),
    (cwd) => runCommand(['validate', ...flags], {cwd}),
  )

const TWO_FAULTS = {
  'templates/hello.yaml': 'title: 问候\ntext: "[客户呢称]您好"\n',
  'schedules/all.yaml': 'title: 全员\naudience: {}\ntemplate: hello\ncalendar: cn\n',
}

describe('validate --json', () => {
  it('is one document with the verdict, every finding and what was read', async () => {
    const document = documentOf(await validate(TWO_FAULTS, '--json'))
    expect(document).toEqual({
      command: 'validate',
      verdict: 'refused',
      findings: [
        {
          rule: 'calendar-exists',
          level: 'error',
          file: join('config', 'schedules/all.yaml'),
          line: 4,
          column: 11,
          says: '没有日历「cn」',
          fix: expect.any(String),
        },
        {
          rule: 'placeholder-is-known',
          level: 'error',
          file: join('config', 'templates/hello.yaml'),
          line: 2,
          column: 7,
          says: '不认识的占位符 [客户呢称]',
          fix: expect.stringContaining('[客户昵称]'),
        },
      ],
      counts: {templates: 1, schedules: 1, channels: 0, groupWelcomes: 0, members: 3},
    })
  })
  it('is ok with no finding', async () => {
    const ran = await validate({}, '--json')
    expect([ran.code, documentOf(ran)]).toMatchObject([0, {verdict: 'ok', findings: []}])
  })
  it('is the same as --format json', async () => {
    const [flag, format] = await Promise.all([validate(TWO_FAULTS, '--json'), validate(TWO_FAULTS, '--format', 'json')])
    expect(flag).toEqual(format)
  })
  it('is the same twice, byte for byte', async () => {
    expect((await validate(TWO_FAULTS, '--json')).out).toBe((await validate(TWO_FAULTS, '--json')).out)
  })
  it('names a place outside the working folder in full', async () => {
    await inFolder(aConfig({'links.yaml': '{'}), async (folder) => {
      const [finding] = listOf(
        documentOf(await runCommand(['validate', '--json', '--config', folder], {cwd: '/somewhere/else'})),
        'findings',
      )
      expect(finding?.['file']).toBe(join(folder, 'links.yaml'))
    })
  })
})

describe('validate as text', () => {
  it('says place, level, rule, what is wrong and how to mend it', async () => {
    const {out} = await validate(TWO_FAULTS)
    expect(out).toContain('config/schedules/all.yaml:4:11  错误  calendar-exists\n  没有日历「cn」\n  怎么改: ')
    expect(out.trimEnd().split('\n').at(-1)).toBe('未通过: 2 个错误，0 个提醒')
  })
  it('counts in English as English does', async () => {
    const {out} = await validate({'links.yaml': '{'}, '--lang', 'en')
    expect(out.trimEnd().split('\n').at(-1)).toBe('refused: 1 error, 0 warnings')
  })
})

describe('validate --format github', () => {
  it('writes annotations with escaped texts and refuses all the same', async () => {
    const {code, out} = await inFolder(
      aConfig({...TWO_FAULTS, 'templates/b.yaml': {title: 'b', text: 'b'}}),
      (folder) => launch(['validate', '--format', 'github', '--config', folder, '--now', '2026-11-24T12:00:00+08:00']),
    )
    expect(code).toBe(1)
    const lines = out.trimEnd().split('\n')
    expect(lines).toEqual([
      expect.stringMatching(
        /^::error title=calendar-exists,file=.*\/schedules\/all\.yaml,line=4,col=11::没有日历「cn」%0A/,
      ),
      expect.stringMatching(/^::warning title=template-is-used,file=.*\/templates\/b\.yaml,line=1,col=1::/),
      expect.stringMatching(/^::error title=placeholder-is-known,file=.*\/templates\/hello\.yaml,line=2,col=7::/),
    ])
  }, 60_000)
})

describe('validate --now', () => {
  const grant = {'grants/g.yaml': [{role: '编辑', to: ['member:zhang.san'], until: '2026-11-30', ticket: 'OA-1'}]}
  it('makes a run repeatable: the same day, the same findings', async () => {
    const at = async (now: string): Promise<number> =>
      listOf(documentOf(await validate(grant, '--json', '--now', now)), 'findings').length
    expect([
      await at('2026-11-30T23:59:59+08:00'),
      await at('2026-12-01T00:00:00+08:00'),
      await at('2026-11-30 16:00Z'),
    ]).toEqual([0, 1, 1])
  })
})
