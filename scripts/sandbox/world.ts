import type {CallbackOutbox} from './callback-outbox.js'
import type {CallCounts} from './call-counts.js'
import type {AdjustableClock, SandboxClock} from './clock.js'
import type {FaultBook} from './faults.js'
import type {Fields} from './fields.js'
import type {FrequencyLimiter} from './frequency.js'
import type {Limits} from './limits.js'
import type {SandboxSettings} from './settings.js'
import type {SandboxState} from './state.js'
import type {AppRecord, Permission} from './state-organization.js'
import type {UploadedFile} from './multipart.js'

/** All parts of one sandbox. Endpoints and control routes get it as their first argument. */
export interface World {
  state: SandboxState
  settings: SandboxSettings
  limits: Limits
  clock: SandboxClock
  /** Present unless a clock was given from outside; only then can the control API move time. */
  adjustableClock?: AdjustableClock
  frequency: FrequencyLimiter
  faults: FaultBook
  counts: CallCounts
  outbox: CallbackOutbox
  /** To be called after every change of state; saves to the state file, throttled. */
  touched(): void
  /** Resolves after so many real milliseconds; at once for 0. */
  pause(ms: number): Promise<void>
}

/** One authorised call. */
export interface ApiCall {
  app: AppRecord
  query: URLSearchParams
  body: Fields
  /** The uploaded file of a multipart call. */
  file?: UploadedFile
  range?: string
}

/** One endpoint of the platform. A reply without errcode means success. */
export interface Endpoint {
  method: 'GET' | 'POST'
  /** One of these permissions is enough; the app must hold it, else 48002. */
  needs: readonly Permission[]
  /** Fields a failing reply carries with empty values. */
  empty?: object
  /** Calls per minute where the documentation names a number of its own. */
  perMinute?: (limits: Limits) => number
  /** Most calls of the corp in flight at once, 45033 beyond. */
  concurrency?: (limits: Limits) => number
  holdMs?: (settings: SandboxSettings) => number
  multipart?: true
  run(world: World, call: ApiCall): object | Promise<object>
}

/** An endpoint that takes no access_token (gettoken, webhook/send). */
export interface OpenEndpoint {
  method: 'GET' | 'POST'
  run(world: World, call: {query: URLSearchParams; body: Fields; ip: string}): object
}

export type EndpointTable = Readonly<Record<string, Endpoint>>

export const nowSeconds = (world: World): number => Math.floor(world.clock.nowMs() / 1000)
