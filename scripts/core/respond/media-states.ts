import type {Release} from '../model/release.js'
import {findMedia, findMediaNeeds, type MediaShelf} from './media-shelf.js'

/** So long before its end a medium that was not renewed needs a person: renewal has then failed for most of a day. */
export const EXPIRING_BEFORE_MS = 12 * 3_600_000

/** `due` is to be renewed and lives on for long; `expiring` dies within twelve hours; `missing` cannot be used any more. */
export type MediaState = 'fresh' | 'due' | 'expiring' | 'missing'

/** How many temporary media the given releases need, by state. Pictures by address are permanent and not counted. */
export function countMediaStates(
  releases: readonly Release[],
  shelf: MediaShelf,
  nowMs: number,
): Readonly<Record<MediaState, number>> {
  const counts = {fresh: 0, due: 0, expiring: 0, missing: 0}
  const due = findMediaNeeds(releases, shelf, nowMs)
  const keyOf = ({sha256, use, fileName}: (typeof due)[number]): string => `${use}:${sha256}:${fileName}`
  const dueKeys = new Set(due.map(keyOf))
  // At the end of time all of them are due.
  for (const need of findMediaNeeds(releases, shelf, Number.POSITIVE_INFINITY)) {
    if (findMedia(shelf, need, nowMs) === null) counts.missing += 1
    else if (findMedia(shelf, need, nowMs + EXPIRING_BEFORE_MS) === null) counts.expiring += 1
    else if (dueKeys.has(keyOf(need))) counts.due += 1
    else counts.fresh += 1
  }
  return counts
}
