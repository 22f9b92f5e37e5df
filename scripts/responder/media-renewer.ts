import {sha256} from '../core/model/canonical.js'
import {findMediaNeeds, type MediaNeed} from '../core/respond/media-shelf.js'
import type {Tally} from '../core/respond/create-tally.js'
import type {ResponderPorts} from './ports.js'
import type {ReleaseKeeper} from './release-keeper.js'

/** Uploads temporary media again before they die, far from any send. A failure is told and tried again next round. */
export async function renewMedia(
  ports: Pick<ResponderPorts, 'clock' | 'store' | 'wecom' | 'log'>,
  keeper: Pick<ReleaseKeeper, 'releases' | 'media'>,
  tally: Tally,
): Promise<void> {
  for (const need of findMediaNeeds(keeper.releases, keeper.media, ports.clock.nowMs())) {
    try {
      await renewOne(ports, need)
      tally.count('media_renewed')
    } catch (error) {
      tally.count('media_renewal_failed')
      const reason = error instanceof Error ? error.message : String(error)
      ports.log.error({sha256: need.sha256, use: need.use, reason}, 'a medium could not be uploaded again')
    }
  }
}

async function renewOne(
  {clock, store, wecom}: Pick<ResponderPorts, 'clock' | 'store' | 'wecom'>,
  need: MediaNeed,
): Promise<void> {
  const bytes = await store.readAsset(need.sha256)
  if (bytes === null) throw new Error('the store has no such asset')
  if (sha256(bytes) !== need.sha256) throw new Error('the stored asset does not fit its digest')
  const value = await wecom.sendMedia(need, bytes)
  const name = need.use === 'file' ? {name: need.fileName} : {}
  await store.writeMedia([{sha256: need.sha256, use: need.use, value, uploadedAtMs: clock.nowMs(), ...name}])
}
