import {createHash} from 'node:crypto'
import {beijingDay, DAY_SECONDS} from './beijing-time.js'
import {makeId} from './ids.js'
import type {MediaKind, MediaRecord} from './state-resources.js'
import type {UploadedFile} from './multipart.js'
import {nowSeconds, type ApiCall, type EndpointTable, type World} from './world.js'
import {BytesReply, Refusal} from './wire.js'

/** Temporary media (90253), permanent images (90256) and reading media back (90254). */
export const mediaEndpoints: EndpointTable = {
  '/cgi-bin/media/upload': {method: 'POST', needs: ['media'], multipart: true, run: upload},
  '/cgi-bin/media/uploadimg': {method: 'POST', needs: ['media'], multipart: true, run: uploadImage},
  '/cgi-bin/media/get': {method: 'GET', needs: ['media'], run: download},
}

const KINDS: readonly MediaKind[] = ['image', 'voice', 'video', 'file']

function upload(world: World, call: ApiCall): object {
  const kind = KINDS.find((known) => known === call.query.get('type'))
  if (kind === undefined) throw new Refusal(40005)
  const file = requireFile(call)
  const {limits} = world
  const most = {image: limits.imageBytes, voice: limits.voiceBytes, video: limits.videoBytes, file: limits.fileBytes}[
    kind
  ]
  if (file.bytes.length < limits.mediaMinBytes) throw new Refusal(40006)
  if (file.bytes.length > most) throw new Refusal(45001)
  requireFormat(kind, file.bytes)
  const media = keepMedia(world, kind, file)
  return {type: kind, media_id: media.media_id, created_at: String(media.createdAtSeconds)}
}

function keepMedia(world: World, kind: MediaKind, file: UploadedFile): MediaRecord {
  const {state, limits, clock} = world
  forgetExpiredMedia(world)
  const media: MediaRecord = {
    media_id: makeId(state, 'MID', 40),
    kind,
    fileName: file.fileName,
    contentType: file.contentType,
    sha256: createHash('sha256').update(file.bytes).digest('hex'),
    size: file.bytes.length,
    createdAtSeconds: nowSeconds(world),
    expiresAtMs: clock.nowMs() + limits.mediaSeconds * 1000,
    // A copy: the part is a view into the whole request body, which would otherwise stay in memory.
    bytes: Buffer.from(file.bytes),
  }
  state.media.set(media.media_id, media)
  world.touched()
  return media
}

/** Expired media answer 40007 whether remembered or not; the bytes of old ones are given back after a day more. */
function forgetExpiredMedia(world: World): void {
  const oldMs = world.clock.nowMs() - DAY_SECONDS * 1000
  for (const [id, media] of world.state.media) if (media.expiresAtMs < oldMs) world.state.media.delete(id)
}

function requireFile(call: ApiCall): UploadedFile {
  if (call.file === undefined || call.file.bytes.length === 0) throw new Refusal(44001)
  return call.file
}

function requireFormat(kind: MediaKind, bytes: Buffer): void {
  if (kind === 'image' && !isImage(bytes)) throw new Refusal(40123)
  if (kind === 'voice' && bytes.subarray(0, 5).toString('latin1') !== '#!AMR') throw new Refusal(40004)
  if (kind === 'video' && bytes.subarray(4, 8).toString('latin1') !== 'ftyp') throw new Refusal(41090)
}

/** JPEG or PNG by their first bytes. */
export function isImage(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 4).toString('hex')
  return head.startsWith('ffd8ff') || head === '89504e47'
}

function uploadImage(world: World, call: ApiCall): object {
  const file = requireFile(call)
  const {limits, state} = world
  if (file.bytes.length < limits.uploadimgMinBytes) throw new Refusal(40006)
  if (file.bytes.length > limits.uploadimgBytes) throw new Refusal(45001)
  if (!isImage(file.bytes)) throw new Refusal(40123)
  const sha256 = createHash('sha256').update(file.bytes).digest('hex')
  countUpload(world)
  const name = world.settings.uploadimgNewUrlEachTime ? makeId(state, '', 24) : sha256.slice(0, 24)
  const url = `https://wework.qpic.example/wwpic/${name}/0`
  state.permanentImages.add(url)
  world.touched()
  return {url}
}

/** The day rule blocks for the rest of the Beijing day, the month rule counts the last 30 days. */
function countUpload(world: World): void {
  const {state, limits} = world
  const today = beijingDay(nowSeconds(world))
  const ofToday = state.imageUploadsByDay.get(today) ?? 0
  let ofMonth = 0
  for (const [day, count] of state.imageUploadsByDay) if (day > today - 30 && day <= today) ofMonth += count
  if (ofToday >= limits.uploadimgPerDay || ofMonth >= limits.uploadimgPerMonth) throw new Refusal(45009)
  state.imageUploadsByDay.set(today, ofToday + 1)
}

function download(world: World, call: ApiCall): object {
  const mediaId = call.query.get('media_id') ?? ''
  if (mediaId === '') throw new Refusal(41006)
  const media = world.state.media.get(mediaId)
  if (media?.bytes === undefined || world.clock.nowMs() >= media.expiresAtMs) throw new Refusal(40007)
  return new BytesReply(
    rangeOf(media.bytes, call.range, world.limits.mediaChunkBytes),
    media.contentType,
    media.fileName,
  )
}

/** A Range asks for a piece; pieces and whole files above 20 MB are refused. */
function rangeOf(bytes: Buffer, range: string | undefined, most: number): Buffer {
  const asked = /^bytes=(\d+)-(\d*)$/.exec(range ?? '')
  const from = asked === null ? 0 : Number(asked[1])
  const to = asked?.[2] === undefined || asked[2] === '' ? bytes.length : Number(asked[2]) + 1
  const piece = bytes.subarray(from, to)
  if (piece.length > most) throw new Refusal(830002)
  return piece
}
