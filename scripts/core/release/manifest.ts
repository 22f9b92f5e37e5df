import type {Manifest, SignedManifest} from '../model/release.js'
import {isSignedBy, signCanonical} from './signature.js'

/** Ed25519 over the RFC 8785 bytes of the manifest. @param privateKeyPem Ed25519, PKCS#8 */
export const signManifest = (manifest: Manifest, privateKeyPem: string): SignedManifest => ({
  manifest,
  signature: signCanonical(manifest, privateKeyPem),
})

/** `false` for anything but an untouched manifest signed by that key, whatever its shape. */
export function verifyManifest(signed: SignedManifest, publicKeyPem: string): boolean {
  const {manifest, signature}: Partial<SignedManifest> = signed
  return isSignedBy(manifest, signature, publicKeyPem)
}
