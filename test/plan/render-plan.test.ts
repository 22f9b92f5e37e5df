import {describe, expect, it} from '@jest/globals'
import {fieldChanges} from '../../scripts/core/plan/field-changes.js'
import {forecastQuota} from '../../scripts/core/plan/quota-forecast.js'
import {renderPlanMarkdown} from '../../scripts/core/plan/render-plan-markdown.js'
import {renderPlanText} from '../../scripts/core/plan/render-plan-text.js'
import {aChannel, type ConfigParts} from '../apply/a-config.js'
import {afterPlan, aState, factsOf, planOf} from './plan-of.js'

const BEFORE: ConfigParts = {
  templates: {hello: {title: '你好', text: '您好'}},
  channels: {tianhe: aChannel(), old: aChannel({state: 'old'})},
}
const AFTER: ConfigParts = {
  templates: {hello: {title: '你好', text: '您好，欢迎'}, bye: {title: '再见', text: '再见'}},
  channels: {tianhe: aChannel({state: 'th2'}), new: aChannel({state: 'new'})},
}
const aChange = () => {
  const state = afterPlan(planOf(BEFORE), aState())
  return planOf(AFTER, {state, releaseBefore: factsOf(BEFORE).release})
}

describe('a plan as text', () => {
  it('shows signs, nested fields, people, calls and quota', () => {
    const plan = aChange()
    const short = (digest: string | null) => `${(digest ?? '').slice(0, 12)}…`
    expect(renderPlanText(plan, 'zh')).toBe(
      [
        `计划 ${plan.digest.slice(0, 12)}（状态序号 5）`,
        '',
        '  + 渠道活码 new',
        '      parties: []',
        '      remark: "yb:11507a0e2f5e"',
        '      skipVerify: true',
        '      state: "new"',
        '      type: 2',
        '      users: ["zhang.san"]',
        '  ~ 渠道活码 tianhe',
        '      state: "tianhe" → "th2"',
        '  ~ 发布 stable',
        `      ${short(plan.release.before)} → ${short(plan.release.after)}`,
        '      + 模板 bye',
        '      ~ 模板 hello',
        '          text: "您好" → "您好，欢迎"',
        '      + 渠道 new',
        '      - 渠道 old',
        '      ~ 渠道 tianhe',
        '          state: "tianhe" → "th2"',
        '  - 渠道活码 old',
        '',
        '合计：新增 1，修改 2，删除 1',
        '覆盖员工：0 → 3 人',
        '企业微信调用：3 次（add_contact_way × 1、del_contact_way × 1、update_contact_way × 1），按频率限制至少 0 秒',
        '',
      ].join('\n'),
    )
  })

  it('says so when there is nothing to do', () => {
    const state = afterPlan(planOf(BEFORE), aState())
    expect(renderPlanText(planOf(BEFORE, {state}), 'en')).toContain('No changes')
    expect(renderPlanMarkdown(planOf(BEFORE, {state}), 'zh')).toContain('没有变化')
  })

  it('marks what an earlier run has done', () => {
    expect(renderPlanText(aChange(), 'en', {done: new Set(['contact-way/new'])})).toContain(
      '+ contact way new  ✓ done by an earlier run',
    )
  })

  it('shows no id that WeCom gave', () => {
    const plan = aChange()
    expect(renderPlanText(plan, 'en') + renderPlanMarkdown(plan, 'en')).not.toContain('remote of')
  })
})

describe('a plan as Markdown', () => {
  it('counts in a table and folds the details away as a diff', () => {
    const text = renderPlanMarkdown(aChange(), 'en')
    expect(text).toContain('| 1 | 2 | 1 | 0 → 3 | 3, at least 0 s |')
    expect(text).toContain('-     state: "tianhe"\n+     state: "th2"')
  })

  it('no text of the configuration gets out of its fence', () => {
    const state = afterPlan(planOf(BEFORE), aState())
    const evil = {...AFTER, templates: {hello: {title: 't', text: 'x\n```\n# @everyone <img src=x>\n'}}}
    const text = renderPlanMarkdown(planOf(evil, {state, releaseBefore: factsOf(BEFORE).release}), 'zh')
    const fence = /^(`{3,})diff$/m.exec(text)?.[1] ?? ''
    expect(fence).toBe('````')
    expect(text.split(`\n${fence}\n`)).toHaveLength(2)
    expect(text).not.toMatch(/^# @everyone/m)
  })
})

describe('field changes', () => {
  it.each([
    [{a: 1}, {a: 1}, []],
    [{a: {b: 1, c: 2}}, {a: {b: 1, c: 3}}, [{path: 'a.c', before: 2, after: 3}]],
    [{a: [{x: 1}]}, {a: [{x: 1}, {x: 2}]}, [{path: 'a[1].x', before: undefined, after: 2}]],
    [{a: [1, 2]}, {a: [2]}, [{path: 'a', before: [1, 2], after: [2]}]],
    ['a', 'b', [{path: '', before: 'a', after: 'b'}]],
    [{a: {b: 1}}, {a: 'x'}, [{path: 'a', before: {b: 1}, after: 'x'}]],
  ])('from %j to %j', (before, after, changes) => {
    expect(fieldChanges(before, after)).toEqual(changes)
  })
})

describe('the quota forecast', () => {
  const stepsOf = (api: string, count: number) => ({
    steps: planOf({channels: {a: aChannel()}})
      .steps.slice(0, 1)
      .map((step) => ({...step, calls: {[api]: count}})),
  })

  it.each([
    ['add_contact_way', 0, 0],
    ['add_contact_way', 10_000, 0],
    ['add_contact_way', 10_001, 60],
    ['add_contact_way', 150_001, 3600],
    ['media/uploadimg', 1000, 0],
    ['media/uploadimg', 1001, 86_400],
  ])('%s × %i needs at least %i seconds', (api, count, seconds) => {
    expect(forecastQuota(stepsOf(api, count)).leastSeconds).toBe(seconds)
  })
})
