import {AxiosError, type AxiosRequestConfig} from 'axios'
import type {Clock} from '../core/ports.js'
import type {Answer} from './answer.js'
import {BUDGET_SPENT, withBudget} from './budget.js'
import {CALLS, type CallName, type CallRule, type Repeat} from './calls.js'
import {classifyErrcode} from './classify-errcode.js'
import {
  decideRetry,
  isAmbiguous,
  SYSTEM_BUSY,
  TOO_FREQUENT,
  TOO_MANY_AT_ONCE,
  type Failure,
  type NextStep,
} from './decide-retry.js'
import {encodeBody} from './encode-body.js'
import {AmbiguousOutcome, maskErrmsg, WeComRejected, WeComUnreachable, type UnreachableDetails} from './errors.js'
import {readFailure, type Http} from './http.js'
import {isAborted, pause, type Pace, type Pacer} from './pacer.js'
import {MAX_RETRIES} from './retry-delay.js'
import type {TokenSource} from './token-source.js'

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  /** For one attempt; default the client's. */
  readonly timeoutMs?: number | undefined
  /** For the whole call: token, waiting, all attempts. Counted on the client's clock. */
  readonly budgetMs?: number | undefined
  /** Retries after a pause; default 3. A refused token is replaced once whatever stands here. */
  readonly retries?: number | undefined
  /** Longest wait for room in the quota; longer ones are refused with 45009 and `retryAfterMs`. */
  readonly maxQuotaWaitMs?: number | undefined
  /** The caller has taken a place in the quota already, for the first attempt, and bounds what is in flight. */
  readonly hasSlot?: boolean | undefined
}

/** A file as multipart bytes: bytes, not a stream, so that it can be sent again. */
export interface EncodedForm {
  readonly bytes: Uint8Array
  readonly contentType: string
}

export interface WeComRequest {
  readonly call: CallName
  readonly query?: Readonly<Record<string, string>>
  readonly body?: object
  readonly form?: EncodedForm
  /** Overrides the table of calls where the request itself makes a repetition harmless. */
  readonly repeat?: Repeat
  readonly lane?: string
}

/** Sends one call and gives its successful answer. Throws WeComRejected, WeComUnreachable or AmbiguousOutcome. */
export type Send = (request: WeComRequest, options?: CallOptions) => Promise<Answer>

export type WeComWarning =
  | {readonly kind: 'errmsg-on-success'; readonly call: CallName; readonly detail: string}
  | {readonly kind: 'unknown-errcode'; readonly call: CallName; readonly errcode: number; readonly detail: string}
  | {readonly kind: 'quota-wait'; readonly call: CallName; readonly waitMs: number}

export interface TransportParts {
  readonly http: Http
  readonly pacer: Pacer
  readonly clock: Clock
  readonly random: () => number
  /** Absent for calls that carry no token. */
  readonly tokens?: TokenSource | undefined
  readonly repeatAssumedSafe: boolean
  readonly maxQuotaWaitMs: number
  readonly onWarning: (warning: WeComWarning) => void
}

export function createSend(parts: TransportParts): Send {
  return (request, options = {}) => {
    const {clock} = parts
    return withBudget({clock, budgetMs: options.budgetMs, signal: options.signal}, (signal) => {
      const exchange = new Exchange(parts, request, options, signal)
      // Whoever has a place in the quota was chosen by a queue of its own.
      return options.hasSlot === true ? exchange.perform() : parts.pacer.run(exchange.pace, () => exchange.perform())
    }).catch((error: unknown) => {
      throw asBudgetTimeout(error, options)
    })
  }
}

/** A wait ended by the budget looks like an abort from inside; the caller, who did not abort, is told the truth. */
function asBudgetTimeout(error: unknown, {budgetMs, signal}: CallOptions): unknown {
  const isOurs = budgetMs !== undefined && !isAborted(signal)
  if (!(error instanceof WeComUnreachable) || error.reason !== 'aborted' || !isOurs) return error
  return new WeComUnreachable({call: error.call, reason: 'timeout', ambiguous: error.ambiguous})
}

/** One call with its retries. */
class Exchange {
  readonly pace: Pace
  private readonly rule: CallRule
  private readonly mayRepeat: boolean
  private token: string | null = null
  private refreshed = false
  private hasSlot: boolean
  private retries = 0
  private next: NextStep = {does: 'stop'}
  private lastFailure: Failure | null = null

  constructor(
    private readonly parts: TransportParts,
    private readonly request: WeComRequest,
    private readonly options: CallOptions,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.rule = CALLS[request.call]
    const repeat = request.repeat ?? this.rule.repeat
    this.mayRepeat = repeat === 'safe' || (repeat === 'assumed' && parts.repeatAssumedSafe)
    const maxQuotaWaitMs = options.maxQuotaWaitMs ?? parts.maxQuotaWaitMs
    this.pace = {call: request.call, lane: request.lane, signal, maxQuotaWaitMs}
    this.hasSlot = options.hasSlot ?? false
  }

  async perform(): Promise<Answer> {
    const query = await this.prepare()
    try {
      const {data} = await this.parts.http.axios.request<Answer>(this.configure(query))
      this.parts.pacer.noteAnswer(this.pace)
      this.warnAboutErrmsg(data)
      return data
    } catch (error) {
      throw error instanceof AxiosError ? this.translate(readFailure(error)) : error
    }
  }

