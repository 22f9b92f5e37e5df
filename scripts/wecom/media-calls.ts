import FormData from 'form-data'
import {numberOf} from './answer.js'
import {WeComUnreachable} from './errors.js'
import {requireText} from './pages.js'
import type {CallOptions, EncodedForm, Send} from './transport.js'
import type {MediaType, UploadFile, WireMedia} from './wire.js'

const UPLOAD_TIMEOUT_MS = 60_000

/** One multipart field `media`; the file name travels as raw UTF-8, which is what the platform shows to the customer. */
export function encodeForm({fileName, bytes, contentType}: UploadFile): EncodedForm {
  const form = new FormData()
  form.append('media', Buffer.from(bytes), {
    filename: fileName.normalize('NFC'),
    knownLength: bytes.byteLength,
    ...(contentType === undefined ? {} : {contentType}),
  })
  return {bytes: form.getBuffer(), contentType: `multipart/form-data; boundary=${form.getBoundary()}`}
}

export function createMediaCalls(send: Send) {
  const unnamed = (call: 'media/upload' | 'media/uploadimg') => () =>
    new WeComUnreachable({call, reason: 'malformed', ambiguous: true, symptom: 'no id in the answer'})
  const upload = (
    call: 'media/upload' | 'media/uploadimg',
    query: Record<string, string>,
    file: UploadFile,
    options?: CallOptions,
  ) => send({call, query, form: encodeForm(file)}, {timeoutMs: UPLOAD_TIMEOUT_MS, ...options})
  return {
    /** Document 90253. The id works for three days, for every app of the corp. */
    async sendMedia(type: MediaType, file: UploadFile, options?: CallOptions): Promise<WireMedia> {
      const answer = await upload('media/upload', {type}, file, options)
      return {
        mediaId: requireText(answer, 'media_id', unnamed('media/upload')),
        createdAtSeconds: numberOf(answer.fields, 'created_at'),
      }
    },
    /** Document 90254: the bytes of a temporary medium, at most 20 MB. */
    async fetchMedia(mediaId: string, options?: CallOptions): Promise<Uint8Array> {
      const {bytes} = await send(
        {call: 'media/get', query: {media_id: mediaId}},
        {timeoutMs: UPLOAD_TIMEOUT_MS, ...options},
      )
      if (bytes === undefined) throw new WeComUnreachable({call: 'media/get', reason: 'malformed', ambiguous: false})
      return bytes
    },
    /** Document 90256: a permanent address, 1000 a day and 3000 a month; it only shows inside WeCom messages. */
    async sendImage(file: UploadFile, options?: CallOptions): Promise<string> {
      return requireText(await upload('media/uploadimg', {}, file, options), 'url', unnamed('media/uploadimg'))
    },
  }
}
