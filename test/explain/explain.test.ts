import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {armOf} from '../../scripts/core/canary/arm.js'
import {signManifest} from '../../scripts/core/release/manifest.js'
import {generateKeyPair} from '../../scripts/runtime/keys.js'
import {createSystemClock} from '../../scripts/runtime/system-clock.js'
import {createSystemRandomness} from '../../scripts/runtime/system-randomness.js'
import {createFileStore} from '../../scripts/store/create-file-store.js'
import {aConfig, type Changes, enterprise, inFolder, writeInto} from '../support/a-config.js'
import {documentOf, type JsonObject, listOf, type Ran, runCommand} from '../support/run-command.js'

const SHOP = {
  'templates/zao.yaml': {title: '早', text: '[客户昵称]，早上好，我是[门店名称]的[员工姓名]', fallback: '早上好'},
  'templates/ye.yaml': {title: '夜', text: '夜班中'},
  'templates/code.yaml': {
    title: '码',
    text: '来自桌贴',
    fallback: '您好',
    attachments: [{type: 'link', title: '指南', url: 'https://m.hehejj.example/guide'}],
  },
  'schedules/all.yaml': {
    title: '24小时',
    audience: {departments: ['/总部/华南区']},
    slots: [{from: '06:00', to: '22:00', template: 'zao'}],
    default: 'ye',
  },
  'schedules/north.yaml': {title: '北区静默', audience: {departments: ['/总部/华北区']}, mode: 'silent'},
  'schedules/code.yaml': {title: '桌贴', audience: {channels: ['table']}, template: 'code'},
  'channels/table.yaml': {title: '桌贴', state: 'tbl', kind: 'external'},
  'templates/hello.yaml': null,
}

/** Runs with extra files beside the configuration. */
const explain = (
  argv: readonly string[],
  changes: Changes = {},
  beside: Readonly<Record<string, string>> = {},
): Promise<Ran> =>
  inFolder(
    {
      ...Object.fromEntries(
        Object.entries(aConfig({...SHOP, ...changes})).map(([path, text]) => [`config/${path}`, text]),
      ),
      ...beside,
    },
    (cwd) => runCommand(['explain', ...argv], {cwd}),
  )

const AT = '2026-11-25T07:00:00+08:00'

const answers = async (
  argv: readonly string[],
  changes: Changes = {},
  beside: Readonly<Record<string, string>> = {},
): Promise<JsonObject[]> => listOf(documentOf(await explain(['--json', ...argv], changes, beside)), 'answers')

describe('explain --json', () => {
  it('tells which template, by which rule, in which words, and when that changes', async () => {
    const ran = await explain(['--json', '--member', 'zhang.san', '--at', AT, '--nickname', '小林'])
    expect(ran.code).toBe(0)
    const document = documentOf(ran)
    expect(document).toMatchObject({command: 'explain', verdict: 'ok', findings: []})
    expect(document['answers']).toEqual([
      {
        query: {member: 'zhang.san', at: AT, nickname: '小林'},
        template: 'zao',
        schedule: 'all',
        slot: {name: 'slots[0]', from: '06:00', to: '22:00', startsOn: '2026-11-25'},
        level: 'department',
        because: [expect.stringContaining('24小时')],
        text: '小林，早上好，我是天河店的张顾问',
        attachments: [],
        outcome: 'sent',
        notices: [],
        missingFacts: [],
        next: {at: '2026-11-25T22:00:00+08:00', template: 'ye'},
        arm: 'stable',
      },
    ])
  })
  it('nothing said on purpose is no template and silent_by_rule', async () => {
    const [answer] = await answers(['--member', 'li.si', '--at', AT])
    expect(answer).toMatchObject({
      template: null,
      outcome: 'silent_by_rule',
      text: '',
      attachments: [],
      schedule: 'north',
      next: null,
    })
  })
  it('an unknown nickname takes its comma along', async () => {
    const [answer] = await answers(['--member', 'zhang.san', '--at', AT])
    expect(answer?.['text']).toBe('早上好，我是天河店的张顾问')
  })
  it('a code decides before the department, and its attachments are shown', async () => {
    const [answer] = await answers(['--member', 'li.si', '--at', AT, '--state', 'tbl'])
    expect(answer).toMatchObject({
      template: 'code',
      level: 'channel',
      attachments: [{type: 'link', title: '指南', url: 'https://m.hehejj.example/guide'}],
    })
  })
  it('a missing fact shows the fallback and names what is missing', async () => {
    const [answer] = await answers(['--member', 'wang.dian', '--at', AT])
    expect(answer).toMatchObject({
      template: 'zao',
      outcome: 'sent_text_fallback',
      text: '早上好',
      missingFacts: ['门店名称'],
    })
    expect(JSON.stringify(answer?.['because'])).toContain('[门店名称]')
  })
  it('a name the mirror lacks stays a placeholder and makes no fallback', async () => {
    const people = {
      'organization.yaml': {
        members: [
          {id: 'zhang.san', departments: ['/总部/华南区/天河店']},
          {id: 'x', departments: ['/总部/华北区']},
        ],
      },
    }
    const [answer] = await answers(['--member', 'zhang.san', '--at', AT], people)
    expect(answer).toMatchObject({outcome: 'sent', text: '早上好，我是天河店的[员工姓名]', missingFacts: []})
  })
  it('an unknown member and an unknown state are warnings, and there is an answer all the same', async () => {
    const ran = await explain(['--json', '--member', 'ghost', '--at', AT, '--state', 'old'])
    expect(ran.code).toBe(0)
    const document = documentOf(ran)
    expect(listOf(document, 'findings').map(({rule, level}) => [rule, level])).toEqual([
      ['unknown-member', 'warning'],
      ['unknown-state', 'warning'],
    ])
    expect(listOf(document, 'answers')[0]).toMatchObject({
      template: null,
      outcome: 'sent_text_fallback',
      level: 'built-in',
    })
  })
  it('the time may be written in any offset; the next change is told in the enterprise zone', async () => {
    const [answer] = await answers(['--member', 'zhang.san', '--at', '2026-11-24T23:00:00Z'], {
      'enterprise.yaml': enterprise({timezone: 'America/New_York'}),
    })
    // 18:00 in New York.
    expect(answer).toMatchObject({template: 'zao', next: {at: '2026-11-24T22:00:00-05:00', template: 'ye'}})
  })
})

