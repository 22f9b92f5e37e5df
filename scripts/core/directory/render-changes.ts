import type {Language} from '../model/words.js'
import {codeSpan} from '../render/markdown.js'
import type {Change} from './changes.js'

type Quote = (text: string) => string

const asItIs: Quote = (text) => text

/** One line a change, for a terminal. */
export const renderChanges = (changes: readonly Change[], language: Language): string[] =>
  changes.map((change) => `  ${describe(change, language, asItIs)}`)

const list = (texts: readonly string[], quote: Quote): string => texts.map(quote).join(' ')

function describe(change: Change, language: Language, quote: Quote): string {
  const zh = language === 'zh'
  switch (change.what) {
    case 'department-added':
      return `+ ${zh ? '部门' : 'department'} ${quote(change.path)}`
    case 'department-removed':
      return `- ${zh ? '部门' : 'department'} ${quote(change.path)}`
    case 'department-renamed':
      return `~ ${zh ? '部门' : 'department'} ${quote(change.path)} → ${quote(change.to)}`
    case 'department-numbered':
      return `~ ${zh ? '部门 id' : 'department id'} ${quote(change.path)}`
    case 'department-led':
      return `~ ${zh ? '部门负责人' : 'head of department'} ${quote(change.path)}`
    case 'member-added':
      return `+ ${quote(change.id)} ${list(change.to, quote)}`
    case 'member-moved':
      return `~ ${quote(change.id)} ${zh ? '调动' : 'moves'} ${list(change.from, quote)} → ${list(change.to, quote)}`
    case 'member-left':
      return `- ${quote(change.id)} ${zh ? '离职' : 'has left'}`
    case 'member-disabled':
      return `- ${quote(change.id)} ${zh ? '停用' : 'is disabled'}`
    case 'member-active':
      return `+ ${quote(change.id)} ${zh ? '重新启用' : 'is active again'}`
    case 'member-named':
      return `~ ${quote(change.id)} displayName`
    case 'member-led':
      return `~ ${quote(change.id)} ${zh ? '上级' : 'leader'} → ${quote(change.by)}`
    case 'member-tagged': {
      const signed = [...change.added.map((tag) => `+${tag}`), ...change.removed.map((tag) => `-${tag}`)]
      return `~ ${quote(change.id)} ${zh ? '标签' : 'tags'} ${list(signed, quote)}`
    }
    case 'member-graded':
      return `~ ${quote(change.id)} ${zh ? '属性' : 'attributes'} ${list(change.names, quote)}`
  }
}

const COUNTED: readonly (readonly [Change['what'], string])[] = [
  ['member-added', '入职'],
  ['member-left', '离职'],
  ['member-disabled', '停用'],
  ['member-moved', '调动'],
  ['department-added', '新增部门'],
  ['department-renamed', '部门改名'],
  ['department-removed', '撤销部门'],
]

/** `同步组织镜像：入职 2，离职 1`. */
export function syncTitle(changes: readonly Change[]): string {
  const counts = COUNTED.flatMap(([what, word]) => {
    const count = changes.filter((change) => change.what === what).length
    return count > 0 ? [`${word} ${count}`] : []
  })
  return `同步组织镜像：${counts.length > 0 ? counts.join('，') : `${changes.length} 处`}`
}

const MOST_LINES = 200

/** Userids and department paths alone, as code: nobody is mentioned and no name of a person stands in it. */
export function syncBody(changes: readonly Change[]): string {
  const lines = changes
    .slice(0, MOST_LINES)
    .map((change) => `- ${describe(change, 'zh', codeSpan).replace(/^([-+~]) /, '`$1` ')}`)
  const more = changes.length - lines.length
  return [
    '按企业微信通讯录更新 `organization.yaml`。请核对离职和调动，再合并。',
    '',
    ...lines,
    ...(more > 0 ? [`- 另有 ${more} 处，见文件差异`] : []),
    '',
    '停用和离职的人合并后不再计入审批；授权、接替人、GitHub 账号、资料和临时调岗没有动。',
  ].join('\n')
}