  /** Takes a place in the quota first: a token fetched before a long wait might have run out after it. */
  private async prepare(): Promise<Record<string, string>> {
    if (!this.hasSlot) await this.parts.pacer.takeSlot(this.pace)
    this.hasSlot = false
    const {tokens} = this.parts
    if (tokens === undefined) return {...this.request.query}
    this.token = await tokens.fetchToken(this.request.call, this.signal)
    return {access_token: this.token, ...this.request.query}
  }

  private configure(query: Record<string, string>): AxiosRequestConfig {
    const {body, form} = this.request
    const contentType = form?.contentType ?? 'application/json; charset=utf-8'
    return {
      method: this.rule.method,
      url: `/cgi-bin/${this.rule.path}`,
      params: query,
      paramsSerializer: {serialize: (params: Record<string, string>) => new URLSearchParams(params).toString()},
      ...(this.rule.method === 'POST'
        ? {data: form?.bytes ?? encodeBody(body ?? {}), headers: {'Content-Type': contentType}}
        : {}),
      ...(this.rule.givesFile ? {responseType: 'arraybuffer' as const} : {}),
      ...(this.options.timeoutMs === undefined ? {} : {timeout: this.options.timeoutMs}),
      ...(this.signal === undefined ? {} : {signal: this.signal}),
      'axios-retry': {
        // The decision below counts by itself: replacing a token or waiting for the quota is no retry.
        retries: Number.POSITIVE_INFINITY,
        shouldResetTimeout: true,
        retryCondition: (error) => this.decide(error),
        retryDelay: () => 0,
        onRetry: (_count, _error, config) => this.goOn(config),
      },
    }
  }

  private decide(error: AxiosError): boolean {
    const failure = readFailure(error)
    this.lastFailure = failure
    this.note(failure)
    const {retries, refreshed, mayRepeat} = this
    const limit = this.options.retries ?? MAX_RETRIES
    const attempts = {retries, limit, refreshed, mayRepeat, usesToken: this.parts.tokens !== undefined}
    this.next = decideRetry(failure, attempts, this.parts.random)
    return this.next.does !== 'stop'
  }

  private note(failure: Failure): void {
    if (failure.kind !== 'answer') return
    if (failure.errcode === TOO_FREQUENT) this.parts.pacer.noteRefusal(this.pace)
    else if (failure.errcode === TOO_MANY_AT_ONCE) this.parts.pacer.noteCrowding(this.pace)
    else this.parts.pacer.noteAnswer(this.pace)
    if (classifyErrcode(failure.errcode).known) return
    const detail = maskErrmsg(failure.errmsg)
    this.parts.onWarning({kind: 'unknown-errcode', call: this.request.call, errcode: failure.errcode, detail})
  }

  /** Between two attempts nothing is under way, so what is thrown here tells of the last failure, not of an open outcome. */
  private async goOn(config: AxiosRequestConfig): Promise<void> {
    if (this.next.does === 'pause') {
      this.retries += 1
      await pause(this.parts.clock, this.next.delayMs, this.signal)
      if (isAborted(this.signal)) throw this.abortedBetween()
    }
    if (this.next.does === 'refresh-token') {
      this.refreshed = true
      if (this.token !== null) await this.parts.tokens?.dropToken(this.token)
    }
    config.params = await this.prepare()
  }

  private abortedBetween(): WeComUnreachable {
    const ambiguous = this.lastFailure !== null && isAmbiguous(this.lastFailure, this.rule.reads)
    return new WeComUnreachable({call: this.request.call, reason: 'aborted', ambiguous})
  }

  private translate(failure: Failure): Error {
    const {call} = this.request
    const ambiguous = isAmbiguous(failure, this.rule.reads)
    if (failure.kind === 'answer' && !(failure.errcode === SYSTEM_BUSY && ambiguous && !this.mayRepeat)) {
      return new WeComRejected(call, failure.errcode, failure.errmsg)
    }
    const details = {call, ...this.describe(failure)}
    if (ambiguous && !this.mayRepeat) return new AmbiguousOutcome(details)
    return new WeComUnreachable({...details, ambiguous})
  }

  private describe(failure: Failure): Pick<UnreachableDetails, 'reason' | 'symptom'> {
    switch (failure.kind) {
      case 'answer':
        return {reason: 'system-busy', symptom: `errcode ${failure.errcode}`}
      case 'aborted':
        return {reason: this.signal?.reason === BUDGET_SPENT ? 'timeout' : 'aborted'}
      case 'http-status':
        return {reason: 'http-status', symptom: `HTTP ${failure.status}`}
      case 'network':
        return {reason: 'network', symptom: failure.symptom}
      case 'malformed':
      case 'timeout':
        return {reason: failure.kind}
    }
  }

  private warnAboutErrmsg({errmsg}: Answer): void {
    if (errmsg === '' || errmsg.toLowerCase() === 'ok') return
    this.parts.onWarning({kind: 'errmsg-on-success', call: this.request.call, detail: maskErrmsg(errmsg)})
  }
}
