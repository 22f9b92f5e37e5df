import {createPrivateKey, createPublicKey, sign, verify} from 'node:crypto'
import {canonicalText} from '../model/canonical.js'

const SIGNATURE_BYTES = 64

const bytesOf = (value: object): Buffer => Buffer.from(canonicalText(value), 'utf8')

/** Ed25519 over the RFC 8785 bytes of a value, base64. @param privateKeyPem Ed25519, PKCS#8 */
export const signCanonical = (value: object, privateKeyPem: string): string =>
  sign(null, bytesOf(value), createPrivateKey(privateKeyPem)).toString('base64')

/** `false` for anything but the untouched value signed by that key, whatever its shape. */
export function isSignedBy(value: unknown, signature: unknown, publicKeyPem: string): boolean {
  const key = createPublicKey(publicKeyPem)
  if (key.asymmetricKeyType !== 'ed25519' || typeof value !== 'object' || value === null) return false
  if (typeof signature !== 'string') return false
  const bytes = Buffer.from(signature, 'base64')
  // Decoding passes over stray characters; one signature has one spelling.
  if (bytes.length !== SIGNATURE_BYTES || bytes.toString('base64') !== signature) return false
  return verify(null, bytesOf(value), key, bytes)
}
