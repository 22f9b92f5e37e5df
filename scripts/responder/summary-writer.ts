import {addDays as laterDate, type Zone} from '../core/model/zone.js'
import type {ResponderReport} from '../core/model/outcome.js'
import type {Tally} from '../core/respond/create-tally.js'
import {addDays} from '../core/respond/day-totals.js'
import {renderSummary} from '../core/respond/render-summary.js'
import {describeTrouble, TooLate} from './describe-trouble.js'
import type {ResponderPorts} from './ports.js'
import {pause} from './run-loop.js'
import {STORE_PATIENCE_MS} from './settings.js'
import type {ShareKeeper} from './share-keeper.js'
import {withDeadline} from './with-deadline.js'

const ROBOT_PATIENCE_MS = 10_000
/** Whoever took the turn and told nothing loses it after so long. */
export const TURN_MS = 3_600_000
export const RETRY_AFTER_MS = 5 * 60_000
/** A clock that was corrected is noticed within so long. */
const LONGEST_SLEEP_MS = 60_000
/** Later than this a first start has nothing to tell of a day it did not see. */
const LATE_AFTER_MS = 3_600_000

interface WriterParts {
  readonly ports: Pick<ResponderPorts, 'clock' | 'log' | 'store' | 'tellOperators'>
  readonly share: Pick<ShareKeeper, 'takeTask'>
  readonly tally: Pick<Tally, 'count' | 'noteSummary' | 'summaryTold'>
  /** Our own report as it is now; the stored one may be a second behind. */
  readonly ownReport: () => ResponderReport
  readonly zone: Zone
  /** `HH:MM` in that zone. */
  readonly at: string
}

/**
 * Tells yesterday's numbers of all responders once a day. One of them does it; whoever starts after the hour sees in the
 * reports that it was done.
 */
export class SummaryWriter {
  private retryMs = 0
  private turn: {readonly date: string; readonly sinceMs: number} | null = null

  constructor(private readonly parts: WriterParts) {}

  /** Rounds until the signal. Ends at once when there is nobody to tell. */
  async run(signal: AbortSignal): Promise<void> {
    const {clock, tellOperators} = this.parts.ports
    if (tellOperators === undefined) return
    while (!signal.aborted) {
      const nowMs = clock.nowMs()
      const waitMs = this.nextMs(nowMs) - nowMs
      if (waitMs <= 0) await this.tellYesterday(tellOperators)
      else await pause(clock, Math.min(waitMs, LONGEST_SLEEP_MS), signal)
    }
  }

  /** When the next summary is due; in the past when today's was not told. */
  private nextMs(nowMs: number): number {
    const {tally, zone} = this.parts
    const {date} = zone.localTime(nowMs)
    const isTold = (tally.summaryTold ?? '') >= laterDate(date, -1)
    return Math.max(this.retryMs, this.dueMs(isTold ? laterDate(date, 1) : date))
  }

  private dueMs(date: string): number {
    const [hour = 0, minute = 0] = this.parts.at.split(':').map(Number)
    return this.parts.zone.instantOf(date, hour * 3600 + minute * 60)
  }

  private async tellYesterday(tellOperators: NonNullable<ResponderPorts['tellOperators']>): Promise<void> {
    const {ports, tally, zone} = this.parts
    const nowMs = ports.clock.nowMs()
    const today = zone.localTime(nowMs).date
    const date = laterDate(today, -1)
    this.retryMs = nowMs + RETRY_AFTER_MS
    try {
      const reports = await this.readReports()
      const isLate = nowMs - this.dueMs(today) > LATE_AFTER_MS
      if (reports.some(({summaryTold = ''}) => summaryTold >= date) || (isLate && !speaksOf(reports, date)))
        return tally.noteSummary(date)
      if (!(await this.takeTurn(date))) return
      const told = await withDeadline(ports.clock, ROBOT_PATIENCE_MS, () => tellOperators(summaryOf(reports, date).zh))
      if (!told.ended) throw new TooLate(`no answer from the robot in ${ROBOT_PATIENCE_MS} ms`)
      tally.noteSummary(date)
      tally.count('summary_told')
    } catch (error) {
      tally.count('summary_failed')
      ports.log.warn(describeTrouble(error), "yesterday's numbers could not be told; tried again")
    }
  }

  /** A turn taken before the robot failed is still ours. */
  private async takeTurn(date: string): Promise<boolean> {
    const nowMs = this.parts.ports.clock.nowMs()
    if (this.turn?.date === date && nowMs - this.turn.sinceMs < TURN_MS) return true
    if (!(await this.parts.share.takeTask(`summary:${date}`, TURN_MS))) return false
    this.turn = {date, sinceMs: nowMs}
    return true
  }

  private async readReports(): Promise<readonly ResponderReport[]> {
    const {clock, store} = this.parts.ports
    const read = await withDeadline(clock, STORE_PATIENCE_MS, () => store.readReports())
    if (!read.ended) throw new TooLate(`no answer from the store in ${STORE_PATIENCE_MS} ms`)
    const own = this.parts.ownReport()
    return [...read.value.filter(({responder}) => responder !== own.responder), own]
  }
}

const speaksOf = (reports: readonly ResponderReport[], date: string): boolean =>
  reports.some(({days = []}) => days.some((day) => day.date === date))

function summaryOf(reports: readonly ResponderReport[], date: string) {
  const seen = reports.filter(({days = []}) => days.some((day) => day.date === date))
  const [canary = null] = reports.flatMap((report) => report.canary?.slice(0, 12) ?? [])
  return renderSummary({
    totals: addDays(
      date,
      seen.flatMap(({days = []}) => days),
    ),
    responders: seen.length,
    canary,
  })
}
