import type {Words} from '../model/words.js'
import {type History, type PastRelease, stableAt} from './history.js'

/** Which release a person means. */
export type Asked =
  | {readonly by: 'number'; readonly number: number}
  /** A whole digest, or its beginning. */
  | {readonly by: 'digest'; readonly digest: string}
  | {readonly by: 'previous'}
  /** What everybody heard then. */
  | {readonly by: 'instant'; readonly atMs: number}

export type Chosen = {readonly release: PastRelease} | {readonly problem: Words}

const MOST_NUMBER_DIGITS = 6
const LEAST_DIGEST_DIGITS = 7

/** `previous`, a number of the history, or a digest of at least 7 digits; `null` for anything else. */
export function parseAsked(written: string): Asked | null {
  if (written === 'previous') return {by: 'previous'}
  if (/^[1-9]\d*$/.test(written) && written.length <= MOST_NUMBER_DIGITS) return {by: 'number', number: Number(written)}
  const digest = written.toLowerCase()
  return /^[0-9a-f]{1,64}$/.test(digest) && digest.length >= LEAST_DIGEST_DIGITS ? {by: 'digest', digest} : null
}

/** Only what was once promoted can be chosen; the newest number counts where one content was promoted twice. */
export function chooseRelease(history: History, asked: Asked): Chosen {
  const {releases} = history
  if (releases.length === 0) return {problem: NOTHING_YET}
  switch (asked.by) {
    case 'number':
      return found(
        releases.filter(({number}) => number === asked.number),
        {zh: `没有第 ${asked.number} 号发布`, en: `there is no release ${asked.number}`},
      )
    case 'digest':
      return found(
        releases.filter(({digest}) => digest.startsWith(asked.digest)),
        {
          zh: `没有摘要以 ${asked.digest} 开头、曾经全量的发布`,
          en: `no release whose digest begins with ${asked.digest} was ever promoted`,
        },
      )
    case 'instant': {
      const digest = stableAt(history, asked.atMs)
      return found(
        releases.filter((release) => release.digest === digest),
        {zh: '那个时刻还没有全量的发布', en: 'no release was promoted yet at that instant'},
      )
    }
    case 'previous':
      return found(previousOf(releases), NO_PREVIOUS)
  }
}

function found(matching: readonly PastRelease[], none: Words): Chosen {
  const [release] = matching
  if (!release) return {problem: none}
  return new Set(matching.map(({digest}) => digest)).size > 1 ? {problem: SEVERAL} : {release}
}

/** The one before what is stable, passing over those that were found bad. */
function previousOf(releases: readonly PastRelease[]): PastRelease[] {
  const stable = releases.find(({isStable}) => isStable)
  const before = releases.filter(
    ({number, isStable, isQuarantined}) => !isStable && !isQuarantined && (!stable || number < stable.number),
  )
  return before.slice(0, 1)
}

const NOTHING_YET: Words = {
  zh: '还没有发布全量过，无处可退',
  en: 'no release was ever promoted: there is nothing to go back to',
}
const NO_PREVIOUS: Words = {
  zh: '现在这个发布之前没有可退的发布（被隔离的不算）',
  en: 'there is no release before the present one to go back to (quarantined ones do not count)',
}
const SEVERAL: Words = {
  zh: '这个摘要开头对应好几个发布，请多写几位',
  en: 'several releases begin with this digest: write more of it',
}
