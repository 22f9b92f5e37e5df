import {randomBytes} from 'node:crypto'
import type {AddressInfo} from 'node:net'
import {CallCounts} from './call-counts.js'
import {CallbackOutbox} from './callback-outbox.js'
import {AdjustableClock, type SandboxClock} from './clock.js'
import {ControlDoor} from './control-door.js'
import {CONTROL_ROUTES} from './control-routes.js'
import {FaultBook} from './faults.js'
import {FrequencyLimiter} from './frequency.js'
import {PLATFORM_LIMITS, type Limits} from './limits.js'
import {PlatformDoor} from './platform-door.js'
import {ENDPOINTS, OPEN_ENDPOINTS} from './routes.js'
import {createSandboxServer} from './server.js'
import {DEFAULT_SETTINGS, type SandboxSettings} from './settings.js'
import {readStateFile, writeStateFile} from './state-file.js'
import {StateSaver} from './state-saver.js'
import {createEmptyState, type SandboxState} from './state.js'
import type {World} from './world.js'
import type {JsonObject} from './wire.js'

export interface SandboxOptions {
  corpid?: string
  /** Made-up ids depend on it; random when not given. */
  seed?: string
  /** Replaces the sandbox's own clock; the control API can then not move time. */
  clock?: SandboxClock
  limits?: Partial<Limits>
  settings?: Partial<SandboxSettings>
  /** The state is loaded from and saved to this file. A broken file is refused with BrokenStateFile. */
  stateFile?: string
}

export interface Sandbox {
  /** Starts listening; port 0 picks a free one. */
  listen(port: number, host?: string): Promise<{url: string}>
  /** Stops answering and pushing, and saves the state. */
  close(): Promise<void>
  clock: SandboxClock
  /** The control API from inside the process; the same routes as under `/__sandbox`. */
  control(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: JsonObject,
    query?: Record<string, string>,
  ): Promise<object>
}

export const SANDBOX_CORPID = 'wwemulator0000000001'
const SAVE_PAUSE_MS = 1000

/** A WeCom stand-in for one corp. Nothing of it is shared with the client it tests. */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const saved = options.stateFile === undefined ? undefined : readStateFile(options.stateFile)
  const seed = options.seed ?? randomBytes(8).toString('hex')
  const state = saved?.state ?? createEmptyState(options.corpid ?? SANDBOX_CORPID, seed)
  const own = options.clock === undefined ? new AdjustableClock(() => Date.now()) : undefined
  // A send cut off by the end of the last run was never answered; its code may be used again.
  for (const add of state.adds.values()) if (add.status === 'sending') add.status = 'fresh'
  if (saved?.clock !== undefined) own?.restore(saved.clock)
  const clock = options.clock ?? own ?? {nowMs: () => Date.now()}
  const saver = createSaver(options.stateFile, state, own)
  const world = createWorld(options, state, clock, own, () => saver?.touched())
  const control = new ControlDoor(world, CONTROL_ROUTES)
  const server = createSandboxServer(world, new PlatformDoor(world, ENDPOINTS, OPEN_ENDPOINTS), control)
  return {
    clock,
    control: (method, path, body, query) => control.call(method, path, body, new URLSearchParams(query)),
    listen: (port, host = '127.0.0.1') =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          server.off('error', reject)
          resolve({url: `http://${host}:${portOf(server.address())}`})
        })
      }),
    close: async () => {
      world.outbox.close()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
      await saver?.flush()
    },
  }
}

const portOf = (address: AddressInfo | string | null): number =>
  typeof address === 'object' && address !== null ? address.port : 0

function createSaver(
  file: string | undefined,
  state: SandboxState,
  own: AdjustableClock | undefined,
): StateSaver | undefined {
  if (file === undefined) return undefined
  return new StateSaver(
    () => writeStateFile(file, {state, ...(own === undefined ? {} : {clock: own.read()})}),
    SAVE_PAUSE_MS,
  )
}

function createWorld(
  options: SandboxOptions,
  state: SandboxState,
  clock: SandboxClock,
  own: AdjustableClock | undefined,
  touched: () => void,
): World {
  const settings: SandboxSettings = {...DEFAULT_SETTINGS, ...options.settings}
  return {
    state,
    settings,
    limits: {...PLATFORM_LIMITS, ...options.limits},
    clock,
    ...(own === undefined ? {} : {adjustableClock: own}),
    frequency: new FrequencyLimiter(() => settings.frequencyWindow),
    faults: new FaultBook(),
    counts: new CallCounts(),
    outbox: new CallbackOutbox(
      () => state.corpid,
      () => settings,
      clock,
      pause,
    ),
    touched,
    pause,
  }
}

const pause = (ms: number): Promise<void> =>
  ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : Promise.resolve()