describe('explain --from', () => {
  const QUESTIONS = [
    {member: 'zhang.san', at: AT},
    {member: 'li.si', at: AT, state: 'tbl', customer: 'wm1', nickname: '阿'},
    {member: 'ZHANG.SAN', at: '2026-11-25T23:00:00+08:00'},
    {member: 'zhang.san', at: AT},
  ]
  const lines = (...texts: readonly string[]): Record<string, string> => ({'q.ndjson': texts.join('\n')})
  it('answers one by one, in order, with the question as it was written', async () => {
    const given = await answers(
      ['--from', 'q.ndjson'],
      {},
      lines(...QUESTIONS.map((question) => JSON.stringify(question))),
    )
    expect(given.map(({query}) => query)).toEqual(QUESTIONS)
    expect(given.map(({template}) => template)).toEqual(['zao', 'code', 'ye', 'zao'])
  })
  it('skips empty lines, also the last one, and reads the line ends of Windows', async () => {
    const [one, two] = QUESTIONS.map((question) => JSON.stringify(question))
    expect(await answers(['--from', 'q.ndjson'], {}, lines(`${one}\r`, '', `${two}\r`, ''))).toHaveLength(2)
  })
  it('of an empty file gives no answer', async () => {
    expect(await answers(['--from', 'q.ndjson'], {}, lines(''))).toEqual([])
  })
  it.each([
    ['no JSON', 'zhang.san'],
    ['no object', '5'],
    ['null', 'null'],
    ['no member', '{"at":"2026-11-25T07:00:00+08:00"}'],
    ['no time', '{"member":"zhang.san"}'],
    ['a time without an offset', '{"member":"zhang.san","at":"2026-11-25T07:00:00"}'],
    ['30 February', '{"member":"zhang.san","at":"2026-02-30T07:00:00Z"}'],
    ['a number for a member', '{"member":5,"at":"2026-11-25T07:00:00+08:00"}'],
  ])('%s on a line is exit 2, and the line is named', async (_what, line) => {
    const good = JSON.stringify(QUESTIONS[0])
    const {code, out, err} = await explain(['--from', 'q.ndjson', '--lang', 'en'], {}, lines(good, '', line))
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain('q.ndjson:3:')
  })
  it('thousands of questions are answered from memory', async () => {
    const many = Array.from({length: 5000}, (_, index) =>
      JSON.stringify({
        member: ['zhang.san', 'wang.dian'][index % 2],
        at: new Date(Date.UTC(2026, 10, 25) + index * 60_000).toISOString(),
      }),
    )
    expect(await answers(['--from', 'q.ndjson'], {}, lines(...many))).toHaveLength(5000)
  }, 60_000)
})

