import type {Action, Step, StepKind} from '../model/plan.js'
import type {Language, Words} from '../model/words.js'

export const SIGNS: Readonly<Record<Action, string>> = {create: '+', update: '~', delete: '-'}

export const KIND_WORDS: Readonly<Record<StepKind, Words>> = {
  media: {zh: '素材', en: 'media'},
  release: {zh: '发布', en: 'release'},
  directory: {zh: '通讯录镜像', en: 'directory'},
  'corp-tag': {zh: '客户标签', en: 'customer tag'},
  'contact-way': {zh: '渠道活码', en: 'contact way'},
  'group-welcome': {zh: '入群欢迎语', en: 'group welcome'},
  'member-tag': {zh: '成员标签', en: 'member tag'},
  'member-tag-users': {zh: '成员标签里的人', en: 'member tag holders'},
}

export const PART_WORDS: Readonly<Record<string, Words>> = {
  settings: {zh: '企业设置', en: 'settings'},
  templates: {zh: '模板', en: 'template'},
  schedules: {zh: '排班', en: 'schedule'},
  channels: {zh: '渠道', en: 'channel'},
  calendars: {zh: '节假日历', en: 'calendar'},
  rosters: {zh: '班表', en: 'roster'},
  facts: {zh: '资料', en: 'facts'},
  assets: {zh: '文件', en: 'file'},
  roleGrants: {zh: '授权', en: 'grant'},
}

export const partWord = (part: string, language: Language): string => PART_WORDS[part]?.[language] ?? part

const DIGEST_SHOWN = 12

/** Digests are shown short, everything else as JSON; long texts are cut in the middle of nothing a person needs. */
export function renderValue(value: unknown, longest: number): string {
  if (value === undefined || value === null) return '∅'
  if (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)) return `${value.slice(0, DIGEST_SHOWN)}…`
  const text = JSON.stringify(value)
  const characters = [...text]
  return characters.length <= longest ? text : `${characters.slice(0, longest).join('')}…`
}

export interface Counts {
  readonly create: number
  readonly update: number
  readonly delete: number
}

export function countActions(steps: readonly Pick<Step, 'action'>[]): Counts {
  const counts = {create: 0, update: 0, delete: 0}
  for (const {action} of steps) counts[action]++
  return counts
}

/** `0 s`, `3 min`, `2 h`, `1 d`: the largest unit that is whole. */
export function renderDuration(seconds: number, language: Language): string {
  const units: readonly (readonly [number, Words])[] = [
    [86_400, {zh: '天', en: 'd'}],
    [3600, {zh: '小时', en: 'h'}],
    [60, {zh: '分钟', en: 'min'}],
  ]
  const unit = units.find(([size]) => seconds >= size && seconds % size === 0)
  return unit ? `${seconds / unit[0]} ${unit[1][language]}` : `${seconds} ${language === 'zh' ? '秒' : 's'}`
}
