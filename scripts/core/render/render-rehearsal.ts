import type {Experience} from '../greet/compare-experiences.js'
import type {Rehearsal} from '../greet/rehearse.js'
import {groupBy} from '../model/group.js'
import {renderTimeOfDay} from '../model/instant.js'
import type {Language, Words} from '../model/words.js'
import {renderInstant, type Zone} from '../model/zone.js'
import {heardWords} from './heard-words.js'
import {hoursOf, type Run} from './rehearsal-document.js'
import {renderSideBySide} from './text-difference.js'

export interface ShownRehearsal {
  readonly rehearsal: Rehearsal
  readonly runs: readonly Run[]
  /** `null` where no base was given. */
  readonly experiences: readonly Experience[] | null
  readonly fromMs: number
  readonly untilMs: number
  readonly zone: Zone
}

const MOST_CHANGES = 30
const MOST_GROUPS = 6
const MOST_NAMES = 3
const MOST_WINDOWS = 2

/** A rehearsal for people: what was asked, whether every run agrees, and who will hear something else. */
export function renderRehearsal(shown: ShownRehearsal, language: Language): string {
  const {rehearsal, runs, experiences} = shown
  const lines = [headline(shown), agreement(rehearsal, runs), ...oddities(shown)].map((words) => words[language])
  return `${[...lines, ...(experiences ? experienceLines(experiences, shown.zone, language) : [])].join('\n')}\n`
}

function headline({rehearsal, fromMs, untilMs, zone}: ShownRehearsal): Words {
  const {members, states, lanes, edges, probes} = rehearsal
  const [from, until] = [renderInstant(fromMs, zone), renderInstant(untilMs, zone)]
  const count = (value: number): string => value.toLocaleString('en-US')
  return {
    zh: `彩排 ${from} 至 ${until}：${count(members)} 名成员、${count(states)} 种渠道来源，合并为 ${count(lanes.length)} 条线；${count(edges)} 个变化时刻，问了 ${count(probes)} 次`,
    en: `rehearsed ${from} to ${until}: ${count(members)} members and ${count(states)} ways in are ${count(lanes.length)} lanes; ${count(edges)} edges, ${count(probes)} questions`,
  }
}

function agreement({digest}: Rehearsal, runs: readonly Run[]): Words {
  const zones = runs.map(({zone}) => zone).join(', ')
  const agree = runs.every((run) => run.digest === digest)
  return agree
    ? {
        zh: `${runs.length} 个新进程（${zones}，文件次序打乱）结果一致  ${digest}`,
        en: `${runs.length} fresh processes (${zones}, files shuffled) agree  ${digest}`,
      }
    : {
        zh: `${runs.length} 个新进程（${zones}，文件次序打乱）结果不一致`,
        en: `${runs.length} fresh processes (${zones}, files shuffled) disagree`,
      }
}

const NOTICES: Readonly<Record<string, Words>> = {
  'calendar-missing': {
    zh: '日历没有那一年，按普通周几判断',
    en: 'the calendar lacks the year, so plain weekdays decide',
  },
  'roster-stale': {zh: '班表过期，班次视为不存在', en: 'the roster is stale, so its shifts count as absent'},
  'successor-missing': {zh: '离职者没有在职的接替人', en: 'nobody in service follows a leaver'},
}

function oddities({rehearsal, zone}: ShownRehearsal): Words[] {
  const {gaps, conflicts} = rehearsal
  const none = (many: number, zh: string, en: string): Words => ({
    zh: `${zh}：${many === 0 ? '无' : many}`,
    en: `${en}: ${many === 0 ? 'none' : many}`,
  })
  const noticed = Object.entries(rehearsal.notices).flatMap(([notice, {fromMs}]) => {
    const words = NOTICES[notice]
    const from = renderInstant(fromMs, zone)
    return words ? [{zh: `注意：${from} 起${words.zh}`, en: `note: from ${from} on ${words.en}`}] : []
  })
  return [none(gaps.length, '空档', 'gaps'), none(conflicts.length, '冲突', 'conflicts'), ...noticed]
}

