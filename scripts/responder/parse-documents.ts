import type {Directory} from '../core/model/directory.js'
import type {Manifest, Release} from '../core/model/release.js'
import {StoreDamaged} from '../core/ports.js'
import type {RefusalReason} from '../core/respond/check-manifest.js'

export interface Parsed {
  readonly releases: ReadonlyMap<string, Release>
  readonly mirror: Directory
}

/** Why a manifest is not taken over. */
export class ManifestRefused extends Error {
  override readonly name = 'ManifestRefused'
  constructor(
    readonly reason: RefusalReason,
    options?: ErrorOptions,
  ) {
    super(`the manifest was refused: ${reason}`, options)
  }
}

export const NOBODY: Directory = {members: [], transfers: []}

function parseDocument<T>(text: string): T {
  try {
    return JSON.parse(text) as T
  } catch (error) {
    throw new ManifestRefused('damaged-document', {cause: error})
  }
}

function parseRelease(text: string, corpId: string): Release {
  const release = parseDocument<Release>(text)
  if (release.format !== 1) throw new ManifestRefused('unusable-release')
  if (release.corpId !== corpId) throw new ManifestRefused('wrong-corp')
  return release
}

/** Every document a manifest names, parsed. */
export function parseDocuments(manifest: Manifest, documents: ReadonlyMap<string, string>, corpId: string): Parsed {
  const textOf = (digest: string): string => {
    const text = documents.get(digest)
    if (text === undefined) throw new ManifestRefused('missing-document')
    return text
  }
  const digests = [manifest.stable, manifest.canary?.digest ?? null].filter((digest) => digest !== null)
  return {
    releases: new Map(digests.map((digest) => [digest, parseRelease(textOf(digest), corpId)])),
    mirror: manifest.directory === null ? NOBODY : parseDocument<Directory>(textOf(manifest.directory)),
  }
}

export type ReadDocument = (digest: string) => Promise<string | null>

/** A store that checks digests itself says so by throwing; to us it is the same refusal. */
export async function readOrRefuse(digest: string, read: ReadDocument): Promise<string | null> {
  try {
    return await read(digest)
  } catch (error) {
    if (error instanceof StoreDamaged) throw new ManifestRefused('wrong-digest', {cause: error})
    throw error
  }
}
