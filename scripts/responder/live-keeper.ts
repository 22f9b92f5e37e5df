import type {Tally} from '../core/respond/create-tally.js'
import {isTooOld, nextReadAtMs, retryAfterMs, type LiveTimes} from '../core/respond/live-due.js'
import type {LivePicture} from '../core/respond/overlay-directory.js'
import {describeTrouble, TooLate} from './describe-trouble.js'
import type {ResponderPorts} from './ports.js'
import type {ReleaseKeeper} from './release-keeper.js'
import {jitteredMs, pause} from './run-loop.js'
import type {ResponderSettings} from './settings.js'
import {withDeadline} from './with-deadline.js'

interface LiveParts {
  readonly ports: Pick<ResponderPorts, 'clock' | 'random' | 'log' | 'fetchLivePicture'>
  readonly settings: Pick<ResponderSettings, 'liveEveryMs' | 'liveTimeoutMs' | 'liveFirstWaitMs'>
  readonly keeper: Pick<ReleaseKeeper, 'overlay'>
  readonly tally: Tally
}

type Fetch = NonNullable<ResponderPorts['fetchLivePicture']>

/** A visible range made smaller sends an event for everybody who fell out of it; nobody is asked about them all. */
const MAX_SUSPECTS = 1000

/**
 * Keeps the live directory fresh: at the start, at its regular pace, and soon after WeCom says that somebody moved. No
 * welcome waits for it; a read that fails leaves the last picture in force and is tried again.
 */
export class LiveKeeper {
  private readAtMs: number | null = null
  /** The age counts from here until something was read. */
  private startedAtMs: number | null = null
  private isAgeTold = false
  private refusedTold = ''
  private times: LiveTimes = {lastEndMs: 0, regularMs: 0, events: null}
  private failures = 0
  /** Members who may have left, and those who have: to be asked about, since a leaver is in no list. */
  private suspects: ReadonlySet<string> = new Set()
  private running: Promise<void> = Promise.resolve()
  private alarm = new AbortController()

  constructor(private readonly parts: LiveParts) {}

  /** How old the picture in force is; `null` while there is none. */
  ageMs(nowMs: number): number | null {
    return this.readAtMs === null ? null : nowMs - this.readAtMs
  }

  /** False when no live directory is wanted. */
  isTooOld(nowMs: number): boolean {
    const sinceMs = this.readAtMs ?? this.startedAtMs
    return sinceMs !== null && isTooOld(sinceMs, nowMs)
  }

  /** Reports a directory that got too old, once until one is read again. */
  tellAge(): void {
    const {ports, tally} = this.parts
    const nowMs = ports.clock.nowMs()
    if (!this.isTooOld(nowMs)) return void (this.isAgeTold = false)
    if (this.isAgeTold) return
    this.isAgeTold = true
    tally.count('live_directory_too_old')
    ports.log.error(
      {ageMs: this.ageMs(nowMs)},
      'the live directory is too old: who moved is answered for where he was; see the failures before this',
    )
  }

  /** Begins the first read and waits for it, but not long; then it goes on until the signal. */
  async start(signal: AbortSignal): Promise<void> {
    const {ports, settings} = this.parts
    const {fetchLivePicture} = ports
    if (fetchLivePicture === undefined) return
    this.startedAtMs = ports.clock.nowMs()
    const first = this.read(fetchLivePicture, signal)
    this.running = this.run(first, fetchLivePicture, signal)
    await withDeadline(ports.clock, settings.liveFirstWaitMs, () => first)
  }

  /** Resolves when the signal has ended it. */
  get ended(): Promise<void> {
    return this.running
  }

  /** Somebody came, moved or left; `suspect` is the member who may have left. */
  noteEvent(suspect: string | null): void {
    if (suspect !== null && suspect !== '') this.suspects = new Set([...this.suspects, suspect].slice(-MAX_SUSPECTS))
    const nowMs = this.parts.ports.clock.nowMs()
    this.times = {...this.times, events: {firstMs: this.times.events?.firstMs ?? nowMs, lastMs: nowMs}}
    this.wake()
  }

  private wake(): void {
    this.alarm.abort()
    this.alarm = new AbortController()
  }

  private async run(first: Promise<void>, fetch: Fetch, signal: AbortSignal): Promise<void> {
    const {clock} = this.parts.ports
    signal.addEventListener('abort', () => this.wake(), {once: true})
    await first
    while (!signal.aborted) {
      const waitMs = nextReadAtMs(this.times) - clock.nowMs()
      // Ends early when something happened.
      if (waitMs > 0) await pause(clock, waitMs, this.alarm.signal)
      else await this.read(fetch, signal)
    }
  }

  private async read(fetch: Fetch, stopping: AbortSignal): Promise<void> {
    const {ports, settings, keeper, tally} = this.parts
    const startedMs = ports.clock.nowMs()
    const asked = this.suspects
    this.times = {...this.times, events: null}
    try {
      const read = await withDeadline(ports.clock, settings.liveTimeoutMs, (tooLate) =>
        fetch([...asked], AbortSignal.any([tooLate, stopping])),
      )
      if (!read.ended) throw new TooLate(`no whole picture in ${settings.liveTimeoutMs} ms`)
      keeper.overlay(read.value)
      this.readAtMs = startedMs
      this.failures = 0
      tally.count('live_directory_read')
      this.forgetPresent(asked, read.value)
      this.tellRefused(read.value)
      this.planNext(startedMs + jitteredMs(settings.liveEveryMs, ports.random.fraction()))
    } catch (error) {
      if (stopping.aborted) return
      this.failures += 1
      tally.count('live_directory_failed')
      ports.log.warn(
        {...describeTrouble(error), ageMs: this.ageMs(ports.clock.nowMs())},
        'the live directory could not be read; the last one goes on',
      )
      this.planNext(ports.clock.nowMs() + retryAfterMs(this.failures, settings.liveEveryMs))
    }
  }

  /** Who has left or is disabled is asked about every time: without that the mirror would bring him back. */
  private forgetPresent(asked: ReadonlySet<string>, {members}: LivePicture): void {
    const absent = new Set(members.filter(({status = 'active'}) => status !== 'active').map(({id}) => id.toLowerCase()))
    this.suspects = new Set([...this.suspects].filter((id) => !asked.has(id) || absent.has(id.toLowerCase())))
  }

  /** What the app may not see, told when it changes. */
  private tellRefused({refused}: LivePicture): void {
    const told = refused.join(', ')
    if (told === this.refusedTold) return
    this.refusedTold = told
    this.parts.tally.count('live_directory_partly')
    this.parts.ports.log.warn({refused}, 'WeCom does not show this app everything; there the mirror stands')
  }

  private planNext(regularMs: number): void {
    this.times = {...this.times, lastEndMs: this.parts.ports.clock.nowMs(), regularMs}
  }
}
