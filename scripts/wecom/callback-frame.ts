import {createDecipheriv} from 'node:crypto'

const RANDOM_BYTES = 16
const HEAD_BYTES = 20
/** Padding goes to a multiple of 32, twice the cipher's own block (document 90968). */
const PADDING_BLOCK = 32

export interface FrameKey {
  readonly key: Buffer
  readonly iv: Buffer
}

export type FrameRefusal = 'cipher' | 'padding' | 'length' | 'receiver' | 'encoding'
export type Frame = {readonly ok: true; readonly message: string} | {readonly ok: false; readonly reason: FrameRefusal}

const refuse = (reason: FrameRefusal): Frame => ({ok: false, reason})

/** Decodes an EncodingAESKey once. Its last character may carry spare bits, so the decoder has to be a lenient one. */
export function decodeAesKey(encodingAesKey: string): FrameKey {
  if (!/^[A-Za-z0-9]{43}$/.test(encodingAesKey)) {
    throw new TypeError('an EncodingAESKey has exactly 43 letters and digits; copy it again from the console')
  }
  const key = Buffer.from(`${encodingAesKey}=`, 'base64')
  return {key, iv: key.subarray(0, RANDOM_BYTES)}
}

/**
 * Opens one encrypted message (document 90968): AES-256-CBC over 16 random bytes, a length, the message and the receiver.
 *
 * Done here and not with `decrypt` of @wecom/crypto, which decodes the key anew each time, hides the padding it strips and
 * checks neither padding nor length; a test holds both against each other.
 */
export function openFrame({key, iv}: FrameKey, encrypted: string, receiver: string): Frame {
  const cipherBytes = Buffer.from(encrypted, 'base64')
  if (cipherBytes.length === 0 || cipherBytes.length % PADDING_BLOCK !== 0) return refuse('cipher')
  const decipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(cipherBytes), decipher.final()])
  const padding = padded[padded.length - 1] ?? 0
  if (!isPadding(padded, padding)) return refuse('padding')
  const plain = padded.subarray(0, padded.length - padding)
  if (plain.length < HEAD_BYTES) return refuse('length')
  const end = HEAD_BYTES + plain.readUInt32BE(RANDOM_BYTES)
  if (end > plain.length) return refuse('length')
  if (!plain.subarray(end).equals(Buffer.from(receiver))) return refuse('receiver')
  const message = decodeUtf8(plain.subarray(HEAD_BYTES, end))
  return message === null ? refuse('encoding') : {ok: true, message}
}

function isPadding(padded: Buffer, count: number): boolean {
  if (count < 1 || count > PADDING_BLOCK) return false
  return padded.subarray(padded.length - count).every((byte) => byte === count)
}

const UTF8 = new TextDecoder('utf-8', {fatal: true})

/** The text, or `null` when the bytes are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return UTF8.decode(bytes)
  } catch {
    // The decoder has no way to say no but to throw; the caller reports it.
    return null
  }
}
