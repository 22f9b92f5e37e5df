import type {Words} from '../model/words.js'
import {type Alarm, type AlarmKind, type AlarmLevel, MENDS} from './alarm-kinds.js'
import type {LeaverInCodes} from './find-leavers.js'
import type {MediaState} from './media-states.js'
import {nameInMarkdown} from './name-in-markdown.js'
import type {SharesNow} from './recent-shares.js'
import type {VersionsNow} from './watch-versions.js'

/** Two can happen by chance (a colleague wrote first); the share keeps a busy day's chance meetings out. */
const MIN_ANOTHER_FIRST = 3
const MAX_ANOTHER_FIRST_SHARE = 0.05
/** Below five a single odd store would be an alarm on a quiet day. */
const MIN_FALLBACKS = 5
const MAX_FALLBACK_SHARE = 0.05
/** One may be a slip of the platform; the canary stops at two as well. */
const MIN_CONTENT_REFUSED = 2
/** One may be a broken connection on the way to a token. */
const MIN_TOKEN_ERRORS = 2
/** There is a look every 12 s, and documents of a large company may need a second one. */
const VERSIONS_MAY_DIFFER_MS = 5 * 60_000
/** An upload of everything new takes a moment after a release was taken over. */
const MEDIA_GRACE_MS = 5 * 60_000
/** Times are bounded to five seconds around our clock and answers of WeCom carry whole seconds: three is a drift. */
const MAX_SKEW_MS = 3000
/** A clock that was set once is told for an hour. */
const CLOCK_SET_LASTS_MS = 3_600_000
/** Writes come with events; so long without a refusal counts as mended. */
const DISK_TROUBLE_LASTS_MS = 5 * 60_000

/** What one responder knows of itself and of its company. Ages in milliseconds. */
export interface AlarmFacts {
  readonly responder: string
  readonly shares: SharesNow
  /** Userids, see the watch over adds without codes. */
  readonly membersWithoutCodes: readonly string[]
  /** `null` before any release. */
  readonly release: {readonly version: number; readonly ageMs: number} | null
  /** Since the store was last read; `null` when it never was. */
  readonly lastLookAgeMs: number | null
  readonly isStale: boolean
  readonly isExpired: boolean
  readonly media: Readonly<Record<MediaState, number>>
  readonly leavers: readonly LeaverInCodes[]
  readonly isLiveDirectoryTooOld: boolean
  readonly liveDirectoryAgeMs: number | null
  /** `null` for a responder alone. */
  readonly isSharedStateLost: boolean | null
  /** Since the own disk last refused a write; `null` when it never did. */
  readonly diskTroubleAgeMs: number | null
  /** WeCom's time less ours; `null` while WeCom has not said. */
  readonly clockSkewMs: number | null
  /** Since the machine's clock was last set or proved wrong; `null` when it never was. */
  readonly clockSetAgeMs: number | null
  readonly versions: VersionsNow | null
}

interface Found {
  readonly level: AlarmLevel
  readonly says: Words
  /** Where there may be several of one kind. */
  readonly about?: string
  readonly isOwn?: true
}

const minutes = (ms: number): number => Math.floor(ms / 60_000)

const perCent = (part: number, whole: number): number => Math.round((100 * part) / whole)

const list = (names: readonly string[], most: number, separator: string): string =>
  [...names.slice(0, most).map(nameInMarkdown), ...(names.length > most ? ['…'] : [])].join(separator)

type Rule = (facts: AlarmFacts) => readonly Found[]

const one = (holds: boolean, found: () => Found): readonly Found[] => (holds ? [found()] : [])

