import type {OutcomeCode, OutcomeRecord} from '../model/outcome.js'
import {isHardRefusal} from './errcode-action.js'

/** Shares are taken of the last hundred, so that one customer is one per cent. */
const WINDOW = 100
/** What is older says nothing about now, however few came since. */
const WINDOW_LASTS_MS = 24 * 3_600_000
/** What a customer lost within the last hour is worth a look, whoever lost it. */
const LOSSES_LAST_MS = 3_600_000
/** A quota is a minute's; ten minutes without a lost send mean that it holds again. */
const SHED_LASTS_MS = 10 * 60_000
/** WeCom's word that our address is not in the app's list of trusted ones (WeCom 90313). */
const NOT_TRUSTED = 60020

const SAID: ReadonlySet<OutcomeCode> = new Set<OutcomeCode>(['sent', 'sent_after_retry', 'sent_text_fallback'])
/** Ends before any call was made. */
const NOT_TRIED: ReadonlySet<OutcomeCode> = new Set<OutcomeCode>([
  'no_code',
  'silent_by_rule',
  'kill_switch',
  'rate_limited',
])
/** Less on purpose, or told by an alarm of its own. */
const LESS_ON_PURPOSE: ReadonlySet<OutcomeRecord['lessBecause']> = new Set<OutcomeRecord['lessBecause']>([
  'lockdown',
  'release-expired',
])

/** The counts of {@link RecentShares}, as alarms read them. */
export interface SharesNow {
  /** Welcomes said, of the last hundred, and those of them that were only the fallback though nobody wanted that. */
  readonly said: number
  readonly fallback: number
  /** Welcomes tried, of the last hundred, and those another app had welcomed before. */
  readonly tried: number
  readonly anotherFirst: number
  /** Refusals in the last hour that only the content can cause, and the templates that were refused. */
  readonly contentRefused: number
  readonly refusedTemplates: readonly string[]
  /** Parts left out in the last hour since their media was not at hand. */
  readonly leftOut: number
  /** Welcomes lost to the quota in the last ten minutes. */
  readonly shed: number
  /** The newest tries that ended without a token, with none of another end among them. */
  readonly tokenErrorsInARow: number
  /** True when WeCom said so in answer to the newest try. */
  readonly isNotTrusted: boolean
}

export interface RecentShares {
  add(record: OutcomeRecord): void
  at(nowMs: number): SharesNow
}

type Seen = Pick<
  OutcomeRecord,
  'outcome' | 'errcode' | 'lessBecause' | 'payloadRefused' | 'template' | 'leftOut' | 'finishedAtMs'
>

const keepLast = (list: Seen[], seen: Seen): void => {
  list.push(seen)
  if (list.length > WINDOW) list.shift()
}

const countIf = (list: readonly Seen[], holds: (seen: Seen) => boolean): number => list.filter(holds).length

const isRefusedContent = ({payloadRefused, errcode}: Seen): boolean =>
  payloadRefused && errcode !== undefined && isHardRefusal(errcode)

const isFallback = ({outcome, lessBecause}: Seen): boolean =>
  outcome === 'sent_text_fallback' && !LESS_ON_PURPOSE.has(lessBecause)

/** A rolling window over what was just tried and said; holds neither members nor customers. */
export function createRecentShares(): RecentShares {
  const said: Seen[] = []
  const tried: Seen[] = []
  const shed: Seen[] = []
  return {
    add({outcome, errcode, lessBecause, payloadRefused, template, leftOut, finishedAtMs}) {
      const seen: Seen = {
        outcome,
        payloadRefused,
        template,
        finishedAtMs,
        ...(errcode !== undefined && {errcode}),
        ...(lessBecause !== undefined && {lessBecause}),
        ...(leftOut !== undefined && {leftOut}),
      }
      if (SAID.has(outcome)) keepLast(said, seen)
      if (!NOT_TRIED.has(outcome)) keepLast(tried, seen)
      if (outcome === 'rate_limited') keepLast(shed, seen)
    },
    at(nowMs) {
      const within = (list: readonly Seen[], ms: number) => list.filter(({finishedAtMs}) => nowMs - finishedAtMs < ms)
      const [saidToday, triedToday] = [within(said, WINDOW_LASTS_MS), within(tried, WINDOW_LASTS_MS)]
      const lastHour = within(tried, LOSSES_LAST_MS)
      const refused = lastHour.filter(isRefusedContent)
      const newestOther = triedToday.findLastIndex(({outcome}) => outcome !== 'token_error')
      const newest = triedToday.at(-1)
      return {
        said: saidToday.length,
        fallback: countIf(saidToday, isFallback),
        tried: triedToday.length,
        anotherFirst: countIf(triedToday, ({outcome}) => outcome === 'already_sent'),
        contentRefused: refused.length,
        refusedTemplates: [...new Set(refused.flatMap(({template}) => template ?? []))].sort(),
        leftOut: lastHour.reduce((sum, seen) => sum + (seen.leftOut ?? 0), 0),
        shed: within(shed, SHED_LASTS_MS).length,
        tokenErrorsInARow: triedToday.length - 1 - newestOther,
        isNotTrusted: newest?.outcome === 'no_permission' && newest.errcode === NOT_TRUSTED,
      }
    },
  }
}
