import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {load} from 'js-yaml'
import {ALARM_KINDS} from '../../scripts/core/respond/alarm-kinds.js'
import {ROOT} from '../support/launch.js'
import {runCommand} from '../support/run-command.js'

const PAGE = readFileSync(join(ROOT, 'scripts/operate/runbook.md'), 'utf8')

/** Every command of ours on the page, in blocks and in tables, as words. */
const COMMANDS = [...PAGE.matchAll(/npx yingbin ([^`\n|]+)/g)].map(([, words = '']) => words.trim().split(/\s+/))
const VERBS = [...new Set(COMMANDS.map(([verb = '']) => verb))]

describe('the page for whoever is on call', () => {
  it.each([...ALARM_KINDS])('has a heading for the alarm %s', (kind) => {
    expect(PAGE.split('\n').filter((line) => line.startsWith('### ') && line.includes(kind))).toHaveLength(1)
  })

  it('names every alert of the rules, and no other', () => {
    const rules = load(readFileSync(join(ROOT, 'scripts/operate/alert-rules.yaml'), 'utf8')) as {
      groups: {rules: {alert: string}[]}[]
    }
    const alerts = rules.groups.flatMap(({rules: each}) => each.map(({alert}) => alert))
    const named = new Set(PAGE.match(/Yingbin[A-Z]\w+/g))
    expect([...named].sort()).toEqual([...alerts].sort())
  })

  it.each(VERBS)('%s: every flag it tells to type exists', async (verb) => {
    const {code, out} = await runCommand([verb, '--help', '--lang', 'en'])
    expect(code).toBe(0)
    const flags = COMMANDS.filter(([each]) => each === verb).flatMap((words) =>
      words.filter((word) => /^--/.test(word)),
    )
    for (const flag of flags) expect(out).toContain(flag)
  })

  it('tells no command without its reason where one is kept', () => {
    const needing = COMMANDS.filter(
      ([verb, ...words]) =>
        (verb === 'lockdown' || (verb === 'rollback' && !words.includes('--revert')) || verb === 'settle') &&
        words.length > 0,
    )
    expect(needing.length).toBeGreaterThan(10)
    expect(needing.filter((words) => !words.includes('--reason'))).toEqual([])
  })
})
