import {latencyQuantile} from '../model/latency.js'
import type {DayTotals, OutcomeCode} from '../model/outcome.js'
import type {Words} from '../model/words.js'
import {ALARM_KINDS, type AlarmKind} from './alarm-kinds.js'
import {ALARM_COUNTER} from './day-totals.js'
import {nameInMarkdown} from './name-in-markdown.js'

const MOST_MEMBERS = 10

/** Yesterday over all responders; see {@link addDays}. */
export interface SummaryFacts {
  readonly totals: DayTotals
  readonly responders: number
  /** The canary that is under way now, as the beginning of its digest. */
  readonly canary: string | null
}

export const ALARM_NAMES: Readonly<Record<AlarmKind, Words>> = {
  'secret-refused': {zh: '拿不到 token', en: 'no token'},
  'ip-not-trusted': {zh: 'IP 不可信', en: 'IP not trusted'},
  'quota-used-up': {zh: '配额用完', en: 'quota used up'},
  'release-expired': {zh: '版本过期', en: 'release expired'},
  'content-refused': {zh: '内容被拒', en: 'content refused'},
  'member-without-codes': {zh: '成员无凭证', en: 'member without codes'},
  'another-app-first': {zh: '别的应用抢先', en: 'another app first'},
  'fallback-share': {zh: '兜底过多', en: 'many fallbacks'},
  'media-missing': {zh: '素材缺失', en: 'media missing'},
  'media-expiring': {zh: '素材将失效', en: 'media expiring'},
  'release-stale': {zh: '读不到存储', en: 'store unreadable'},
  'versions-differ': {zh: '版本不一致', en: 'versions differ'},
  'leaver-in-code': {zh: '活码里有离职成员', en: 'leaver in a code'},
  'live-directory-old': {zh: '通讯录过旧', en: 'directory too old'},
  'shared-state-lost': {zh: '共享状态中断', en: 'shared state lost'},
  'disk-refuses': {zh: '磁盘写不进', en: 'disk refuses'},
  'clock-wrong': {zh: '时钟不准', en: 'clock wrong'},
}

/** Outcomes of their own line, in the order they are told. */
const FAILURES: readonly {readonly outcome: OutcomeCode; readonly words: Words}[] = [
  {outcome: 'expired', words: {zh: '超时', en: 'too late'}},
  {outcome: 'rejected_payload', words: {zh: '内容被拒', en: 'refused'}},
  {outcome: 'no_permission', words: {zh: '无权限', en: 'no permission'}},
  {outcome: 'token_error', words: {zh: '无 token', en: 'no token'}},
  {outcome: 'rate_limited', words: {zh: '配额不足', en: 'quota'}},
  {outcome: 'transport_unknown', words: {zh: '结果不明', en: 'ending unknown'}},
]

const both = (words: (language: keyof Words) => string): Words => ({zh: words('zh'), en: words('en')})

const sum = (values: readonly (number | undefined)[]): number =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0)

/** The bound of the bucket that holds the share; `null` above all bounds. */
const durationOf = (ms: number | null): string =>
  ms === null ? '> 18 s' : `≤ ${ms < 1000 ? `${ms} ms` : `${ms / 1000} s`}`

const membersOf = (noCode: DayTotals['noCode'], separator: string): string =>
  Object.entries(noCode)
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .slice(0, MOST_MEMBERS)
    .map(([member, count]) => `${nameInMarkdown(member)} ${count}`)
    .join(separator)

interface Line {
  readonly isThere: boolean
  readonly words: () => Words
}

function alarmLine(counters: DayTotals['counters']): Words | null {
  const counted = ALARM_KINDS.flatMap((kind) => {
    const count = counters[`${ALARM_COUNTER}${kind.replaceAll('-', '_')}`] ?? 0
    return count > 0 ? [{kind, count}] : []
  })
  if (counted.length === 0) return null
  return both((language) => {
    const told = counted.map(({kind, count}) => `${ALARM_NAMES[kind][language]} ${count}`)
    return language === 'zh' ? `告警：${told.join('、')}` : `alarms: ${told.join(', ')}`
  })
}

function failureLine(outcomes: DayTotals['outcomes']): Words | null {
  const failed = FAILURES.filter(({outcome}) => (outcomes[outcome] ?? 0) > 0)
  if (failed.length === 0) return null
  return both((language) => {
    const told = failed.map(({outcome, words}) => `${words[language]} ${outcomes[outcome] ?? 0}`)
    return language === 'zh' ? `没有发出：${told.join('、')}` : `not sent: ${told.join(', ')}`
  })
}

