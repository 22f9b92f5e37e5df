import {sha256} from '../core/model/canonical.js'
import type {Release} from '../core/model/release.js'
import type {Tally} from '../core/respond/create-tally.js'
import {findMediaNeeds, type MediaNeed, type MediaShelf} from '../core/respond/media-shelf.js'
import type {ResponderPorts} from './ports.js'
import {jitteredMs, pause} from './run-loop.js'
import type {ShareKeeper} from './share-keeper.js'

interface RenewerParts {
  readonly ports: Pick<ResponderPorts, 'clock' | 'random' | 'store' | 'wecom' | 'log'>
  readonly share: Pick<ShareKeeper, 'takeTask'>
  readonly tally: Tally
  readonly scope: () => {readonly releases: readonly Release[]; readonly shelf: MediaShelf}
}

/** Of several responders one uploads a medium; should it fail, another may after so long. */
const TURN_MS = 5 * 60_000

/**
 * Uploads temporary media a release needs as soon as the release is taken over, and again before they die, far from any
 * send. A failure is told and tried again next round.
 */
export class MediaRenewer {
  private alarm = new AbortController()
  private isWanted = true

  constructor(private readonly parts: RenewerParts) {}

  /** Something new is to be said: what it needs is uploaded now and not with the next round. */
  wake(): void {
    this.isWanted = true
    this.alarm.abort()
  }

  /** Rounds until the signal. */
  async run(everyMs: number, signal: AbortSignal): Promise<void> {
    const {clock, random} = this.parts.ports
    signal.addEventListener('abort', () => this.alarm.abort(), {once: true})
    while (!signal.aborted) {
      if (!this.isWanted) await pause(clock, jitteredMs(everyMs, random.fraction()), this.alarm.signal)
      if (signal.aborted) return
      this.isWanted = false
      this.alarm = new AbortController()
      await this.renew(clock.nowMs())
    }
  }

  private async renew(nowMs: number): Promise<void> {
    const {scope, share, tally, ports} = this.parts
    const {releases, shelf} = scope()
    for (const need of findMediaNeeds(releases, shelf, nowMs)) {
      if (!(await share.takeTask(`media:${need.use}:${need.sha256}:${need.fileName}`, TURN_MS))) continue
      try {
        await this.renewOne(need)
        tally.count('media_renewed')
      } catch (error) {
        tally.count('media_renewal_failed')
        const reason = error instanceof Error ? error.message : String(error)
        ports.log.error({sha256: need.sha256, use: need.use, reason}, 'a medium could not be uploaded again')
      }
    }
  }

  private async renewOne(need: MediaNeed): Promise<void> {
    const {clock, store, wecom} = this.parts.ports
    const bytes = await store.readAsset(need.sha256)
    if (bytes === null) throw new Error('the store has no such asset')
    if (sha256(bytes) !== need.sha256) throw new Error('the stored asset does not fit its digest')
    const value = await wecom.sendMedia(need, bytes)
    const name = need.use === 'file' ? {name: need.fileName} : {}
    await store.writeMedia([{sha256: need.sha256, use: need.use, value, uploadedAtMs: clock.nowMs(), ...name}])
  }
}
