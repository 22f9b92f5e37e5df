import {createHash} from 'node:crypto'
import type {WeComClient} from './client.js'
import type {MediaType, UploadFile} from './wire.js'

/** What WeCom keeps is not what was sent: customers would get rubbish. */
export class MediaDiffers extends Error {
  override readonly name = 'MediaDiffers'
  readonly code = 'E_MEDIA_DIFFERS'
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** The first bytes tell PNG and JPEG apart, and both from an error page. */
const HEAD_BYTES = 3

/**
 * Uploads a temporary medium and reads it back (documents 90253, 90254); throws {@link MediaDiffers} unless it is the same.
 * Videos and files have to agree in every byte. Whether WeCom encodes pictures anew is unconfirmed, so of a picture only
 * the kind is compared.
 */
export async function uploadChecked(
  client: Pick<WeComClient, 'sendMedia' | 'fetchMedia'>,
  type: MediaType,
  file: UploadFile,
): Promise<string> {
  const {mediaId} = await client.sendMedia(type, file)
  const kept = await client.fetchMedia(mediaId)
  const isSame =
    type === 'image'
      ? Buffer.compare(kept.subarray(0, HEAD_BYTES), file.bytes.subarray(0, HEAD_BYTES)) === 0
      : kept.byteLength === file.bytes.byteLength && digestOf(kept) === digestOf(file.bytes)
  if (isSame) return mediaId
  throw new MediaDiffers(`WeCom keeps ${kept.byteLength} bytes of a medium of ${file.bytes.byteLength}, or other ones`)
}