const RULES: Readonly<Record<AlarmKind, Rule>> = {
  'secret-refused': ({shares: {tokenErrorsInARow}}) =>
    one(tokenErrorsInARow >= MIN_TOKEN_ERRORS, () => ({
      level: 'urgent',
      says: {
        zh: `拿不到 access_token，最近连续 ${tokenErrorsInARow} 条欢迎语发不出`,
        en: `no access token: the last ${tokenErrorsInARow} welcomes could not be sent`,
      },
    })),
  'ip-not-trusted': ({shares, responder}) =>
    one(shares.isNotTrusted, () => ({
      level: 'urgent',
      isOwn: true,
      says: {
        zh: `${nameInMarkdown(responder)} 的 IP 不在企业可信 IP 里（60020），欢迎语发不出`,
        en: `${nameInMarkdown(responder)} has an address WeCom does not trust (60020): no welcome goes out`,
      },
    })),
  'quota-used-up': ({shares: {shed}}) =>
    one(shed > 0, () => ({
      level: 'urgent',
      says: {
        zh: `发送配额用完，最近 10 分钟有 ${shed} 条欢迎语来不及发`,
        en: `the quota is used up: ${shed} welcomes were lost in the last 10 minutes`,
      },
    })),
  'release-expired': ({isExpired, release}) =>
    one(isExpired, () => ({
      level: 'urgent',
      says: {
        zh: `版本 ${release?.version ?? 0} 已过期，只说不带链接的兜底语`,
        en: `version ${release?.version ?? 0} has expired: only the fallback without links is said`,
      },
    })),
  'content-refused': ({shares: {contentRefused, refusedTemplates}}) =>
    one(contentRefused >= MIN_CONTENT_REFUSED, () => ({
      level: 'urgent',
      says: {
        zh: `企业微信拒绝了内容 ${contentRefused} 次（1 小时内）：${list(refusedTemplates, 5, '、')}`,
        en: `WeCom refused the content ${contentRefused} times within the hour: ${list(refusedTemplates, 5, ', ')}`,
      },
    })),
  'member-without-codes': ({membersWithoutCodes}) =>
    membersWithoutCodes.map((member) => ({
      level: 'urgent',
      about: member.toLowerCase(),
      says: {
        zh: `${nameInMarkdown(member)} 的新客户没有欢迎语凭证，后台欢迎语可能覆盖了他`,
        en: `adds of ${nameInMarkdown(member)} come without a code: a console welcome may cover him`,
      },
    })),
  'another-app-first': ({shares: {anotherFirst, tried}}) =>
    one(anotherFirst >= MIN_ANOTHER_FIRST && anotherFirst / tried > MAX_ANOTHER_FIRST_SHARE, () => ({
      level: 'warning',
      says: {
        zh: `最近 ${tried} 次发送中 ${anotherFirst} 次已被别的应用抢先（${perCent(anotherFirst, tried)}%）`,
        en: `of the last ${tried} sends ${anotherFirst} had been welcomed by another app (${perCent(anotherFirst, tried)} %)`,
      },
    })),
  'fallback-share': ({shares: {fallback, said}}) =>
    one(fallback >= MIN_FALLBACKS && fallback / said > MAX_FALLBACK_SHARE, () => ({
      level: 'warning',
      says: {
        zh: `最近 ${said} 条欢迎语中 ${fallback} 条只发了兜底语（${perCent(fallback, said)}%）`,
        en: `of the last ${said} welcomes ${fallback} were only the fallback (${perCent(fallback, said)} %)`,
      },
    })),
  'media-missing': ({media: {missing}, shares: {leftOut}, release}) =>
    one(leftOut > 0 || (missing > 0 && release !== null && release.ageMs >= MEDIA_GRACE_MS), () => ({
      level: 'warning',
      says: {
        zh: `${missing} 个素材没有可用的上传，最近 1 小时少发了 ${leftOut} 个附件`,
        en: `${missing} media are not uploaded; ${leftOut} parts were left out in the last hour`,
      },
    })),
  'media-expiring': ({media: {expiring}}) =>
    one(expiring > 0, () => ({
      level: 'warning',
      says: {
        zh: `${expiring} 个素材未能续传，12 小时内失效`,
        en: `${expiring} media could not be renewed and die within 12 hours`,
      },
    })),
  'release-stale': ({isStale, lastLookAgeMs}) =>
    one(isStale, () => ({
      level: 'warning',
      says: {
        zh: lastLookAgeMs === null ? '启动以来读不到存储' : `已有 ${minutes(lastLookAgeMs)} 分钟读不到存储`,
        en:
          lastLookAgeMs === null
            ? 'the store could not be read since the start'
            : `the store could not be read for ${minutes(lastLookAgeMs)} minutes`,
      },
    })),
  'versions-differ': ({versions}) =>
    one(versions !== null && versions.forMs > VERSIONS_MAY_DIFFER_MS, () => ({
      level: 'warning',
      says: {
        zh: `已发布版本 ${versions?.published ?? 0}，这些应答服务超过 5 分钟仍运行别的版本：${list(versions?.behind ?? [], 10, '、')}`,
        en: `version ${versions?.published ?? 0} is published, for over 5 minutes these responders run another: ${list(versions?.behind ?? [], 10, ', ')}`,
      },
    })),
  'leaver-in-code': ({leavers}) =>
    leavers.map(({member, codes}) => ({
      level: 'warning',
      about: member.toLowerCase(),
      says: {
        zh: `${nameInMarkdown(member)} 已离职或停用，仍在活码里：${list(codes, 5, '、')}`,
        en: `${nameInMarkdown(member)} has left or is disabled and still stands in codes: ${list(codes, 5, ', ')}`,
      },
    })),
  'live-directory-old': ({isLiveDirectoryTooOld, liveDirectoryAgeMs}) =>
    one(isLiveDirectoryTooOld, () => ({
      level: 'warning',
      says: {
        zh:
          liveDirectoryAgeMs === null
            ? '启动以来读不到通讯录'
            : `通讯录已有 ${minutes(liveDirectoryAgeMs)} 分钟没有更新`,
        en:
          liveDirectoryAgeMs === null
            ? 'the live directory could not be read since the start'
            : `the live directory is ${minutes(liveDirectoryAgeMs)} minutes old`,
      },
    })),
  'shared-state-lost': ({isSharedStateLost, responder}) =>
    one(isSharedStateLost === true, () => ({
      level: 'warning',
      isOwn: true,
      says: {
        zh: `${nameInMarkdown(responder)} 连不上共享状态，正独自工作`,
        en: `${nameInMarkdown(responder)} cannot reach the shared state and works alone`,
      },
    })),
  'disk-refuses': ({diskTroubleAgeMs, responder}) =>
    one(diskTroubleAgeMs !== null && diskTroubleAgeMs < DISK_TROUBLE_LASTS_MS, () => ({
      level: 'urgent',
      isOwn: true,
      says: {
        zh: `${nameInMarkdown(responder)} 的磁盘写不进去`,
        en: `the disk of ${nameInMarkdown(responder)} refuses writes`,
      },
    })),
  'clock-wrong': ({clockSkewMs, clockSetAgeMs, responder}) =>
    one(
      Math.abs(clockSkewMs ?? 0) > MAX_SKEW_MS || (clockSetAgeMs !== null && clockSetAgeMs < CLOCK_SET_LASTS_MS),
      () => ({
        level: 'warning',
        isOwn: true,
        says: {
          zh: `${nameInMarkdown(responder)} 的时钟不准：与企业微信相差 ${seconds(clockSkewMs)} 秒${clockSetAgeMs === null ? '' : '，最近被调整过'}`,
          en: `the clock of ${nameInMarkdown(responder)} is wrong: ${seconds(clockSkewMs)} s from WeCom's${clockSetAgeMs === null ? '' : '; it was set lately'}`,
        },
      }),
    ),
}

const seconds = (ms: number | null): string => ((ms ?? 0) / 1000).toFixed(1)

/** What is wrong now, urgent ones first; the same facts give the same alarms with the same keys. */
export function findAlarms(facts: AlarmFacts): readonly Alarm[] {
  const kinds = Object.keys(RULES) as AlarmKind[]
  const alarms = kinds.flatMap((kind) =>
    RULES[kind](facts).map(({level, says, about, isOwn = false}): Alarm => {
      const key = about === undefined ? kind : `${kind}:${about}`
      return {key, kind, level, isOwn, says, mend: MENDS[kind]}
    }),
  )
  return [...alarms.filter(({level}) => level === 'urgent'), ...alarms.filter(({level}) => level === 'warning')]
}
