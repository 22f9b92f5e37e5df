import type {Words} from '../model/words.js'
import {findDate} from './date-words.js'

const OF_ONE_DAY =
  /今[天日晚夜早]|明[天日晚早]|(?<![先前])后天|\b(?:tonight|today|tomorrow)\b|this (?:morning|afternoon|evening)/i
const OF_ONE_WEEK =
  /(?:本|这个?|下个?)(?:周|星期)(?:[一二三四五六日天末]|内|中)|\b(?:this|next) (?:week|weekend|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b/i

const CLOCK_TIME =
  /\d{1,2}[:：]\d{2}|(?<![\d.])\d{1,2}\s*点(?![心数])|(?:[两二三四五六七八九]|十[一二]?|二十[一二三四]?)点(?=[起整半前后开钟到至，。！、\s]|$)|\d\s?[ap]\.?m\b|o'clock/i
const EVENT =
  /开[始抢售付播幕业门拍]|截止|截至|结束|恢复|最后|限时|仅限|只限|有效|\b(?:starts?|begins?|ends?|opens?|only|last|until|live)\b/i
/** What we shall do for this reader; it is true on whatever day he reads it. */
const OUR_ANSWER =
  /回复|答复|回您|回你|联系您|联系你|处理|上班|跟进|\b(?:repl(?:y|ies)|answers?|get back|contact you)\b/i

const SENTENCE_END = /[。！？!?；;\n]/

/** A word whose day depends on when it is read, and what it is one of. */
export interface RelativeDay {
  readonly word: string
  readonly unit: Words
}

/**
 * The first such word that fixes an event: its sentence gives a time or a date, or says what starts or ends then. "Are
 * you coming today?" and "we answer tomorrow at 8" stay true. Within one week 本周 stays true as well.
 */
export function findRelativeDay(text: string, withinOneWeek: boolean): RelativeDay | undefined {
  if (!OF_ONE_DAY.test(text) && (withinOneWeek || !OF_ONE_WEEK.test(text))) return undefined
  for (const sentence of text.split(SENTENCE_END)) {
    const isEvent = CLOCK_TIME.test(sentence) || EVENT.test(sentence) || findDate(sentence) !== undefined
    if (!isEvent || OUR_ANSWER.test(sentence)) continue
    const day = OF_ONE_DAY.exec(sentence)?.[0]
    if (day !== undefined) return {word: day, unit: {zh: '天', en: 'day'}}
    const week = withinOneWeek ? undefined : OF_ONE_WEEK.exec(sentence)?.[0]
    if (week !== undefined) return {word: week, unit: {zh: '周', en: 'week'}}
  }
  return undefined
}
