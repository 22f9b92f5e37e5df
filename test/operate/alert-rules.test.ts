import {readFileSync} from 'node:fs'
import {beforeAll, describe, expect, it} from '@jest/globals'
import {load} from 'js-yaml'
import {findQueryFaults} from './check-queries.js'
import {groupingsOf} from './promql.js'
import {readRealMetrics, type RealMetrics} from './real-metrics.js'

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly for?: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

interface RuleFile {
  readonly groups: readonly {readonly name: string; readonly rules: readonly Rule[]}[]
}

const file = load(readFileSync(new URL('../../scripts/operate/alert-rules.yaml', import.meta.url), 'utf8')) as RuleFile
const rules = file.groups.flatMap((group) => group.rules)

/** A duration as Prometheus reads it: units from large to small, each at most once. */
const DURATION = /^(?:0|(?=\d)(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?)$/
const TEMPLATE = /\{\{([^{}]*)\}\}/g
/** What stands in these templates: a value or a label, through functions Prometheus has. */
const INSIDE = /^ (?:\$value|\$labels\.(\w+))(?: \| (?:humanize|humanize1024|humanizeDuration|humanizePercentage))* $/
const SEVERITIES = ['critical', 'warning']

describe('the alert rules', () => {
  let real: RealMetrics
  beforeAll(async () => {
    real = await readRealMetrics()
  })
  it('are groups of rules and nothing else', () => {
    expect(Object.keys(file)).toEqual(['groups'])
    for (const group of file.groups) {
      expect(Object.keys(group).sort()).toEqual(['name', 'rules'])
      expect(group.rules.length).toBeGreaterThan(0)
    }
    for (const rule of rules)
      expect(
        Object.keys(rule).filter((key) => !['alert', 'expr', 'for', 'labels', 'annotations'].includes(key)),
      ).toEqual([])
  })
  it('have group names and alert names of their own', () => {
    expect(new Set(file.groups.map(({name}) => name)).size).toBe(file.groups.length)
    expect(new Set(rules.map(({alert}) => alert)).size).toBe(rules.length)
    for (const {alert} of rules) expect(alert).toMatch(/^Yingbin[A-Za-z]+$/)
  })
  it('wait for durations that can be read', () => {
    for (const {for: wait} of rules) if (wait !== undefined) expect(wait).toMatch(DURATION)
    expect(['5m', '1h30m', '0', '2d'].every((text) => DURATION.test(text))).toBe(true)
    expect(['', '5', '5 m', '30m1h', '1.5h', 'm'].some((text) => DURATION.test(text))).toBe(false)
  })
  it('ask only what parses and what the responder exposes', () => {
    expect(rules.length).toBeGreaterThan(12)
    expect(rules.flatMap(({alert, expr}) => findQueryFaults(expr, real).map((fault) => `${alert}: ${fault}`))).toEqual(
      [],
    )
  })
  it('compare with something: a rule without a bound would always fire', () => {
    for (const {expr} of rules) expect(expr).toMatch(/[<>]|==|^absent\(/)
  })
  it('have a severity, and say in Chinese what is wrong and what to do', () => {
    for (const {labels, annotations} of rules) {
      expect(SEVERITIES).toContain(labels['severity'])
      expect(Object.keys(annotations).sort()).toEqual(['description', 'summary'])
      for (const text of Object.values(annotations)) expect(text).toMatch(/\p{Script=Han}/u)
    }
  })
  it('have templates that are closed and speak of labels that are there', () => {
    for (const {alert, expr, annotations} of rules) {
      for (const text of Object.values(annotations)) {
        expect([alert, text.replace(TEMPLATE, '')]).toEqual([alert, expect.not.stringMatching(/[{}]/)])
        for (const [, inside = ''] of text.matchAll(TEMPLATE)) {
          expect([alert, inside]).toEqual([alert, expect.stringMatching(INSIDE)])
          const label = INSIDE.exec(inside)?.[1]
          const isGrouped = /\b(sum|max|min|avg|count|absent)\b/.test(expr)
          if (label !== undefined)
            expect([alert, isGrouped ? groupingsOf(expr) : [label]]).toEqual([alert, expect.arrayContaining([label])])
        }
      }
    }
  })
  it('name no company and no machine', () => {
    for (const {annotations} of rules)
      for (const text of Object.values(annotations))
        expect(text).not.toMatch(/https?:|\d+\.\d+\.\d+\.\d+|\bww[0-9a-f]{16}\b/)
  })
})
