import type {MediaEntry} from '../model/plan.js'
import type {Release, ReleaseAttachment} from '../model/release.js'

const HOUR_MS = 3_600_000

/** A media id is dead after three days (WeCom 90253). */
export const MEDIA_LIFE_MS = 72 * HOUR_MS
/** One dead id makes the platform refuse the whole welcome, so an id is left alone a little before its end. */
export const MEDIA_MARGIN_MS = 10 * 60_000
/** Temporary media older than this are uploaded again. */
export const MEDIA_RENEW_AFTER_MS = 48 * HOUR_MS

export type MediaUse = MediaEntry['use']

/** Uploaded media by content and use; files also by the name the customer sees. */
export type MediaShelf = ReadonlyMap<string, readonly MediaEntry[]>

/** What one attachment asks of the shelf. The name only matters for files: it is part of the uploaded medium. */
export interface MediaQuestion {
  readonly sha256: string
  readonly use: MediaUse
  readonly fileName: string
}

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

const shelfKey = ({sha256, use}: Pick<MediaQuestion, 'sha256' | 'use'>): string => `${use}:${sha256}`

/** Newest first, so that the medium with the longest life ahead is found. */
export function createMediaShelf(entries: readonly MediaEntry[]): MediaShelf {
  const shelf = new Map<string, MediaEntry[]>()
  for (const entry of [...entries].sort((a, b) => b.uploadedAtMs - a.uploadedAtMs)) {
    shelf.set(shelfKey(entry), [...(shelf.get(shelfKey(entry)) ?? []), entry])
  }
  return shelf
}

/** An entry without a name fits any name: whoever uploaded it kept the content. */
function findEntry(shelf: MediaShelf, question: MediaQuestion): MediaEntry | undefined {
  const entries = shelf.get(shelfKey(question)) ?? []
  if (question.use !== 'file') return entries[0]
  return entries.find(({name}) => name === undefined || name === question.fileName)
}

/** Picture URLs never expire (WeCom 90256); everything else only counts while it surely lives. */
export function findMedia(shelf: MediaShelf, question: MediaQuestion, nowMs: number): string | null {
  const entry = findEntry(shelf, question)
  if (entry === undefined) return null
  const isPermanent = question.use === 'picture'
  return isPermanent || nowMs - entry.uploadedAtMs < MEDIA_LIFE_MS - MEDIA_MARGIN_MS ? entry.value : null
}

/** A temporary medium that a release needs and that is missing or too old. */
export interface MediaNeed extends MediaQuestion {
  readonly use: Exclude<MediaUse, 'picture'>
}

/** Pictures too large for uploadimg live as temporary images; only those that already do have to be renewed. */
function questionOf(part: ReleaseAttachment, release: Release, shelf: MediaShelf): MediaNeed | null {
  const ask = (path: string, use: MediaNeed['use'], fileName = baseName(path)): MediaNeed | null => {
    const asset = release.assets[path]
    return asset === undefined ? null : {sha256: asset.sha256, use, fileName}
  }
  switch (part.type) {
    case 'miniprogram':
      return ask(part.cover, 'image')
    case 'video':
      return ask(part.file, 'video')
    case 'file':
      return ask(part.file, 'file', part.name)
    case 'image': {
      const question = ask(part.file, 'image')
      return question !== null && findEntry(shelf, question) !== undefined ? question : null
    }
    case 'link':
      return null
  }
}

/** Temporary media of the given releases that should be uploaded now. Pictures are permanent and belong to apply. */
export function findMediaNeeds(releases: readonly Release[], shelf: MediaShelf, nowMs: number): MediaNeed[] {
  const needs = new Map<string, MediaNeed>()
  for (const release of releases) {
    for (const part of Object.values(release.templates).flatMap(({attachments}) => attachments)) {
      const need = questionOf(part, release, shelf)
      if (need === null) continue
      const entry = findEntry(shelf, need)
      if (entry !== undefined && nowMs - entry.uploadedAtMs < MEDIA_RENEW_AFTER_MS) continue
      needs.set(need.use === 'file' ? `${shelfKey(need)}:${need.fileName}` : shelfKey(need), need)
    }
  }
  return [...needs.values()]
}
