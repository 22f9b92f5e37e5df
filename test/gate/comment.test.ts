import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {type CommentFacts, COMMENT_MARKER, renderComment, renderReport} from '../../scripts/core/gate/render-comment.js'
import {renderAnswer} from '../../scripts/core/gate/render-answer.js'
import {renderNotice} from '../../scripts/core/gate/render-notice.js'
import {codeCell, escapeMarkdown, fence} from '../../scripts/core/render/markdown.js'
import {previewChanges} from '../../scripts/core/gate/preview-change.js'
import {evaluateGate, type GateFacts} from '../../scripts/core/gate/evaluate-gate.js'
import {summaryOf} from '../../scripts/core/gate/summary.js'
import {worldOf} from '../../scripts/core/release/assemble-release.js'
import {type Changes, configOf, NOW_MS} from '../support/a-config.js'
import {ALL_THREE, approval, gateFacts, HEAD, NEW_TEXT, OLDER} from './a-gate.js'

function commentFacts(
  sides: Parameters<typeof gateFacts>[0] = {},
  changes: Partial<GateFacts> = {},
  more: Partial<CommentFacts> = {},
): CommentFacts {
  const facts = gateFacts(sides, changes)
  return {
    pull: facts.pull,
    verdict: evaluateGate(facts),
    planDigest: 'd'.repeat(64),
    people: {before: 40, after: 9012},
    changes: facts.changes,
    facts: [],
    findings: [],
    previews: previewChanges(worldOf(facts.base), worldOf(facts.head), facts.changes, NOW_MS),
    timezone: 'Asia/Shanghai',
    reportUrl: null,
    ...more,
  }
}

const firstLines = (text: string, count: number): string => text.split('\n').slice(0, count).join('\n')