/** Experiences with the same words before and after are one change, whoever and whenever it meets. */
function experienceLines(experiences: readonly Experience[], zone: Zone, language: Language): string[] {
  const zh = language === 'zh'
  if (experiences.length === 0)
    return [
      '',
      zh ? '与基准相比，没有任何客户会听到不同的话' : 'compared with the base no customer hears anything else',
    ]
  const changes = groupBy(experiences, ({before, after}) => JSON.stringify([before, after]))
  const rest = changes.size - MOST_CHANGES
  return [
    '',
    zh
      ? `与基准相比，客户会听到不同的话（时间按 ${zone.name}）：`
      : `compared with the base customers will hear something else (times in ${zone.name}):`,
    ...[...changes.values()]
      .slice(0, MOST_CHANGES)
      .flatMap((several, at) => changeBlock(several, at + 1, zone, language)),
    ...(rest > 0
      ? [zh ? `  …… 还有 ${rest} 处变化（--json 列出全部）` : `  … and ${rest} more changes (--json lists all)`]
      : []),
  ]
}

function changeBlock(several: readonly Experience[], number: number, zone: Zone, language: Language): string[] {
  const [first] = several
  if (!first) return []
  const zh = language === 'zh'
  const {before, after, texts} = first
  const isSame = before.template === after.template && before.silent === after.silent
  const change = isSame
    ? `${heardWords(before, language)}${zh ? '（内容变了）' : ' (its content changed)'}`
    : `${heardWords(before, language)} → ${heardWords(after, language)}`
  const people = new Set(several.flatMap(({members}) => members)).size
  const counted = zh ? `${people} 人` : `${people} ${people === 1 ? 'person' : 'people'}`
  const rest = several.length - MOST_GROUPS
  return [
    `  ${number}. ${change}  ${counted}`,
    ...several.slice(0, MOST_GROUPS).map((one) => `     · ${groupLine(one, zone, language)}`),
    ...(rest > 0 ? [zh ? `     · …… 还有 ${rest} 组` : `     · … and ${rest} more groups`] : []),
    ...(texts.before === texts.after
      ? []
      : renderSideBySide(texts.before, texts.after, language)
          .split('\n')
          .map((line) => `     ${line}`)),
  ]
}

function groupLine({members, states, windows}: Experience, zone: Zone, language: Language): string {
  const zh = language === 'zh'
  const more = members.length - MOST_NAMES
  const names = members.slice(0, MOST_NAMES).join(zh ? '、' : ', ')
  const who = more <= 0 ? names : zh ? `${names} 等 ${members.length} 人` : `${names} and ${more} more`
  return `${who}  ${through(states, language)}  ${when(windows, zone, language)}`
}

const MOST_STATES = 4

function through(states: readonly (string | null)[], language: Language): string {
  const zh = language === 'zh'
  const codes = states.filter((state) => state !== null)
  const direct = states.includes(null)
  if (codes.length === 0) return zh ? '不经渠道' : 'through no code'
  const named = `${codes.slice(0, MOST_STATES).join(zh ? '、' : ', ')}${codes.length > MOST_STATES ? ' …' : ''}`
  if (zh) return `${direct ? '不经渠道，以及' : ''}渠道来源 ${named}`
  return `${direct ? 'through no code and ' : ''}through ${named}`
}

function when(windows: Experience['windows'], zone: Zone, language: Language): string {
  const zh = language === 'zh'
  const shown = windows
    .slice(0, MOST_WINDOWS)
    .map((window) => shortWindow(window, zone))
    .join(zh ? '、' : ', ')
  if (windows.length <= MOST_WINDOWS) return shown
  const hours = hoursOf(windows)
  return zh
    ? `${shown} …… 共 ${windows.length} 段、${hours} 小时`
    : `${shown} … ${windows.length} windows, ${hours} hours in all`
}

/** `2026-11-25 21:00–22:00`; the second date only where it is another. */
function shortWindow({fromMs, untilMs}: Experience['windows'][number], zone: Zone): string {
  const [from, until] = [fromMs, untilMs].map((ms) => zone.localTime(ms))
  if (!from || !until) return ''
  const [start, end] = [renderTimeOfDay(from.secondOfDay), renderTimeOfDay(until.secondOfDay)]
  return `${from.date} ${start}–${until.date === from.date ? '' : `${until.date} `}${end}`
}
