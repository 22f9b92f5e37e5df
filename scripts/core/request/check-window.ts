import {isDate} from '../model/instant.js'
import {addDays, zoneOf} from '../model/zone.js'
import {type Say, shown} from './complain.js'
import type {Answered, Field} from './read-form.js'

const MOST_DAYS = 366

export interface Window {
  readonly from?: string
  readonly until: string
}

/** From when until when, as the grant writes it: dates (the last one included) or instants with an offset. */
export function checkWindow(
  answers: ReadonlyMap<Field, Answered>,
  timezone: string,
  nowMs: number,
  say: Say,
): Window | null {
  const zone = zoneOf(timezone)
  const startOf = (written: string): number => (isDate(written) ? zone.instantOf(written, 0) : Date.parse(written))
  const endOf = (written: string): number =>
    isDate(written) ? zone.instantOf(addDays(written, 1), 0) : Date.parse(written)
  const from = timeOf('开始', answers.get('开始'), say)
  const until = timeOf('截止', answers.get('截止'), say)
  if (until === null) return null
  const latest = addDays(zone.localTime(nowMs).date, MOST_DAYS)
  if (endOf(until) <= nowMs)
    say(
      '截止',
      'grant-expired',
      {zh: `截止 ${until} 已经过去`, en: `${until} is over`},
      {zh: '写今天或以后的日期', en: 'write today or a later date'},
    )
  else if (endOf(until) > endOf(latest))
    say(
      '截止',
      'grant-too-long',
      {zh: `截止 ${until} 超过一年`, en: `until ${until} is longer than a year`},
      {zh: `最晚写 ${latest}，到期再申请`, en: `at most ${latest}; ask again then`},
    )
  if (from !== null && startOf(from) >= endOf(until))
    say(
      '开始',
      'window-is-not-empty',
      {zh: '开始晚于截止', en: 'it begins after it ends'},
      {zh: '改正起止', en: 'correct the dates'},
    )
  return {...(from === null ? {} : {from}), until}
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/

function timeOf(field: Field, answered: Answered | undefined, say: Say): string | null {
  if (!answered) return null
  const text = answered.text.trim()
  const date = isDate(text) ? text : INSTANT.exec(text)?.[1]
  if (date !== undefined && isReal(date) && !Number.isNaN(Date.parse(text))) return text
  say(
    field,
    'date-is-real',
    {zh: `「${shown(text)}」不是日期`, en: `"${shown(text)}" is no date`},
    {zh: '写作 2027-06-30', en: 'write it as 2027-06-30'},
  )
  return null
}

/** `Date.parse` rolls 30 February over to March without a word. */
function isReal(date: string): boolean {
  const ms = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date)
}
