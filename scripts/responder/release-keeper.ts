import {sha256} from '../core/model/canonical.js'
import type {Directory} from '../core/model/directory.js'
import type {MediaEntry} from '../core/model/plan.js'
import type {Manifest, Release, SignedManifest} from '../core/model/release.js'
import {checkManifest, documentsOf} from '../core/respond/check-manifest.js'
import type {LoadedRelease} from '../core/respond/decide-greeting.js'
import {createDepartmentFinder} from '../core/respond/find-departments.js'
import {createMediaShelf, type MediaShelf} from '../core/respond/media-shelf.js'
import {findUnplaced, type LivePicture, overlayDirectory} from '../core/respond/overlay-directory.js'
import type {Tally} from '../core/respond/create-tally.js'
import {
  ManifestRefused,
  NOBODY,
  type Parsed,
  parseDocuments,
  type ReadDocument,
  readOrRefuse,
} from './parse-documents.js'
import type {LastGood, ResponderPorts} from './ports.js'
import {type ResponderSettings, STORE_PATIENCE_MS} from './settings.js'
import {withDeadline} from './with-deadline.js'

/** Everything an answer needs, replaced as a whole and never changed in place. */
export interface Running {
  readonly signed: SignedManifest
  readonly manifest: Manifest
  readonly stable: LoadedRelease | null
  readonly canary: LoadedRelease | null
  /** The mirror with the live members over it. */
  readonly directory: Directory
  readonly adoptedAtMs: number
}

const NOTHING_LIVE: LivePicture = {members: [], tags: [], refused: []}

interface KeeperParts {
  readonly ports: Pick<
    ResponderPorts,
    'clock' | 'store' | 'disk' | 'log' | 'verifyManifest' | 'createGreeter' | 'readBundle'
  >
  readonly settings: Pick<ResponderSettings, 'corpId' | 'lineage' | 'staleAfterMs'>
  readonly tally: Tally
  /** Told when a look has brought another release, with its media. */
  onAdopted(): void
}

/** Keeps the newest good release in memory and on disk; a bad one never replaces it. */
export class ReleaseKeeper {
  private current: Running | null = null
  private parsed: Parsed = {releases: new Map(), mirror: NOBODY}
  private documents: ReadonlyMap<string, string> = new Map()
  private mediaEntries: readonly MediaEntry[] = []
  private mediaShelf: MediaShelf = new Map()
  private live = NOTHING_LIVE
  private liveText = JSON.stringify(NOTHING_LIVE)
  private lastLookMs: number | null = null
  /** False while the disk lacks something of what runs. */
  private isSaved = true

  private readonly ports: KeeperParts['ports']
  private readonly settings: KeeperParts['settings']
  private readonly tally: Tally

  constructor(private readonly parts: KeeperParts) {
    this.ports = parts.ports
    this.settings = parts.settings
    this.tally = parts.tally
  }

  get running(): Running | null {
    return this.current
  }

  get media(): MediaShelf {
    return this.mediaShelf
  }

  get releases(): readonly Release[] {
    return [...this.parsed.releases.values()]
  }

  /** When the store was last read without trouble. */
  get lastLookAtMs(): number | null {
    return this.lastLookMs
  }

  isExpired(nowMs: number): boolean {
    return this.current !== null && nowMs >= this.current.manifest.expiresAtMs
  }

  isStale(nowMs: number): boolean {
    const since = this.lastLookMs ?? this.current?.adoptedAtMs
    return since !== undefined && nowMs - since > this.settings.staleAfterMs
  }

  /** Starts from what the last run left on disk, and from an emergency file if it is newer; without any network. */
  async startCold(): Promise<void> {
    await this.startFrom('cold_start_failed', () => this.ports.disk.readLastGood())
    this.isSaved = true
    const {readBundle} = this.ports
    if (readBundle !== undefined) await this.startFrom('bundle_refused', readBundle)
  }

  private async startFrom(counter: string, read: () => Promise<LastGood | null>): Promise<void> {
    try {
      const found = await read()
      if (found === null) return
      const documents = new Map(Object.entries(found.documents))
      const version = this.current?.manifest.version ?? -1
      await this.adopt(found.signed, (digest) => Promise.resolve(documents.get(digest) ?? null))
      if ((this.current?.manifest.version ?? -1) > version) this.shelve(found.media)
    } catch (error) {
      this.trouble(counter, error)
    }
  }

  /** One look at the store. Trouble is counted and logged; the running release stays. */
  async look(): Promise<void> {
    const {clock} = this.ports
    try {
      const looked = await withDeadline(clock, STORE_PATIENCE_MS, () => this.lookNow())
      if (!looked.ended) throw new Error(`no answer from the store in ${STORE_PATIENCE_MS} ms`)
    } catch (error) {
      this.trouble('look_failed', error)
    }
    if (this.isStale(clock.nowMs())) {
      this.tally.count('stale')
      this.ports.log.warn(
        {lastLookAtMs: this.lastLookMs},
        'the store has not been readable for long; the last release goes on',
      )
    }
  }

