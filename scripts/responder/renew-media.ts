import type {MediaEntry} from '../core/model/plan.js'
import {findMediaNeeds} from '../core/respond/media-shelf.js'
import type {Tally} from '../core/respond/create-tally.js'
import type {ResponderPorts} from './ports.js'
import type {ReleaseKeeper} from './release-keeper.js'

/** Uploads temporary media again before they die (WeCom 90253); far from any welcome, one after the other. */
export async function renewMedia(
  {store, wecom, clock, log}: Pick<ResponderPorts, 'store' | 'wecom' | 'clock' | 'log'>,
  keeper: ReleaseKeeper,
  tally: Tally,
): Promise<void> {
  for (const need of findMediaNeeds(keeper.releases, keeper.media, clock.nowMs())) {
    try {
      const bytes = await store.readAsset(need.sha256)
      if (bytes === null) throw new Error('the store has no such asset')
      const value = await wecom.sendMedia(need, bytes)
      const entry: MediaEntry = {
        sha256: need.sha256,
        use: need.use,
        value,
        uploadedAtMs: clock.nowMs(),
        ...(need.use === 'file' ? {name: need.fileName} : {}),
      }
      await store.writeMedia([entry])
      tally.count('media_renewed')
    } catch (error) {
      tally.count('media_renewal_failed')
      log.error(
        {asset: need.sha256.slice(0, 12), reason: error instanceof Error ? error.message : String(error)},
        'a medium could not be renewed; its part will be left out when it dies',
      )
    }
  }
}
