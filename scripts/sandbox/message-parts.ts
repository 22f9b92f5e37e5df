import type {Fields} from './fields.js'
import type {MediaKind, MediaRecord} from './state-resources.js'
import {byteLength, Refusal, type JsonObject} from './wire.js'
import type {World} from './world.js'

/** Checks of the parts that welcomes, group templates and closing messages share (92137, 92366, 92228). */

/** Text up to `maxBytes`; undefined when there is none. */
export function checkText(body: Fields, maxBytes: number): string | undefined {
  const content = body.object('text')?.text('content')
  if (content === undefined || content === '') return undefined
  if (byteLength(content) > maxBytes) throw new Refusal(45002, 'text.content')
  return content
}

type PartKind = 'image' | 'link' | 'miniprogram' | 'video' | 'file'

const CHECKS: Readonly<Record<PartKind, (world: World, part: Fields) => JsonObject>> = {
  image: checkImage,
  link: checkLink,
  miniprogram: checkMiniprogram,
  video: (world, part) => ({media_id: requireMedia(world, part.text('media_id'), 'video').media_id}),
  file: (world, part) => ({media_id: requireMedia(world, part.text('media_id'), 'file').media_id}),
}

export const isPartKind = (kind: string): kind is PartKind => kind in CHECKS

/** The part with the fields the platform keeps, or a refusal naming what is wrong. */
export const checkPart = (world: World, kind: PartKind, part: Fields): JsonObject => CHECKS[kind](world, part)

function checkImage(world: World, part: Fields): JsonObject {
  const mediaId = part.text('media_id')
  // When both are given the media_id wins and the URL is not looked at.
  if (mediaId !== undefined && mediaId !== '') return {media_id: requireMedia(world, mediaId, 'image').media_id}
  const url = part.text('pic_url')
  if (url === undefined || url === '') throw new Refusal(41006, 'image')
  if (!world.state.permanentImages.has(url)) throw new Refusal(world.settings.foreignPicUrlErrcode, 'image.pic_url')
  return {pic_url: url}
}

function checkLink(world: World, part: Fields): JsonObject {
  const {limits} = world
  const title = requireText(part, 'title', 41016, limits.linkTitleBytes)
  const url = part.text('url')
  if (url === undefined || url === '') throw new Refusal(41010, 'link.url')
  if (!/^https?:\/\/./i.test(url)) throw new Refusal(40094, 'link.url')
  if (byteLength(url) > limits.urlBytes) throw new Refusal(40039, 'link.url')
  const picurl = part.text('picurl') ?? ''
  if (byteLength(picurl) > limits.urlBytes) throw new Refusal(40039, 'link.picurl')
  const desc = part.text('desc') ?? ''
  if (byteLength(desc) > limits.linkDescBytes) throw new Refusal(40058, 'link.desc')
  return {title, picurl, desc, url}
}

function checkMiniprogram(world: World, part: Fields): JsonObject {
  const title = requireText(part, 'title', 41016, world.limits.miniprogramTitleBytes)
  const cover = requireMedia(world, part.text('pic_media_id'), 'image').media_id
  const appid = part.text('appid')
  if (appid === undefined || appid === '') throw new Refusal(90200)
  if (!/^wx[0-9a-f]{16}$/.test(appid)) throw new Refusal(90207)
  if (!world.state.miniPrograms.has(appid)) throw new Refusal(90206)
  return {title, pic_media_id: cover, appid, page: requireText(part, 'page', 40058, world.limits.urlBytes)}
}

function requireText(part: Fields, name: string, missing: number, maxBytes: number): string {
  const text = part.text(name)
  if (text === undefined || text === '') throw new Refusal(missing, name)
  if (byteLength(text) > maxBytes) throw new Refusal(40058, name)
  return text
}

/** 41006 when not given, 40007 when unknown, older than three days, or of another kind. */
export function requireMedia(world: World, mediaId: string | undefined, kind: MediaKind): MediaRecord {
  if (mediaId === undefined || mediaId === '') throw new Refusal(41006)
  const media = world.state.media.get(mediaId)
  if (media === undefined || media.kind !== kind || world.clock.nowMs() >= media.expiresAtMs) throw new Refusal(40007)
  return media
}