  private async lookNow(): Promise<void> {
    const {store, clock} = this.ports
    const signed = await store.readManifest()
    const before = this.current
    if (signed !== null) await this.adopt(signed, (digest) => store.readDocument(digest))
    this.shelve(await store.readMedia())
    this.lastLookMs = clock.nowMs()
    if (this.current?.manifest.version !== before?.manifest.version) this.parts.onAdopted()
    if (!this.isSaved) await this.writeLastGood()
  }

  /** Lays live members over the mirror; an empty list takes nothing away. Throws when no greeter can take them. */
  overlay(picture: LivePicture): void {
    // Compiling a large company takes a moment; most pictures are the same as the one before.
    const text = JSON.stringify(picture)
    if (text === this.liveText) return
    if (this.current !== null)
      this.current = {...this.current, ...this.load(this.current.manifest, this.parsed, picture)}
    this.live = picture
    this.liveText = text
    const unplaced = findUnplaced(this.parsed.mirror, picture.members)
    if (unplaced.length === 0) return
    this.tally.count('live_department_unplaced', unplaced.length)
    this.ports.log.warn(
      {departments: unplaced.length, first: unplaced[0]},
      'the mirror has no place for some live departments; their members keep the departments of the mirror',
    )
  }

  private async adopt(signed: SignedManifest, read: ReadDocument): Promise<void> {
    try {
      const verdict = checkManifest(signed.manifest, {
        isSigned: this.ports.verifyManifest(signed),
        running:
          this.current === null ? null : {manifest: this.current.manifest, signature: this.current.signed.signature},
        signature: signed.signature,
        lineage: this.settings.lineage,
      })
      if (verdict === 'same') return
      if (verdict !== 'newer') throw new ManifestRefused(verdict)
      await this.switchTo(signed, read)
    } catch (error) {
      if (!(error instanceof ManifestRefused)) throw error
      this.tally.count(`refused_${error.reason}`)
      this.ports.log.warn({reason: error.reason}, 'a manifest was refused; the last good release goes on')
    }
  }

  private async switchTo(signed: SignedManifest, read: ReadDocument): Promise<void> {
    const {manifest} = signed
    const documents = new Map<string, string>()
    for (const digest of documentsOf(manifest)) documents.set(digest, await this.readChecked(digest, read))
    // Another look may have been quicker while the documents were read.
    if (this.current !== null && this.current.manifest.version >= manifest.version) return
    const parsed = parseDocuments(manifest, documents, this.settings.corpId)
    const loaded = this.load(manifest, parsed, this.live)
    this.parsed = parsed
    this.documents = documents
    this.current = {signed, manifest, ...loaded, adoptedAtMs: this.ports.clock.nowMs()}
    this.isSaved = false
    this.tally.count('adopted')
    this.ports.log.info(
      {version: manifest.version, stable: manifest.stable, canary: manifest.canary?.digest ?? null},
      'release taken over',
    )
  }

  private async readChecked(digest: string, read: ReadDocument): Promise<string> {
    const text = this.documents.get(digest) ?? (await readOrRefuse(digest, read))
    if (text === null) throw new ManifestRefused('missing-document')
    if (sha256(text) !== digest) throw new ManifestRefused('wrong-digest')
    return text
  }

  private load(
    manifest: Manifest,
    {releases, mirror}: Parsed,
    picture: LivePicture,
  ): Pick<Running, 'stable' | 'canary' | 'directory'> {
    const directory = overlayDirectory(mirror, picture)
    const departmentsOf = createDepartmentFinder(directory)
    const loadOne = (digest: string | null): LoadedRelease | null => {
      const release = digest === null ? undefined : releases.get(digest)
      if (digest === null || release === undefined) return null
      return {digest, release, greeter: this.createGreeter(release, directory), departmentsOf}
    }
    return {
      stable: loadOne(manifest.stable),
      canary: loadOne(manifest.canary?.digest ?? null),
      directory,
    }
  }

  private createGreeter(release: Release, directory: Directory): LoadedRelease['greeter'] {
    try {
      return this.ports.createGreeter(release, directory)
    } catch (error) {
      throw new ManifestRefused('unusable-release', {cause: error})
    }
  }

  private shelve(entries: readonly MediaEntry[]): void {
    if (JSON.stringify(entries) === JSON.stringify(this.mediaEntries)) return
    this.mediaEntries = entries
    this.mediaShelf = createMediaShelf(entries)
    this.isSaved = false
  }

  private async writeLastGood(): Promise<void> {
    if (this.current === null) return
    const documents = Object.fromEntries(this.documents)
    await this.ports.disk.writeLastGood({signed: this.current.signed, documents, media: this.mediaEntries})
    this.isSaved = true
  }

  private trouble(counter: string, error: unknown): void {
    this.tally.count(counter)
    const reason = error instanceof Error ? error.message : String(error)
    this.ports.log.warn({reason}, `${counter.replaceAll('_', ' ')}; the last good release goes on`)
  }
}
