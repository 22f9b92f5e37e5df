import {setMaxListeners} from 'node:events'
import PQueue from 'p-queue'
import TinyQueue from 'tinyqueue'
import type {ResponderPorts} from './ports.js'

/** `no-room`: the quota had none until it was too late. `no-place`: all places were taken until then. */
export type Turn<T> =
  {readonly came: true; readonly value: T} | {readonly came: false; readonly why: 'no-room' | 'no-place'}

interface Job {
  readonly lastStartMs: number
  begin(): Promise<void>
  giveUp(why: 'no-room' | 'no-place'): void
}

/**
 * Who sends next: of all that wait, the one whose time ends first, chosen at the very moment when there are a place and room
 * in the quota. As long as anybody's time is not over, no room goes unused. Whoever's turn does not come in time is told so.
 */
export class SendDesk {
  private readonly waiting = new TinyQueue<Job>([], (a, b) => a.lastStartMs - b.lastStartMs)
  private readonly turns: PQueue
  private readonly closing = new AbortController()
  private awaitingRoom = 0
  private alarm: {readonly atMs: number; readonly stop: AbortController} | null = null

  constructor(
    private readonly ports: Pick<ResponderPorts, 'clock'> & {readonly wecom: Pick<ResponderPorts['wecom'], 'takeRoom'>},
    places: number,
  ) {
    this.turns = new PQueue({concurrency: places})
    // Every place may wait for room with an ear on it.
    setMaxListeners(0, this.closing.signal)
  }

  /** Sends that wait for a place or for room. */
  get waitingCount(): number {
    return this.waiting.length
  }

  get inFlight(): number {
    return this.turns.pending - this.awaitingRoom
  }

  /** @param lastStartMs the last instant at which `send` may still begin */
  run<T>(lastStartMs: number, send: () => Promise<T>): Promise<Turn<T>> {
    return new Promise((resolve, reject) => {
      const job: Job = {
        lastStartMs,
        begin: () => send().then((value) => resolve({came: true, value}), reject),
        giveUp: (why) => resolve({came: false, why}),
      }
      this.waiting.push(job)
      this.wakeAt(lastStartMs + 1)
      void this.turns.add(() => this.takeTurn())
    })
  }

  /** Nobody waits for room any more. */
  close(): void {
    this.closing.abort()
    this.alarm?.stop.abort()
  }

  private async takeTurn(): Promise<void> {
    this.dropOver()
    if (this.waiting.length === 0) return
    this.awaitingRoom += 1
    const hasRoom = await this.ports.wecom.takeRoom(this.closing.signal).finally(() => (this.awaitingRoom -= 1))
    this.dropOver()
    const job = hasRoom ? this.waiting.pop() : undefined
    if (job === undefined) return
    await job.begin()
  }

  /** Takes out those whose time is over, and tells them. */
  private dropOver(): void {
    const nowMs = this.ports.clock.nowMs()
    for (let next = this.waiting.peek(); next !== undefined && next.lastStartMs < nowMs; next = this.waiting.peek()) {
      this.waiting.pop()
      next.giveUp(this.awaitingRoom > 0 ? 'no-room' : 'no-place')
    }
  }

  /** One alarm for all: at the end of the time that ends first. */
  private wakeAt(atMs: number): void {
    if (this.alarm !== null && this.alarm.atMs <= atMs) return
    this.alarm?.stop.abort()
    const alarm = {atMs, stop: new AbortController()}
    this.alarm = alarm
    const ring = (): void => {
      if (this.alarm !== alarm) return
      this.alarm = null
      if (alarm.stop.signal.aborted) return
      this.dropOver()
      const next = this.waiting.peek()
      if (next !== undefined) this.wakeAt(next.lastStartMs + 1)
    }
    this.ports.clock.sleep(Math.max(0, atMs - this.ports.clock.nowMs()), alarm.stop.signal).then(ring, ring)
  }
}
