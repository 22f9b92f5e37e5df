import type {MediaEntry} from '../model/plan.js'
import type {Release} from '../model/release.js'

const HOUR_MS = 3_600_000

/** A media id is dead after three days (WeCom 90253). */
export const MEDIA_LIFE_MS = 72 * HOUR_MS
/** One dead id makes the platform refuse the whole welcome, so an id is left alone a little before its end. */
const MEDIA_MARGIN_MS = 10 * 60_000
/** Temporary media older than this are uploaded again. */
export const MEDIA_RENEW_AFTER_MS = 48 * HOUR_MS

export type MediaUse = MediaEntry['use']

/** Uploaded media by content and use. */
export type MediaShelf = ReadonlyMap<string, MediaEntry>

const shelfKey = (sha256: string, use: MediaUse): string => `${use}:${sha256}`

export const createMediaShelf = (entries: readonly MediaEntry[]): MediaShelf =>
  new Map(entries.map((entry) => [shelfKey(entry.sha256, entry.use), entry]))

/** Picture URLs never expire (WeCom 90256); everything else only counts while it surely lives. */
export function findMedia(shelf: MediaShelf, sha256: string, use: MediaUse, nowMs: number): string | null {
  const entry = shelf.get(shelfKey(sha256, use))
  if (entry === undefined) return null
  if (use !== 'picture' && nowMs - entry.uploadedAtMs >= MEDIA_LIFE_MS - MEDIA_MARGIN_MS) return null
  return entry.value
}

/** A temporary medium that releases need and that is missing or too old. */
export interface MediaNeed {
  readonly sha256: string
  readonly use: Exclude<MediaUse, 'picture'>
  /** What the customer sees as the name of a file. */
  readonly fileName: string
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** Temporary media of the given releases that should be uploaded now. Pictures are permanent and belong to apply. */
export function findMediaNeeds(releases: readonly Release[], shelf: MediaShelf, nowMs: number): MediaNeed[] {
  const needs = new Map<string, MediaNeed>()
  const want = (release: Release, path: string, use: MediaNeed['use'], fileName = baseName(path)) => {
    const sha256 = release.assets[path]?.sha256
    if (sha256 === undefined) return
    const entry = shelf.get(shelfKey(sha256, use))
    if (entry !== undefined && nowMs - entry.uploadedAtMs < MEDIA_RENEW_AFTER_MS) return
    needs.set(shelfKey(sha256, use), {sha256, use, fileName})
  }
  for (const release of releases) {
    for (const part of Object.values(release.templates).flatMap(({attachments}) => attachments)) {
      if (part.type === 'miniprogram') want(release, part.cover, 'image')
      if (part.type === 'video') want(release, part.file, 'video')
      if (part.type === 'file') want(release, part.file, 'file', part.name)
      if (part.type === 'image' && isOnShelfAs(release, part.file, 'image', shelf)) want(release, part.file, 'image')
    }
  }
  return [...needs.values()]
}

/** Pictures too large for uploadimg were uploaded as temporary images; only those have to be renewed. */
function isOnShelfAs(release: Release, path: string, use: MediaUse, shelf: MediaShelf): boolean {
  const sha256 = release.assets[path]?.sha256
  return sha256 !== undefined && shelf.has(shelfKey(sha256, use))
}
