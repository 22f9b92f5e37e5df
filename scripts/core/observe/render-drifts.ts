import type {Language, Words} from '../model/words.js'
import {codeSpan} from '../render/markdown.js'
import type {Drift, DriftKind} from './find-drifts.js'

const KINDS: Readonly<Record<DriftKind, Words>> = {
  changed: {zh: '被改过', en: 'changed'},
  missing: {zh: '不见了', en: 'missing'},
  extra: {zh: '多出来', en: 'extra'},
  pending: {zh: '待应用', en: 'pending'},
}

const WHAT_TO_DO: Readonly<Record<DriftKind, Words>> = {
  changed: {
    zh: '在企业微信后台改回来，或把配置改成现在的样子',
    en: 'set it back in the console, or change the configuration',
  },
  missing: {
    zh: '问清谁删的；在后台按原样补回，或从配置里去掉、应用后再加回（活码会是新的）',
    en: 'find out who removed it; put it back in the console as it was, or take it out of the configuration, apply, and add it again (a code will be a new one)',
  },
  extra: {
    zh: '没有授权就在后台去掉；要留就写进配置',
    en: 'remove it in the console unless it was granted; write it into the configuration to keep it',
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