describe('the comment', () => {
  it('says first whether it may be merged', () => {
    expect(firstLines(renderComment(commentFacts({}, {reviews: ALL_THREE()}), 'zh'), 3)).toBe(
      `${COMMENT_MARKER}\n\n## ✅ 可以合并`,
    )
  })
  it('says first who is missing, in both languages', () => {
    const facts = commentFacts({}, {reviews: [approval('he-gui')]})
    expect(renderComment(facts, 'zh')).toContain('## ⏳ 还差 2 位审批人')
    expect(renderComment(facts, 'en')).toContain('## ⏳ 2 approvals missing')
    expect(firstLines(renderComment(facts, 'zh'), 8)).toContain('xiao-bao')
  })
  it('names approvals that count for nothing and why', () => {
    const facts = commentFacts({}, {reviews: [approval('he-gui', {commit: OLDER})]})
    expect(renderComment(facts, 'zh')).toContain('he-gui：批准的是旧的提交')
  })
  it('shows how many people it reaches before and after', () => {
    expect(renderComment(commentFacts(), 'zh')).toContain('影响人数 40 → 9012 (+8972)** 🔴')
  })
  it('shows the text as a customer reads it, old against new', () => {
    const text = renderComment(commentFacts(), 'zh')
    expect(text).toContain('-您好，理财非存款。')
    expect(text).toContain('+您好，理财非存款，投资须谨慎。')
  })
  it('shows the changed facts as a table that no value can break', () => {
    const facts = [{template: 'a|b', kind: 'link', before: 'https://a.example/`x`|y', after: null}]
    const row = renderComment(commentFacts({}, {}, {facts}), 'zh')
      .split('\n')
      .find((line) => line.includes('∅'))
    expect(row?.split('|')).toHaveLength(6)
    expect(row).not.toContain('`')
  })
  it('shows the week of what says it as a chart', () => {
    expect(renderComment(commentFacts(), 'zh')).toContain('```mermaid\ngantt')
  })
  it('carries the digest and the commit that are agreed to', () => {
    const text = renderComment(commentFacts(), 'zh')
    expect(text).toContain('d'.repeat(64))
    expect(text).toContain(HEAD.slice(0, 12))
  })
  it('stays within the host’s limit and names what it leaves to the report', () => {
    const many: Changes = Object.fromEntries(
      Array.from({length: 200}, (_, index) => [
        `templates/t${index}.yaml`,
        {title: `t${index}`, text: `您好，这是第 ${index} 条。${'很长的文案。'.repeat(80)}`},
      ]),
    )
    const facts = commentFacts({head: many})
    const text = renderComment(facts, 'zh')
    expect(text.length).toBeLessThan(65_536)
    expect(text).toContain('太长，没有放在这里：')
    expect(renderReport(facts, 'zh')).toContain('第 199 条')
    expect(renderReport(facts, 'zh').length).toBeGreaterThan(65_536)
  })
  it('mentions nobody and links nowhere, whatever the texts say', () => {
    const nasty = '@everyone #12 [click](https://evil.example) <img src=x> | `x` www.evil.example'
    const head: Changes = {'templates/hello.yaml': {title: nasty, text: nasty}}
    const finding = {
      rule: 'x',
      level: 'error' as const,
      file: nasty,
      line: 1,
      column: 1,
      says: {zh: nasty, en: nasty},
      fix: {zh: nasty, en: nasty},
    }
    const text = renderComment(commentFacts({head}, {}, {findings: [finding]}), 'zh')
    const outsideCode = text.replace(/(`{3,})[\s\S]*?\n\1/g, '')
    expect(outsideCode).not.toMatch(/@everyone|<img|\]\(https|https:\/\/|www\.evil/)
  })
})

describe('text of others', () => {
  it('keeps its letters and loses its markup', () => {
    expect(escapeMarkdown('华南门店 v1.2, 10:00-22:00')).toBe('华南门店 v1.2, 10:00-22:00')
  })
  it('never leaves a code block', () => {
    fc.assert(
      fc.property(fc.string({unit: fc.constantFrom('`', '~', '\n', 'a')}), (text) => {
        const [opening = '', ...rest] = fence(text, 'text').split('\n')
        const marks = opening.replace('text', '')
        expect(rest.at(-1)).toBe(marks)
        expect(rest.slice(0, -1).some((line) => line.startsWith(marks))).toBe(false)
      }),
    )
  })
  it('never breaks a table cell or ends a code span', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(codeCell(text).slice('<code>'.length, -'</code>'.length)).not.toMatch(/[|`<>\n]/)
      }),
    )
  })
})

describe('an answer', () => {
  const config = configOf({...NEW_TEXT})
  const explain = (at: string) => ({verb: 'explain' as const, member: 'zhang.san', at})
  it('takes a time without offset as the company’s own', () => {
    const [local, offset] = [explain('2026-11-28T02:00'), explain('2026-11-28T02:00:00+08:00')].map((command) =>
      renderAnswer([command], config, 'zh'),
    )
    expect(local).toBe(offset)
    expect(local).toContain('hello')
    expect(local).toContain('投资须谨慎')
  })
  it.each(['2026-02-30T02:00', 'tomorrow', '2026-11-28', '2026-11-28T25:00'])('says so where %s is no time', (at) => {
    expect(renderAnswer([explain(at)], config, 'en')).toContain('This is no instant')
  })
  it('waits for a configuration that can be understood', () => {
    expect(renderAnswer([explain('2026-11-28T02:00')], null, 'en')).toContain('has errors')
  })
  it('names its commands to whoever types another', () => {
    const text = renderAnswer([{verb: 'unknown', written: 'force @all'}], config, 'zh')
    expect(text).toContain('/yingbin explain')
    expect(text).toContain('<code>force @all</code>')
  })
})

describe('a notice to the security group', () => {
  const lock = {
    says: '模板 hello 的链接变化 1/1 = 100%，已锁定',
    isOpen: false,
    places: [
      {
        file: 'templates/hello.yaml',
        before: 'https://m.hehejj.example/a',
        after: 'https://m.hehejj.example.evil.example/a?x=1',
      },
    ],
  }
  const facts = {
    pull: {number: 7, author: 'xiao-wen'},
    url: 'https://github.example/hehe/welcome/pull/7',
    locks: [lock],
  }
  it('names the old and the new host, the author, and where to look', () => {
    const text = renderNotice(facts, 2048, 'zh')
    expect(text).toContain('m.hehejj.example → m.hehejj.example.evil.example')
    expect(text).not.toContain('x=1')
    expect(text).toContain('#7（作者 xiao-wen）')
    expect(text).toContain('https://github.example/hehe/welcome/pull/7')
  })
  it.each([2048, 4096])('fits %d bytes however much is locked, and still says where to look', (most) => {
    const text = renderNotice({...facts, locks: Array.from({length: 300}, () => lock)}, most, 'zh')
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(most)
    expect(text).toContain('/pull/7')
  })
  it('leaves out what is open again', () => {
    expect(renderNotice({...facts, locks: [{...lock, isOpen: true}]}, 2048, 'zh')).not.toContain('100%')
  })
})

describe('the line in the list of checks', () => {
  it.each([
    [{}, '还差 3 位审批人'],
    [{reviews: ALL_THREE()}, '可以合并'],
    [{reviews: ALL_THREE(), commitsBehind: 1}, '还不能合并，原因见评论'],
  ])('is short: %#', (changes, expected) => {
    expect(summaryOf(evaluateGate(gateFacts({}, changes)), 'zh')).toBe(expected)
  })
})
