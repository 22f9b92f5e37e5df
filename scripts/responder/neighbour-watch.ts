import type {ResponderReport} from '../core/model/outcome.js'
import type {State} from '../core/model/plan.js'
import type {SignedManifest} from '../core/model/release.js'
import type {Tally} from '../core/respond/create-tally.js'
import {type ContactCode, contactCodesOf} from '../core/respond/find-leavers.js'
import {createVersionWatch, type VersionsNow} from '../core/respond/watch-versions.js'
import {describeTrouble, TooLate} from './describe-trouble.js'
import type {ResponderPorts} from './ports.js'
import {runLoop} from './run-loop.js'
import {STORE_PATIENCE_MS} from './settings.js'
import {withDeadline} from './with-deadline.js'

/** Reports of a large company are megabytes; what is looked for lasts minutes. */
export const NEIGHBOURS_EVERY_MS = 2 * 60_000

interface WatchParts {
  readonly ports: Pick<ResponderPorts, 'clock' | 'random' | 'log'>
  readonly tally: Pick<Tally, 'count'>
  readonly store: {
    readManifest(): Promise<SignedManifest | null>
    readReports(): Promise<readonly ResponderReport[]>
    /** Absent where the state is not at hand: then no leavers are found in codes. */
    readonly readState?: () => Promise<Pick<State, 'resources'>>
  }
}

/** What the store says of the other responders and of the codes customers scan. Nobody waits for it. */
export class NeighbourWatch {
  private readonly watch = createVersionWatch()
  private known: readonly ContactCode[] = []

  constructor(private readonly parts: WatchParts) {}

  /** Contact codes as last applied. */
  get codes(): readonly ContactCode[] {
    return this.known
  }

  /** `null` while all responders run what is published, as far as was seen. */
  versions(nowMs: number): VersionsNow | null {
    return this.watch.at(nowMs)
  }

  /** Rounds until the signal, the first at once. */
  async run(signal: AbortSignal): Promise<void> {
    await this.look()
    await runLoop(this.parts.ports, NEIGHBOURS_EVERY_MS, signal, () => this.look())
  }

  async look(): Promise<void> {
    const {ports, store, tally} = this.parts
    try {
      const read = await withDeadline(ports.clock, STORE_PATIENCE_MS, async () => {
        const [signed, reports, state] = await Promise.all([
          store.readManifest(),
          store.readReports(),
          store.readState?.() ?? null,
        ])
        return {published: signed?.manifest.version ?? null, reports, state}
      })
      if (!read.ended) throw new TooLate(`no answer from the store in ${STORE_PATIENCE_MS} ms`)
      const {published, reports, state} = read.value
      this.watch.note(published, reports, ports.clock.nowMs())
      if (state !== null) this.known = contactCodesOf(state)
    } catch (error) {
      tally.count('neighbours_failed')
      ports.log.warn(describeTrouble(error), 'what the other responders run cannot be read')
    }
  }
}