describe('explain of a configuration that cannot be chosen from', () => {
  it('is refused with what is wrong', async () => {
    const ran = await explain(['--json', '--member', 'zhang.san', '--at', AT], {
      'schedules/code.yaml': {title: 'x', audience: {}, template: 'gone'},
    })
    expect(ran.code).toBe(1)
    expect(documentOf(ran)).toMatchObject({
      verdict: 'refused',
      answers: [],
      findings: [{rule: 'template-exists', file: join('config', 'schedules/code.yaml'), line: 3}],
    })
  })
  it('a fault in what is said does not hinder', async () => {
    const ran = await explain(['--json', '--member', 'zhang.san', '--at', AT], {
      'templates/ye.yaml': {title: 'x', text: '#客户昵称#'},
    })
    expect(ran.code).toBe(0)
  })
})

describe('explain as text', () => {
  it('tells it to people', async () => {
    const {out} = await explain(['--member', 'zhang.san', '--at', AT, '--nickname', '小林'])
    expect(out).toBe(
      [
        `zhang.san  ${AT}`,
        '  模板: zao   排班: all   结果: sent',
        '  · 按部门选中排班「24小时」（all），2026-11-25 的 06:00–22:00 时段：说 zao',
        '  │ 小林，早上好，我是天河店的张顾问',
        '  下次变化: 2026-11-25T22:00:00+08:00 → ye',
        '',
      ].join('\n'),
    )
  })
  it('in English too', async () => {
    const {out} = await explain(['--member', 'li.si', '--at', AT, '--lang', 'en'])
    expect(out).toContain('template: (silent on purpose)')
    expect(out).toContain('next change: none within 400 days')
  })
  it('shows a nickname as data: one line, no link, nothing expanded', async () => {
    const {out} = await explain([
      '--member',
      'zhang.san',
      '--at',
      AT,
      '--nickname',
      '[员工姓名]$&\nhttps://evil.example',
    ])
    expect(out).toContain('  │ [员工姓名]$& https：evil·example，早上好，我是天河店的张顾问\n')
  })
})

describe('the same question', () => {
  it('has the same answer whatever the order of files, byte for byte', async () => {
    const files = aConfig(SHOP)
    const argv = ['explain', '--json', '--member', 'zhang.san', '--at', AT]
    const run = (entries: readonly (readonly [string, string])[]): Promise<Ran> =>
      inFolder({}, (cwd) => {
        for (const [path, text] of entries) writeInto(cwd, `config/${path}`, text)
        return runCommand(argv, {cwd})
      })
    const entries = Object.entries(files)
    expect((await run(entries)).out).toBe((await run([...entries].reverse())).out)
  })
})

describe('the arm of a customer', () => {
  it('is that of the canary which runs in the store, and stable where none runs', async () => {
    await inFolder(
      Object.fromEntries(Object.entries(aConfig()).map(([path, text]) => [`config/${path}`, text])),
      async (cwd) => {
        const {privateKeyPem} = generateKeyPair()
        const store = createFileStore(join(cwd, 'store'), {
          clock: createSystemClock(),
          randomness: createSystemRandomness(),
        })
        const {lineage} = await store.readState()
        const canary = {digest: 'a'.repeat(64), perMyriad: 5000, salt: 's', maxPeople: 10}
        const manifest = {
          format: 1 as const,
          lineage,
          version: 1,
          issuedAtMs: 0,
          expiresAtMs: 1,
          stable: null,
          canary,
          directory: null,
          lockdown: [],
        }
        await store.writeManifest(signManifest(manifest, privateKeyPem))
        await store.close()
        const customers = ['wm1', 'wm2', 'wm3', 'wm4', 'wm5', 'wm6']
        const armIn = async (customer: string, address: string): Promise<unknown> => {
          const argv = [
            'explain',
            '--member',
            'mei',
            '--at',
            '2026-11-25T10:00:00Z',
            '--customer',
            customer,
            '--store',
            address,
            '--json',
          ]
          const [answer] = listOf(documentOf(await runCommand(argv, {cwd})), 'answers')
          return answer?.['arm']
        }
        for (const customer of customers) expect(await armIn(customer, 'file:store')).toBe(armOf(customer, canary))
        expect(await armIn('wm1', 'file:other')).toBe('stable')
      },
    )
  })
})
