import type {MediaEntry, MediaValue} from '../../core/model/plan.js'
import {findPictureRefusal} from '../../core/apply/picture-quota.js'
import type {Clock, Store, UploadFile, WeComWriter} from '../../core/ports.js'
import {StepFailed} from './step-tools.js'

/** A media id lives three days (90253); one older than this is not given to anything that is made now. */
const RENEW_AFTER_MS = 48 * 3_600_000

export interface MediaDesk {
  /** Uploads content nobody has uploaded, or whose media id dies soon; each content once a run. */
  ready(value: MediaValue): Promise<MediaEntry>
}

export interface MediaDeskPorts {
  readonly writer: Pick<WeComWriter, 'uploadPicture' | 'uploadMedia'>
  readonly store: Pick<Store, 'readMedia' | 'writeMedia' | 'readAsset'>
  readonly clock: Pick<Clock, 'nowMs'>
  /** By content, for the upload's declared type. */
  readonly mimeOf: (sha256: string) => string | null
}

export function createMediaDesk({writer, store, clock, mimeOf}: MediaDeskPorts): MediaDesk {
  const underway = new Map<string, Promise<MediaEntry>>()
  let uploading = 0

  /** Counts itself before it begins, so that several at once do not all see the last place. */
  async function uploadPicture(file: UploadFile, known: readonly MediaEntry[]): Promise<string> {
    const refusal = findPictureRefusal(known, uploading, clock.nowMs())
    if (refusal !== null) throw new StepFailed(refusal)
    uploading += 1
    try {
      return await writer.uploadPicture(file)
    } finally {
      uploading -= 1
    }
  }

  async function ready(value: MediaValue): Promise<MediaEntry> {
    const known = await store.readMedia()
    const usable = known.find((entry) => isUsable(entry, value, clock.nowMs()))
    if (usable) return usable
    const bytes = await store.readAsset(value.sha256)
    if (!bytes)
      throw new StepFailed({zh: `存储里没有素材 ${value.file}`, en: `the store does not hold the asset ${value.file}`})
    const name = value.name ?? value.file.slice(value.file.lastIndexOf('/') + 1)
    const file = {bytes, name, mime: mimeOf(value.sha256)}
    const id = value.use === 'picture' ? await uploadPicture(file, known) : await writer.uploadMedia(value.use, file)
    const {sha256, use} = value
    const entry: MediaEntry = {
      sha256,
      use,
      value: id,
      uploadedAtMs: clock.nowMs(),
      ...(value.name === undefined ? {} : {name: value.name}),
    }
    await store.writeMedia([entry])
    return entry
  }

  return {
    ready(value) {
      const key = `${value.use} ${value.sha256} ${value.name ?? ''}`
      const begun = underway.get(key) ?? ready(value)
      underway.set(key, begun)
      return begun
    },
  }
}

function isUsable(entry: MediaEntry, value: MediaValue, nowMs: number): boolean {
  if (entry.sha256 !== value.sha256 || entry.use !== value.use) return false
  if (entry.name !== undefined && value.name !== undefined && entry.name !== value.name) return false
  return entry.use === 'picture' || nowMs - entry.uploadedAtMs <= RENEW_AFTER_MS
}
