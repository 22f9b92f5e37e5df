import {createPrivateKey, createPublicKey, sign, verify} from 'node:crypto'
import {canonicalText} from '../model/canonical.js'
import type {Manifest, SignedManifest} from '../model/release.js'

const bytesOf = (manifest: Manifest): Buffer => Buffer.from(canonicalText(manifest), 'utf8')

/** Ed25519 over the RFC 8785 bytes of the manifest. @param privateKeyPem Ed25519, PKCS#8 */
export function signManifest(manifest: Manifest, privateKeyPem: string): SignedManifest {
  return {manifest, signature: sign(null, bytesOf(manifest), createPrivateKey(privateKeyPem)).toString('base64')}
}

const SIGNATURE_BYTES = 64

/** `false` for anything but an untouched manifest signed by that key, whatever its shape. */
export function verifyManifest(signed: SignedManifest, publicKeyPem: string): boolean {
  const key = createPublicKey(publicKeyPem)
  const {manifest, signature}: Partial<SignedManifest> = signed
  if (key.asymmetricKeyType !== 'ed25519' || manifest === undefined || typeof signature !== 'string') return false
  const bytes = Buffer.from(signature, 'base64')
  // Decoding passes over stray characters; one signature has one spelling.
  if (bytes.length !== SIGNATURE_BYTES || bytes.toString('base64') !== signature) return false
  return verify(null, bytesOf(manifest), key, bytes)
}
