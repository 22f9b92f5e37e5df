import type {Language, Words} from '../model/words.js'
import {codeSpan} from '../render/markdown.js'
import type {Drift, DriftKind} from './find-drifts.js'
import type {Healed} from './healed-row.js'

const KINDS: Readonly<Record<DriftKind, Words>> = {
  changed: {zh: '被改过', en: 'changed'},
  missing: {zh: '不见了', en: 'missing'},
  extra: {zh: '多出来', en: 'extra'},
  pending: {zh: '待应用', en: 'pending'},
}

const WHAT_TO_DO: Readonly<Record<DriftKind, Words>> = {
  changed: {
    zh: '用 yingbin drift --heal 或在后台改回来，或把配置改成现在的样子',
    en: 'set it back with yingbin drift --heal or in the console, or change the configuration',
  },
  missing: {
    zh: '问清谁删的；用 yingbin drift --heal 补回（活码会是新的），或从配置里去掉',
    en: 'find out who removed it; make it again with yingbin drift --heal (a code will be a new one), or take it out of the configuration',
  },
  extra: {
    zh: '成员标签：没有授权就用 yingbin drift --heal 去掉，要留就写进配置；活码：用 yingbin import 收进配置',
    en: 'a member tag: take it away with yingbin drift --heal unless it was granted, or write it into the configuration; a code: take it over with yingbin import',
  },
  pending: {zh: '等下一次应用', en: 'waits for the next apply'},
}

const LONGEST_VALUE = 200
const MOST_ROWS = 40
const TABLE_SIDES: readonly (readonly [keyof Drift, Words])[] = [
  ['wanted', {zh: '配置想要', en: 'wanted'}],
  ['state', {zh: '上次应用', en: 'applied'}],
  ['live', {zh: '现在', en: 'now'}],
]

function shown(value: unknown, language: Language): string {
  if (value === undefined) return language === 'zh' ? '查不到' : 'cannot be read'
  if (value === null) return language === 'zh' ? '没有' : 'none'
  const characters = [...JSON.stringify(value)]
  return characters.length <= LONGEST_VALUE ? characters.join('') : `${characters.slice(0, LONGEST_VALUE).join('')}…`
}

export function renderDriftText(drifts: readonly Drift[], notes: readonly Words[], language: Language): string {
  const none = language === 'zh' ? '没有差别。' : 'No drift.'
  const rows = drifts.flatMap((drift) => [
    `${KINDS[drift.kind][language]}  ${drift.key}  ${WHAT_TO_DO[drift.kind][language]}`,
    ...TABLE_SIDES.map(([side, words]) => `    ${words[language]}: ${shown(drift[side], language)}`),
  ])
  return `${[...(rows.length > 0 ? rows : [none]), ...notes.map((note) => `· ${note[language]}`)].join('\n')}\n`
}

const STATUS: Readonly<Record<Healed['status'], Words>> = {
  done: {zh: '已修复', en: 'healed'},
  failed: {zh: '没有修成', en: 'not healed'},
  skipped: {zh: '没有开始', en: 'not begun'},
  ambiguous: {zh: '不知道成没成', en: 'nobody knows'},
}

/** What a heal did, one thing a line; a person reads on with what still differs. */
export const renderHealedText = (healed: readonly Healed[], language: Language): string =>
  healed.length === 0
    ? `${language === 'zh' ? '没有要修复的。' : 'Nothing to heal.'}\n`
    : healed.map(({key, status, says}) => `${STATUS[status][language]}  ${key}  ${says[language]}\n`).join('')

/** The body of the issue: every value of others stands in code. */
export function renderDriftMarkdown(drifts: readonly Drift[], notes: readonly Words[], language: Language): string {
  const zh = language === 'zh'
  const heads = [zh ? '什么' : 'what', zh ? '怎么了' : 'how', ...TABLE_SIDES.map(([, words]) => words[language])]
  const rows = drifts
    .slice(0, MOST_ROWS)
    .map((drift) => [
      codeSpan(drift.key),
      `${KINDS[drift.kind][language]}${zh ? '：' : ': '}${WHAT_TO_DO[drift.kind][language]}`,
      ...TABLE_SIDES.map(([side]) => codeSpan(shown(drift[side], language))),
    ])
  const more = drifts.length - rows.length
  return [
    zh
      ? '企业微信现在的样子与应用过的、或与配置不一致：'
      : 'What WeCom has differs from what was applied, or from the configuration:',
    '',
    ...[heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`),
    ...(more > 0 ? ['', zh ? `另有 ${more} 处。` : `And ${more} more.`] : []),
    '',
    ...notes.map((note) => `- ${note[language]}`),
    '',
    zh ? '一致以后本单自动关闭。' : 'This issue closes by itself once nothing differs.',
  ].join('\n')
}
