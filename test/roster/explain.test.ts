import {describe, expect, it} from '@jest/globals'
import {type JsonObject, listOf} from '../support/run-command.js'
import {day, IMPORT, inProject, type Project, xlsx} from './a-project.js'

const SAYS = (id: string): object => ({title: id, text: `这是 ${id}`})
const CONFIG = {
  'templates/zao.yaml': SAYS('zao'),
  'templates/ye.yaml': SAYS('ye'),
  'templates/hello.yaml': SAYS('hello'),
  'schedules/all.yaml': {
    title: '门店',
    audience: {},
    slots: [
      {shift: '早班', template: 'zao'},
      {shift: '夜班', template: 'ye'},
    ],
    default: 'hello',
  },
}

const said = async ({run}: Project, member: string, at: string): Promise<unknown> => {
  const {out} = await run('explain', '--json', '--member', member, '--at', at)
  return listOf(JSON.parse(out) as JsonObject, 'answers')[0]?.['template']
}

describe('a roster from a spreadsheet', () => {
  it('is what explain says after the import, also past midnight', async () => {
    const bytes = await xlsx([
      ['姓名', day('2026-11-28'), day('2026-11-29')],
      ['李顾问', '夜', '休'],
      ['张顾问', '早', '早'],
    ])
    await inProject(
      {'hr.xlsx': bytes},
      async (project) => {
        expect(await said(project, 'zhang.san', '2026-11-28T06:00:00+08:00')).toBe('hello')
        const argv = IMPORT('hr.xlsx', '--shift', '早=早班', '--shift', '夜=夜班')
        expect(await project.ask(...argv)).toMatchObject({code: 0, written: false})
        expect(await said(project, 'zhang.san', '2026-11-28T06:00:00+08:00')).toBe('hello')
        expect(await project.ask(...argv, '--write')).toMatchObject({code: 0, written: true})

        for (const [member, at, template] of [
          ['zhang.san', '2026-11-28T05:59:59+08:00', 'hello'],
          ['zhang.san', '2026-11-28T06:00:00+08:00', 'zao'],
          ['zhang.san', '2026-11-28T13:59:59+08:00', 'zao'],
          ['zhang.san', '2026-11-28T14:00:00+08:00', 'hello'],
          // The night belongs to the day it starts on: Sunday is off, and its first hours are still Saturday's shift.
          ['li.si', '2026-11-28T21:59:59+08:00', 'hello'],
          ['li.si', '2026-11-28T22:00:00+08:00', 'ye'],
          ['li.si', '2026-11-29T02:00:00+08:00', 'ye'],
          ['li.si', '2026-11-29T05:59:59+08:00', 'ye'],
          ['li.si', '2026-11-29T06:00:00+08:00', 'hello'],
          ['li.si', '2026-11-29T22:00:00+08:00', 'hello'],
          ['wang.dian', '2026-11-29T02:00:00+08:00', 'hello'],
        ] as const)
          expect([member, at, await said(project, member, at)]).toEqual([member, at, template])
      },
      CONFIG,
    )
  }, 60_000)
  it('is fresh again after an import that changes nobody', async () => {
    const bytes = await xlsx([
      ['userid', '日期', '班次'],
      ['zhang.san', day('2026-12-01'), '中班'],
    ])
    await inProject(
      {'hr.xlsx': bytes},
      async ({run, ask}) => {
        const rules = async (): Promise<string> => (await run('validate', '--now', '2026-11-30T12:00:00+08:00')).out
        expect(await rules()).toContain('roster --from 文件 --into rosters/stores.yaml --write')
        await ask(...IMPORT('hr.xlsx', '--write'))
        expect(await rules()).not.toContain('roster-stale')
      },
      {
        'schedules/all.yaml': CONFIG['schedules/all.yaml'],
        'templates/zao.yaml': SAYS('zao'),
        'templates/ye.yaml': SAYS('ye'),
      },
    )
  })
})
