import {createCipheriv, createDecipheriv, createHash, randomBytes} from 'node:crypto'

/**
 * The sandbox's own side of WeCom's callback envelope (90968): SHA-1 signature over the sorted parts, AES-256-CBC with the
 * IV taken from the key, padding to 32 bytes. Written apart from the client so that one bug cannot sit on both sides.
 */
const PREFIX_BYTES = 16
const BLOCK_BYTES = 32

/** 32 key bytes of a 43-character EncodingAESKey. The last character's two spare bits are ignored, as WeCom does. */
export function decodeAesKey(aesKey: string): Buffer {
  const key = Buffer.from(`${aesKey}=`, 'base64')
  if (aesKey.length !== 43 || key.length !== 32) throw new RangeError('an EncodingAESKey has 43 letters and digits')
  return key
}

export function signEnvelope(token: string, timestamp: string, nonce: string, encrypted: string): string {
  const parts = [token, timestamp, nonce, encrypted].map((part) => Buffer.from(part))
  return createHash('sha1')
    .update(Buffer.concat(parts.sort((a, b) => Buffer.compare(a, b))))
    .digest('hex')
}

interface EnvelopeKey {
  aesKey: string
  /** The corpid for apps and contact sync. */
  receiveId: string
}

/** Base64 ciphertext of a message. `prefix` is 16 bytes; random unless a test wants a known result. */
export function encryptMessage(message: string, key: EnvelopeKey, prefix: Buffer = randomBytes(PREFIX_BYTES)): string {
  const bytes = Buffer.from(message, 'utf8')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  const plain = Buffer.concat([prefix, length, bytes, Buffer.from(key.receiveId)])
  const padBytes = BLOCK_BYTES - (plain.length % BLOCK_BYTES)
  const cipherKey = decodeAesKey(key.aesKey)
  const cipher = createCipheriv('aes-256-cbc', cipherKey, cipherKey.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([
    cipher.update(Buffer.concat([plain, Buffer.alloc(padBytes, padBytes)])),
    cipher.final(),
  ]).toString('base64')
}

/** The message inside a base64 ciphertext. Throws when padding, length or receiver are not what the envelope promises. */
export function decryptMessage(encrypted: string, key: EnvelopeKey): string {
  const cipherKey = decodeAesKey(key.aesKey)
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, cipherKey.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(Buffer.from(encrypted, 'base64')), decipher.final()])
  const padBytes = padded.at(-1) ?? 0
  if (padBytes < 1 || padBytes > BLOCK_BYTES) throw new RangeError('the padding of the envelope is broken')
  const plain = padded.subarray(0, padded.length - padBytes)
  const messageEnd = PREFIX_BYTES + 4 + plain.readUInt32BE(PREFIX_BYTES)
  if (plain.subarray(messageEnd).toString('utf8') !== key.receiveId)
    throw new RangeError('the envelope is for another receiver')
  return plain.subarray(PREFIX_BYTES + 4, messageEnd).toString('utf8')
}
