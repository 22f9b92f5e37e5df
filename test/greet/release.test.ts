import {describe, expect, it} from '@jest/globals'
import {assembleConfig} from '../../scripts/core/load/assemble-config.js'
import {digestOf} from '../../scripts/core/model/canonical.js'
import {assembleDirectory, assembleRelease} from '../../scripts/core/release/assemble-release.js'
import {aConfig, anAsset, type Changes, configOf, enterprise} from '../support/a-config.js'

const digest = (changes: Changes): string => digestOf(assembleRelease(configOf(changes)))

describe('a release', () => {
  it('has one digest whatever the order of files and of keys', () => {
    const files = Object.entries(aConfig({'templates/b.yaml': {title: 'b', text: 'b'}})).map(([path, text]) => ({
      path,
      text,
    }))
    const release = (list: typeof files): string =>
      digestOf(assembleRelease(assembleConfig(list, new Map(), new Set()).config))
    expect(release([...files].reverse())).toBe(release(files))
    expect(digest({'templates/b.yaml': {text: 'b', title: 'b'}})).toBe(
      digest({'templates/b.yaml': {title: 'b', text: 'b'}}),
    )
  })
  it('has another digest for another text', () => {
    expect(digest({'templates/hello.yaml': {title: '问候', text: '您好'}})).not.toBe(digest({}))
  })
  it('writes equal moments in different offsets as one', () => {
    const from = (validFrom: string): string => digest({'templates/hello.yaml': {title: 'x', text: 'x', validFrom}})
    expect(from('2026-11-10T20:00:00+08:00')).toBe(from('2026-11-10T12:00:00Z'))
    expect(from('2026-11-10t12:00:00z')).toBe(from('2026-11-10T12:00:00Z'))
  })
  it('fills in the defaults', () => {
    expect(assembleRelease(configOf())).toMatchObject({
      format: 1,
      edition: 'industry',
      timezone: 'Asia/Shanghai',
      greet: {unknown: '', builtIn: '您好，已收到您的添加，稍后回复您。'},
      schedules: {all: {priority: 0, timezone: 'Asia/Shanghai', says: ['hello'], slots: [], dates: []}},
    })
  })
  it('holds nothing about persons but the grants that audiences ask', () => {
    const text = JSON.stringify(assembleRelease(configOf()))
    expect(text).not.toMatch(/zhang\.san|张顾问|00123/)
  })
  it('names every used asset by content, and no other', () => {
    const used = anAsset('assets/a.png', {sha256: 'a'.repeat(64), bytes: 7})
    const release = assembleRelease(
      configOf(
        {
          'templates/hello.yaml': {
            title: 'x',
            text: 'x',
            fallback: 'x',
            attachments: [{type: 'image', file: 'assets/a.png'}],
          },
        },
        [used, anAsset('assets/unused.png')],
      ),
    )
    expect(release.assets).toEqual({'assets/a.png': {sha256: 'a'.repeat(64), bytes: 7, mime: 'image/png'}})
  })
  it('spells out the dates of a calendar', () => {
    const calendar = {
      title: 'c',
      years: {
        '2026': {
          holidays: ['2026-04-05', ['2026-02-27', '2026-03-01']],
          workdays: ['2026-02-28', '2026-02-14'],
          source: 'x',
          reviewedBy: 'x',
        },
      },
    }
    expect(assembleRelease(configOf({'calendars/cn.yaml': calendar})).calendars['cn']?.['2026']).toEqual({
      holidays: ['2026-02-27', '2026-02-28', '2026-03-01', '2026-04-05'],
      workdays: ['2026-02-14', '2026-02-28'],
    })
  })
  it('knows when each roster grows stale: eight days by default', () => {
    const roster = {
      title: 'r',
      shifts: {早: {from: '06:00', to: '24:00'}},
      importedAt: '2026-11-20T00:00:00Z',
      days: {},
    }
    expect(assembleRelease(configOf({'rosters/r.yaml': roster})).rosters['r']).toMatchObject({
      staleAfterMs: Date.UTC(2026, 10, 28),
      shifts: {早: {from: 21_600, to: 86_400}},
    })
  })
  it('takes a wordless default greeting and an unknown name from the enterprise', () => {
    const {greet} = assembleRelease(
      configOf({'enterprise.yaml': enterprise({greet: {builtIn: '稍后', unknown: '朋友', successor: 'hello'}})}),
    )
    expect(greet).toEqual({builtIn: '稍后', unknown: '朋友', successor: 'hello'})
  })
})

describe('the directory', () => {
  it('is the mirror, members by id, with statuses and instants', () => {
    const directory = assembleDirectory(
      configOf({
        'organization.yaml': {
          members: [
            {id: 'b', departments: ['/x'], status: 'left', leftAt: '2026-11-20T18:00:00+08:00'},
            {id: 'a', departments: ['/x', '/y'], number: '00123'},
          ],
          transfers: [{member: 'a', to: '/z', from: '2026-12-01T00:00:00+08:00', until: '2026-12-02T00:00:00+08:00'}],
        },
      }),
    )
    expect(directory).toEqual({
      members: [
        {id: 'a', departments: ['/x', '/y'], roles: [], attributes: {}, status: 'active', facts: {}, number: '00123'},
        {
          id: 'b',
          departments: ['/x'],
          roles: [],
          attributes: {},
          status: 'left',
          leftAtMs: Date.UTC(2026, 10, 20, 10),
          facts: {},
        },
      ],
      transfers: [{member: 'a', to: '/z', fromMs: Date.UTC(2026, 10, 30, 16), untilMs: Date.UTC(2026, 11, 1, 16)}],
    })
  })
})
