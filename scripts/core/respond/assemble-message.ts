import type {Release, ReleaseAttachment} from '../model/release.js'
import {findMedia, type MediaShelf, type MediaUse} from './media-shelf.js'

/** One attachment as send_welcome_msg takes it (WeCom 92137). */
export type MessagePart =
  | {readonly msgtype: 'image'; readonly image: {readonly pic_url: string} | {readonly media_id: string}}
  | {
      readonly msgtype: 'link'
      readonly link: {readonly title: string; readonly url: string; readonly picurl?: string; readonly desc?: string}
    }
  | {
      readonly msgtype: 'miniprogram'
      readonly miniprogram: {
        readonly title: string
        readonly pic_media_id: string
        readonly appid: string
        readonly page: string
      }
    }
  | {readonly msgtype: 'video'; readonly video: {readonly media_id: string}}
  | {readonly msgtype: 'file'; readonly file: {readonly media_id: string}}

/** A welcome on the wire, without its code. */
export interface WelcomeMessage {
  readonly text: {readonly content: string}
  readonly attachments?: readonly MessagePart[]
}

export interface AssembledMessage {
  readonly message: WelcomeMessage
  /** Parts left out since their media was not at hand. */
  readonly leftOut: number
  /** Links sent without their cover. */
  readonly coversLeftOut: number
}

type FindValue = (path: string, use: MediaUse) => string | null

const isWebAddress = (cover: string): boolean => cover.startsWith('https://')

function assembleLink(part: Extract<ReleaseAttachment, {type: 'link'}>, find: FindValue): MessagePart {
  const {title, url, description, cover} = part
  const picurl = cover === undefined ? null : isWebAddress(cover) ? cover : find(cover, 'picture')
  return {
    msgtype: 'link',
    link: {title, url, ...(picurl !== null && {picurl}), ...(description !== undefined && {desc: description})},
  }
}

function assembleImage(file: string, find: FindValue): MessagePart | null {
  const url = find(file, 'picture')
  if (url !== null) return {msgtype: 'image', image: {pic_url: url}}
  const mediaId = find(file, 'image')
  return mediaId === null ? null : {msgtype: 'image', image: {media_id: mediaId}}
}

function assemblePart(part: ReleaseAttachment, find: FindValue): MessagePart | null {
  switch (part.type) {
    case 'link':
      return assembleLink(part, find)
    case 'image':
      return assembleImage(part.file, find)
    case 'miniprogram': {
      const cover = find(part.cover, 'image')
      const {title, appid, page} = part
      return cover === null ? null : {msgtype: 'miniprogram', miniprogram: {title, pic_media_id: cover, appid, page}}
    }
    case 'video':
    case 'file': {
      const mediaId = find(part.file, part.type)
      if (mediaId === null) return null
      return part.type === 'video'
        ? {msgtype: 'video', video: {media_id: mediaId}}
        : {msgtype: 'file', file: {media_id: mediaId}}
    }
  }
}

const lacksCover = (part: ReleaseAttachment, made: MessagePart | null): boolean =>
  part.type === 'link' && part.cover !== undefined && made?.msgtype === 'link' && made.link.picurl === undefined

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
  const find: FindValue = (path, use) => {
    const asset = release?.assets[path]
    return asset === undefined ? null : findMedia(shelf, asset.sha256, use, nowMs)
  }
  const made = said.attachments.map((part) => ({part, wire: assemblePart(part, find)}))
  const attachments = made.flatMap(({wire}) => (wire === null ? [] : [wire]))
  return {
    message: {text: {content: said.text}, ...(attachments.length > 0 && {attachments})},
    leftOut: made.length - attachments.length,
    coversLeftOut: made.filter(({part, wire}) => lacksCover(part, wire)).length,
  }
}

/** Text alone: what is said when the platform refuses the parts. */
export const plainMessage = (text: string): WelcomeMessage => ({text: {content: text}})
