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
  if (key.asymmetricKeyType !== 'ed25519') return false
  try {
    const signature = Buffer.from(signed.signature, 'base64')
    // Decoding passes over stray characters; one signature has one spelling.
    if (signature.length !== SIGNATURE_BYTES || signature.toString('base64') !== signed.signature) return false
    return verify(null, bytesOf(signed.manifest), key, signature)
  } catch (error) {
    // Something of another shape: no bytes or no signature can be made of it.
    if (error instanceof TypeError) return false
    throw error
  }
}
