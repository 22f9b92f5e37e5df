import {createPrivateKey, createPublicKey, sign, verify} from 'node:crypto'
import {canonicalText} from '../model/canonical.js'
import type {Manifest, SignedManifest} from '../model/release.js'

const bytesOf = (manifest: Manifest): Buffer => Buffer.from(canonicalText(manifest), 'utf8')

/** Ed25519 over the RFC 8785 bytes of the manifest. @param privateKeyPem Ed25519, PKCS#8 */
export function signManifest(manifest: Manifest, privateKeyPem: string): SignedManifest {
  return {manifest, signature: sign(null, bytesOf(manifest), createPrivateKey(privateKeyPem)).toString('base64')}
}

/** `false` for anything but an untouched manifest signed by that key, whatever its shape. */
export function verifyManifest(signed: SignedManifest, publicKeyPem: string): boolean {
  const key = createPublicKey(publicKeyPem)
  if (key.asymmetricKeyType !== 'ed25519') return false
  try {
    return verify(null, bytesOf(signed.manifest), key, Buffer.from(signed.signature, 'base64'))
  } catch (error) {
    // Something of another shape: neither canonical bytes nor a signature can be made of it.
    if (error instanceof TypeError || error instanceof Error) return false
    throw error
  }
}
