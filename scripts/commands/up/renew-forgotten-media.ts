import {basename} from 'node:path'
import {createWeComWriter} from '../../wecom/create-wecom-writer.js'
import type {Run} from './stages.js'

/**
 * Uploads every medium and picture again. A sandbox that was killed may have forgotten the last ones it was given, and a
 * release that names what WeCom does not know looks like a bad release to the canary.
 */
export async function renewForgottenMedia({store, clock, client, config}: Run): Promise<void> {
  const writer = createWeComWriter(client)
  const assets = new Map([...config.assets.values()].map((asset) => [asset.sha256, asset]))
  for (const entry of await store.readMedia()) {
    const asset = assets.get(entry.sha256)
    const bytes = await store.readAsset(entry.sha256)
    if (!asset || !bytes) continue
    const file = {bytes, name: entry.name ?? basename(asset.path), mime: asset.mime}
    const value = entry.use === 'picture' ? await writer.uploadPicture(file) : await writer.uploadMedia(entry.use, file)
    await store.writeMedia([{...entry, value, uploadedAtMs: clock.nowMs()}])
  }
}
