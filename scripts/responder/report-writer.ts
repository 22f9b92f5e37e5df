import type {ResponderReport} from '../core/model/outcome.js'
import type {Tally} from '../core/respond/create-tally.js'
import type {ResponderPorts} from './ports.js'
import type {ReleaseKeeper} from './release-keeper.js'
import {type ResponderSettings, STORE_PATIENCE_MS} from './settings.js'
import {withDeadline} from './with-deadline.js'

interface ReportParts {
  readonly ports: Pick<ResponderPorts, 'clock' | 'store' | 'log'>
  readonly settings: Pick<ResponderSettings, 'responder'>
  readonly keeper: Pick<ReleaseKeeper, 'running'>
  readonly tally: Tally
}

/** Keeps this responder's report in the store up to date; a store that does not answer costs nobody a welcome. */
export class ReportWriter {
  private isChanged = true
  private written = ''

  constructor(private readonly parts: ReportParts) {}

  current(): ResponderReport {
    const {ports, settings, keeper, tally} = this.parts
    const {running} = keeper
    return tally.report({
      responder: settings.responder,
      atMs: ports.clock.nowMs(),
      manifestVersion: running?.manifest.version ?? 0,
      stable: running?.manifest.stable ?? null,
      canary: running?.manifest.canary?.digest ?? null,
    })
  }

  /** Goes on counting from what an earlier run reported. */
  async restore(): Promise<void> {
    const {ports, settings, tally} = this.parts
    try {
      const found = await withDeadline(ports.clock, STORE_PATIENCE_MS, () => ports.store.readReports())
      if (!found.ended) throw new Error(`no answer from the store in ${STORE_PATIENCE_MS} ms`)
      const own = found.value.find(({responder}) => responder === settings.responder)
      if (own !== undefined) tally.restore(own)
    } catch (error) {
      this.trouble('report_restore_failed', error)
    }
  }

  /** A sign of life is due even if nothing was counted. */
  touch(): void {
    this.isChanged = true
  }

  async writeIfChanged(): Promise<void> {
    if (this.isChanged || this.fingerprint() !== this.written) await this.write()
  }

  async write(): Promise<void> {
    this.isChanged = false
    const written = this.fingerprint()
    try {
      const {clock, store} = this.parts.ports
      const done = await withDeadline(clock, STORE_PATIENCE_MS, () => store.writeReport(this.current()))
      if (!done.ended) throw new Error(`no answer from the store in ${STORE_PATIENCE_MS} ms`)
      this.written = written
    } catch (error) {
      this.isChanged = true
      this.trouble('report_failed', error)
    }
  }

  private fingerprint(): string {
    const {tally, keeper} = this.parts
    return `${tally.changes}:${keeper.running?.manifest.version ?? 0}`
  }

  private trouble(counter: string, error: unknown): void {
    const {ports, tally} = this.parts
    tally.count(counter)
    ports.log.warn({reason: error instanceof Error ? error.message : String(error)}, counter.replaceAll('_', ' '))
  }
}
