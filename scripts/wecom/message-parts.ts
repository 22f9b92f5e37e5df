import {recordOf, textOf} from './answer.js'
import type {MessagePart, WireGroupWelcome} from './wire.js'

/** The platform's object for one part: `{link: {…}}`. */
export function encodePart(part: MessagePart): Record<string, object> {
  switch (part.kind) {
    case 'image':
      return {image: {media_id: part.mediaId, pic_url: part.picUrl}}
    case 'link':
      return {link: {title: part.title, url: part.url, desc: part.description, picurl: part.picUrl}}
    case 'miniprogram':
      return {miniprogram: {title: part.title, appid: part.appid, page: part.page, pic_media_id: part.coverMediaId}}
    case 'video':
      return {video: {media_id: part.mediaId}}
    case 'file':
      return {file: {media_id: part.mediaId}}
  }
}

/** The same with its `msgtype`, as attachments of a 1:1 welcome want it. */
export const encodeAttachment = (part: MessagePart): object => ({msgtype: part.kind, ...encodePart(part)})

type Fields = Readonly<Record<string, unknown>>
const KINDS = ['image', 'link', 'miniprogram', 'file', 'video'] as const

/** Reads the parts of `group_welcome_template/get`; a kind without content counts as absent. */
export function readGroupWelcome(fields: Fields): WireGroupWelcome {
  const parts = KINDS.flatMap((kind) => {
    const part = readPart(kind, recordOf(fields, kind))
    return part === null ? [] : [part]
  })
  return {text: textOf(recordOf(fields, 'text'), 'content'), parts}
}

function readPart(kind: MessagePart['kind'], part: Fields): MessagePart | null {
  switch (kind) {
    case 'image': {
      const [mediaId, picUrl] = [textOf(part, 'media_id'), textOf(part, 'pic_url')]
      if (mediaId === '' && picUrl === '') return null
      return {kind, ...(mediaId === '' ? {} : {mediaId}), ...(picUrl === '' ? {} : {picUrl})}
    }
    case 'link': {
      const url = textOf(part, 'url')
      const link = {kind, url, title: textOf(part, 'title')} as const
      return url === '' ? null : {...link, description: textOf(part, 'desc'), picUrl: textOf(part, 'picurl')}
    }
    case 'miniprogram': {
      const appid = textOf(part, 'appid')
      const page = {
        title: textOf(part, 'title'),
        page: textOf(part, 'page'),
        coverMediaId: textOf(part, 'pic_media_id'),
      }
      return appid === '' ? null : {kind, appid, ...page}
    }
    case 'video':
    case 'file': {
      const mediaId = textOf(part, 'media_id')
      return mediaId === '' ? null : {kind, mediaId}
    }
  }
}
