import {randomBytes} from 'node:crypto'
import {encryptMessage, signEnvelope} from './callback-crypto.js'
import {renderEnvelope} from './callback-xml.js'
import {HttpPusher} from './http-push.js'
import type {SandboxClock} from './clock.js'
import type {SandboxSettings} from './settings.js'
import type {AppRecord, CallbackTarget} from './state-organization.js'

interface OutgoingEvent {
  app: AppRecord
  plaintext: string
}

export type Delivery = 'delivered' | 'failed' | 'lost'

interface Counts {
  events: number
  delivered: number
  failed: number
  lost: number
  pushes: number
  duplicates: number
}

/**
 * Pushes events to the apps' callback URLs as the platform does: 5 s patience, three repeats, encrypted anew each time with
 * another nonce. Loss, duplication, delay and reordering are switched on by settings; they hit every n-th event, not random ones, so
 * that a failing test can be run again.
 */
export class CallbackOutbox {
  private readonly pusher = new HttpPusher()
  private waiting: (() => void)[] = []
  private group: (() => void)[] = []
  private inFlight = 0
  private closed = false
  private counts: Counts = {events: 0, delivered: 0, failed: 0, lost: 0, pushes: 0, duplicates: 0}

  constructor(
    private readonly corpid: () => string,
    private readonly settings: () => SandboxSettings,
    private readonly clock: SandboxClock,
    private readonly pause: (ms: number) => Promise<void>,
  ) {}

  read(): Counts & {inFlight: number; queued: number} {
    return {...this.counts, inFlight: this.inFlight, queued: this.waiting.length + this.group.length}
  }

  /** Resolves when the event was taken, given up, or lost. An app without a callback URL gets nothing. */
  async send(event: OutgoingEvent): Promise<Delivery | 'no-callback'> {
    const target = event.app.callback
    if (target === undefined) return 'no-callback'
    const settings = this.settings()
    this.counts.events += 1
    const number = this.counts.events
    if (settings.callbackLoseEvery > 0 && number % settings.callbackLoseEvery === 0) {
      this.counts.lost += 1
      return 'lost'
    }
    await this.waitForGroup(settings.callbackReorderGroup)
    await this.pause(settings.callbackDelayMs)
    const delivery = await this.pushUntilTaken(event, target)
    if (settings.callbackDuplicateEvery > 0 && number % settings.callbackDuplicateEvery === 0) {
      this.counts.duplicates += 1
      await this.pushUntilTaken(event, target)
    }
    this.counts[delivery] += 1
    return delivery
  }

  /** The check WeCom makes when the URL is saved: GET with an encrypted echostr, to be answered with its text in 1 s. */
  async verifyUrl(target: CallbackTarget): Promise<{ok: boolean; status: number; elapsedMs: number}> {
    const echo = String(randomBytes(6).readUIntBE(0, 6))
    const encrypted = encryptMessage(echo, {aesKey: target.aesKey, receiveId: this.corpid()})
    const url = this.signedUrl(target, encrypted)
    url.search += `&echostr=${encodeURIComponent(encrypted)}`
    const answer = await this.pusher.push('GET', url, '', 1000)
    return {
      ok: answer.status === 200 && answer.body === echo,
      status: answer.status,
      elapsedMs: Math.round(answer.elapsedMs),
    }
  }

  /** Lets events go that wait for their reorder group to fill. */
  flushGroup(): void {
    const group = this.group.reverse()
    this.group = []
    for (const release of group) release()
  }

  close(): void {
    this.closed = true
    this.flushGroup()
    for (const start of this.waiting.splice(0)) start()
    this.pusher.close()
  }

  private waitForGroup(size: number): Promise<void> {
    if (size < 2 || this.closed) return Promise.resolve()
    return new Promise((resolve) => {
      this.group.push(resolve)
      // In a microtask: the one that fills the group must wait like the others, or it would come last.
      if (this.group.length >= size) queueMicrotask(() => this.flushGroup())
    })
  }

  private async pushUntilTaken(event: OutgoingEvent, target: CallbackTarget): Promise<'delivered' | 'failed'> {
    await this.enter()
    try {
      const settings = this.settings()
      for (let attempt = 0; attempt <= settings.callbackRepeats && !this.closed; attempt += 1) {
        if (attempt > 0) await this.pause(settings.callbackRepeatGapMs)
        const encrypted = encryptMessage(event.plaintext, {aesKey: target.aesKey, receiveId: this.corpid()})
        const agentid = event.app.kind === 'app' ? event.app.agentid : undefined
        const body = renderEnvelope(this.corpid(), agentid, encrypted)
        this.counts.pushes += 1
        const answer = await this.pusher.push(
          'POST',
          this.signedUrl(target, encrypted),
          body,
          settings.callbackPatienceMs,
        )
        if (answer.status === 200) return 'delivered'
      }
      return 'failed'
    } finally {
      this.leave()
    }
  }

  private signedUrl(target: CallbackTarget, encrypted: string): URL {
    const url = new URL(target.url)
    const timestamp = String(Math.floor(this.clock.nowMs() / 1000))
    const nonce = String(randomBytes(4).readUInt32BE())
    const signature = signEnvelope(target.token, timestamp, nonce, encrypted)
    url.search += `${url.search === '' ? '?' : '&'}msg_signature=${signature}&timestamp=${timestamp}&nonce=${nonce}`
    return url
  }

  private enter(): Promise<void> {
    if (this.inFlight < this.settings().callbackConcurrency || this.closed) {
      this.inFlight += 1
      return Promise.resolve()
    }
    return new Promise((resolve) => {
      this.waiting.push(() => {
        this.inFlight += 1
        resolve()
      })
    })
  }

  private leave(): void {
    this.inFlight -= 1
    this.waiting.shift()?.()
  }
}
