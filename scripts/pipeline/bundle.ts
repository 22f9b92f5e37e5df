import type {SignedManifest} from '../core/model/release.js'
import {StoreDamaged, type Store} from '../core/ports.js'
import {sealBundle} from '../core/release/bundle.js'

export interface BundleMade {
  readonly signed: SignedManifest
  readonly documents: number
  readonly media: number
  readonly text: string
}

/** What responders run now, as one signed file; `null` while nothing was ever published. Throws StoreDamaged when it is not whole. */
export async function makeBundle(
  store: Pick<Store, 'readManifest' | 'readDocument' | 'readMedia'>,
  releaseKey: string,
): Promise<BundleMade | null> {
  const signed = await store.readManifest()
  if (signed === null) return null
  const {stable, canary, directory} = signed.manifest
  const digests = [stable, canary?.digest ?? null, directory].filter((digest) => digest !== null)
  const documents: Record<string, string> = {}
  for (const digest of new Set(digests)) {
    const document = await store.readDocument(digest)
    if (document === null) throw new StoreDamaged(`document ${digest}`, 'it is missing')
    documents[digest] = document
  }
  const media = await store.readMedia()
  const text = sealBundle({signed, documents, media}, releaseKey)
  return {signed, documents: Object.keys(documents).length, media: media.length, text}
}
