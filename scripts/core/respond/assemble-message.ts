import type {Release, ReleaseAttachment} from '../model/release.js'
import {baseName, findMedia, type MediaShelf, type MediaUse} from './media-shelf.js'

/** One attachment with the media value of this moment (WeCom 92137). */
export type MessagePart =
  | {readonly kind: 'image'; readonly picUrl?: string; readonly mediaId?: string}
  | {
      readonly kind: 'link'
      readonly title: string
      readonly url: string
      readonly picUrl?: string
      readonly description?: string
    }
  | {
      readonly kind: 'miniprogram'
      readonly title: string
      readonly appid: string
      readonly page: string
      readonly coverMediaId: string
    }
  | {readonly kind: 'video' | 'file'; readonly mediaId: string}

/** A welcome without its code. */
export interface WelcomeMessage {
  readonly text: string
  readonly attachments: readonly MessagePart[]
}

export interface AssembledMessage {
  readonly message: WelcomeMessage
  /** Parts left out since their media was not at hand. */
  readonly leftOut: number
  /** Links sent without their cover. */
  readonly coversLeftOut: number
}

type FindValue = (path: string, use: MediaUse, name?: string) => string | null

const isWebAddress = (cover: string): boolean => cover.startsWith('https://')

function assembleLink(part: Extract<ReleaseAttachment, {type: 'link'}>, find: FindValue): MessagePart {
  const {title, url, description, cover} = part
  const picUrl = cover === undefined ? null : isWebAddress(cover) ? cover : find(cover, 'picture')
  return {kind: 'link', title, url, ...(picUrl !== null && {picUrl}), ...(description !== undefined && {description})}
}

function assembleImage(file: string, find: FindValue): MessagePart | null {
  const picUrl = find(file, 'picture')
  if (picUrl !== null) return {kind: 'image', picUrl}
  const mediaId = find(file, 'image')
  return mediaId === null ? null : {kind: 'image', mediaId}
}

function assemblePart(part: ReleaseAttachment, find: FindValue): MessagePart | null {
  switch (part.type) {
    case 'link':
      return assembleLink(part, find)
    case 'image':
      return assembleImage(part.file, find)
    case 'miniprogram': {
      const {title, appid, page} = part
      const coverMediaId = find(part.cover, 'image')
      return coverMediaId === null ? null : {kind: 'miniprogram', title, appid, page, coverMediaId}
    }
    case 'video':
    case 'file': {
      const mediaId = find(part.file, part.type, part.type === 'file' ? part.name : undefined)
      return mediaId === null ? null : {kind: part.type, mediaId}
    }
  }
}

const lacksCover = (part: ReleaseAttachment, made: MessagePart | null): boolean =>
  part.type === 'link' && part.cover !== undefined && made?.kind === 'link' && made.picUrl === undefined

/**
 * Puts media values of this moment into the parts. One part the platform cannot use silences the whole welcome, so a part
 * without media is left out; the text always goes. Nothing is uploaded here.
 */
export function assembleMessage(
  said: {readonly text: string; readonly attachments: readonly ReleaseAttachment[]},
  release: Pick<Release, 'assets'> | null,
  shelf: MediaShelf,
  nowMs: number,
): AssembledMessage {
  const find: FindValue = (path, use, name) => {
    const asset = release?.assets[path]
    return asset === undefined
      ? null
      : findMedia(shelf, {sha256: asset.sha256, use, fileName: name ?? baseName(path)}, nowMs)
  }
  const made = said.attachments.map((part) => ({part, wire: assemblePart(part, find)}))
  const attachments = made.flatMap(({wire}) => (wire === null ? [] : [wire]))
  return {
    message: {text: said.text, attachments},
    leftOut: made.length - attachments.length,
    coversLeftOut: made.filter(({part, wire}) => lacksCover(part, wire)).length,
  }
}

/** Text alone: what is said when the platform refuses the parts. */
export const plainMessage = (text: string): WelcomeMessage => ({text, attachments: []})
