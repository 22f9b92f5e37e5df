import {digestOf} from '../model/canonical.js'
import type {Asset} from '../model/config.js'
import type {MediaEntry, MediaValue, Step} from '../model/plan.js'
import type {Attachment} from '../model/written.js'
import {byText, type PlanPart} from './plan-part.js'

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/**
 * What must be uploaded before an attachment can be sent: pictures and link covers as URLs that never expire (90256), the
 * rest as media of their kind (90253). `null` where the file is missing, which validate has refused.
 */
export function mediaNeeds(attachment: Attachment, assets: ReadonlyMap<string, Asset>): MediaValue | null {
  const media = (file: string, use: MediaValue['use'], name?: string): MediaValue | null => {
    const asset = assets.get(file)
    return asset ? {use, sha256: asset.sha256, file, ...(name === undefined ? {} : {name})} : null
  }
  switch (attachment.type) {
    case 'image':
      return media(attachment.file, 'picture')
    case 'link':
      return attachment.cover && !attachment.cover.includes('://') ? media(attachment.cover, 'picture') : null
    case 'miniprogram':
      return media(attachment.cover, 'image')
    case 'video':
      return media(attachment.file, 'video')
    case 'file':
      return media(attachment.file, 'file', attachment.name ?? fileName(attachment.file))
  }
}

/** One upload for one content, use and name, whatever the number of paths and attachments. */
export const mediaKey = ({use, sha256, name}: Pick<MediaValue, 'use' | 'sha256' | 'name'>): string =>
  `media/${use}/${digestOf({sha256, name: name ?? null}).slice(0, 16)}`

/** An entry without a name fits any: whoever renewed it kept the content. */
const fits = (entry: MediaEntry, value: MediaValue): boolean =>
  entry.sha256 === value.sha256 &&
  entry.use === value.use &&
  (entry.name === undefined || value.name === undefined || entry.name === value.name)

/** Uploads that nobody has made yet. Renewing media older than its three days is the responder's, not the plan's. */
export function mediaSteps(needs: readonly MediaValue[], media: readonly MediaEntry[]): PlanPart {
  const registry = new Map<string, MediaEntry[]>()
  for (const entry of media) registry.set(entry.sha256, [...(registry.get(entry.sha256) ?? []), entry])
  const missing = new Map<string, MediaValue>()
  for (const value of [...needs].sort((a, b) => byText(a.file, b.file))) {
    const key = mediaKey(value)
    if (!missing.has(key) && !registry.get(value.sha256)?.some((entry) => fits(entry, value))) missing.set(key, value)
  }
  const steps = [...missing].map(([key, value]): Step => ({
    key,
    kind: 'media',
    id: key.slice('media/'.length),
    action: 'create',
    phase: 'expand',
    before: null,
    after: value,
    needs: [],
    calls: {[value.use === 'picture' ? 'media/uploadimg' : 'media/upload']: 1},
  }))
  return {steps, notes: []}
}
