import {attachmentFiles} from '../../core/model/attachment-files.js'
import {sha256} from '../../core/model/canonical.js'
import type {MediaValue, Step} from '../../core/model/plan.js'
import type {Store} from '../../core/ports.js'
import type {PlanSources} from '../plan.js'

export interface ContentPorts {
  readonly store: Pick<Store, 'writeDocument' | 'writeAsset'>
  /** Bytes of a file by its path under the configuration folder. */
  readonly readAssetFile: (path: string) => Promise<Uint8Array>
}

/** Puts into the store what responders fetch by digest: release, directory and files. Nothing points there yet. */
export async function storeContents(
  {store, readAssetFile}: ContentPorts,
  {release, config}: Pick<PlanSources, 'release' | 'config'>,
  texts: {readonly release: string; readonly directory: string},
  steps: readonly Step[],
): Promise<void> {
  await store.writeDocument(sha256(texts.release), texts.release)
  await store.writeDocument(sha256(texts.directory), texts.directory)
  const uploads = steps.flatMap(({kind, after}) => (kind === 'media' ? [(after as MediaValue).file] : []))
  const attached = [...config.groupWelcomes.values()].flatMap(({value}) =>
    value.attachment ? attachmentFiles(value.attachment) : [],
  )
  for (const path of new Set([...Object.keys(release.assets), ...uploads, ...attached])) {
    const asset = config.assets.get(path)
    if (asset) await store.writeAsset(asset.sha256, await readAssetFile(path))
  }
}
