import {sha256} from '../model/canonical.js'
import type {MediaEntry} from '../model/plan.js'
import type {SignedManifest} from '../model/release.js'
import {isSignedBy, signCanonical} from './signature.js'

/** Everything a responder says, without any network: the manifest, what it names, and where its media are. */
export interface BundleContent {
  readonly signed: SignedManifest
  /** Canonical texts by digest. */
  readonly documents: Readonly<Record<string, string>>
  readonly media: readonly MediaEntry[]
}

interface BundleFile extends BundleContent {
  readonly format: 'yingbin-bundle-1'
  readonly signature: string
}

/** Why an emergency file is not believed. */
export type BundleRefusal = 'not-a-bundle' | 'bad-signature' | 'wrong-digest'

export class BundleRefused extends Error {
  override readonly name = 'BundleRefused'
  readonly code = 'E_BUNDLE_REFUSED'
  constructor(readonly reason: BundleRefusal) {
    super(`the emergency file was refused: ${reason}`)
  }
}

/** Texts are signed by their digests; media are signed as they are, since nothing else vouches for them. */
const signedPartOf = ({signed, documents, media}: BundleContent) => ({
  format: 'yingbin-bundle-1',
  manifest: signed,
  documents: Object.keys(documents).sort(),
  media,
})

/** One file, as text. @param privateKeyPem the release key */
export function sealBundle(content: BundleContent, privateKeyPem: string): string {
  const {signed, documents, media} = content
  const file: BundleFile = {
    format: 'yingbin-bundle-1',
    signed,
    documents,
    media,
    signature: signCanonical(signedPartOf(content), privateKeyPem),
  }
  return `${JSON.stringify(file)}\n`
}

/** The content of a whole, signed file; throws {@link BundleRefused}. The manifest is judged by whoever takes it over. */
export function openBundle(text: string, publicKeyPem: string): BundleContent {
  const {signed, documents, media, signature} = parse(text)
  if (!isSignedBy(signedPartOf({signed, documents, media}), signature, publicKeyPem))
    throw new BundleRefused('bad-signature')
  for (const [digest, document] of Object.entries(documents))
    if (sha256(document) !== digest) throw new BundleRefused('wrong-digest')
  return {signed, documents, media}
}

function parse(text: string): BundleFile {
  let file: unknown
  try {
    file = JSON.parse(text)
  } catch {
    throw new BundleRefused('not-a-bundle')
  }
  if (!isBundleFile(file)) throw new BundleRefused('not-a-bundle')
  return file
}

function isBundleFile(file: unknown): file is BundleFile {
  if (typeof file !== 'object' || file === null) return false
  const {format, signed, documents, media}: Partial<Record<keyof BundleFile, unknown>> = file
  const isTexts =
    typeof documents === 'object' &&
    documents !== null &&
    Object.values(documents).every((each) => typeof each === 'string')
  return (
    format === 'yingbin-bundle-1' && typeof signed === 'object' && signed !== null && isTexts && Array.isArray(media)
  )
}