function linesOf({totals, canary, responders}: SummaryFacts): readonly (Words | null)[] {
  const {outcomes, arms, counters, latency, noCode, late} = totals
  const count = (counter: string): number => counters[counter] ?? 0
  const events = arms.stable + arms.canary
  const said = sum([outcomes.sent, outcomes.sent_after_retry, outcomes.sent_text_fallback])
  const quota = sum([outcomes.rate_limited])
  const p99 = durationOf(latencyQuantile(latency, 0.99))
  const lines: readonly Line[] = [
    {
      isThere: true,
      words: () => ({
        zh: `新增客户事件 ${events}，发出欢迎语 ${said}，应答服务 ${responders} 个`,
        en: `${events} events of added customers, ${said} welcomes sent, ${responders} responders`,
      }),
    },
    {
      isThere: latency.length > 0,
      words: () => ({
        zh: `3 秒内 ${sum(latency.map((bucket) => bucket.count)) - late}，更晚 ${late}，p99 ${p99}`,
        en: `${sum(latency.map((bucket) => bucket.count)) - late} within 3 s, ${late} later, p99 ${p99}`,
      }),
    },
    {
      isThere: (outcomes.sent_text_fallback ?? 0) > 0 || totals.contentRefused > 0,
      words: () => ({
        zh: `只发兜底语 ${outcomes.sent_text_fallback ?? 0}，内容被拒 ${totals.contentRefused}`,
        en: `${outcomes.sent_text_fallback ?? 0} only the fallback, content refused ${totals.contentRefused} times`,
      }),
    },
    {
      isThere: (outcomes.no_code ?? 0) > 0,
      words: () => ({
        zh: `没有欢迎语凭证 ${outcomes.no_code ?? 0}：${membersOf(noCode, '、')}`,
        en: `without a code ${outcomes.no_code ?? 0}: ${membersOf(noCode, ', ')}`,
      }),
    },
    {
      isThere: (outcomes.already_sent ?? 0) > 0,
      words: () => ({
        zh: `被别的应用抢先 ${outcomes.already_sent ?? 0}`,
        en: `another app was first ${outcomes.already_sent ?? 0} times`,
      }),
    },
    {
      isThere: arms.canary > 0 || canary !== null,
      words: () => ({
        zh: `灰度：听到新版 ${arms.canary}，旧版 ${arms.stable}${canary === null ? '' : `，进行中 ${canary}`}`,
        en: `canary: ${arms.canary} heard the new release, ${arms.stable} the old one${canary === null ? '' : `; under way: ${canary}`}`,
      }),
    },
    {
      isThere: totals.leftOut + count('media_renewed') + count('media_renewal_failed') > 0,
      words: () => ({
        zh: `素材：续传 ${count('media_renewed')}，失败 ${count('media_renewal_failed')}，少发附件 ${totals.leftOut}`,
        en: `media: ${count('media_renewed')} renewed, ${count('media_renewal_failed')} failed, ${totals.leftOut} parts left out`,
      }),
    },
    {
      isThere: quota + count('callback_put_off') > 0,
      words: () => ({
        zh: `配额：来不及发 ${quota}，请企业微信稍后重推 ${count('callback_put_off')}`,
        en: `quota: ${quota} lost, ${count('callback_put_off')} deliveries put off`,
      }),
    },
  ]
  return [...lines.map(({isThere, words}) => (isThere ? words() : null)), failureLine(outcomes), alarmLine(counters)]
}

const isQuiet = ({arms, counters}: DayTotals): boolean =>
  arms.stable + arms.canary === 0 && alarmLine(counters) === null

/** Yesterday in a few lines of robot markdown (WeCom 91770), the same in both languages. A day without anything is one line. */
export function renderSummary(facts: SummaryFacts): Words {
  const {date} = facts.totals
  const head: Words = {zh: `**迎宾日报 ${date}**`, en: `**Yingbin on ${date}**`}
  if (isQuiet(facts.totals))
    return {zh: `${head.zh} 没有新增客户，没有告警`, en: `${head.en}: no customers were added, no alarms`}
  const lines = linesOf(facts).filter((words) => words !== null)
  return both((language) => [head[language], ...lines.map((words) => `> ${words[language]}`)].join('\n'))
}
