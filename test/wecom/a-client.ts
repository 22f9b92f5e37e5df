import type {Clock} from '../../scripts/core/ports.js'
import {createWeComClient, type WeComClient, type WeComClientSettings} from '../../scripts/wecom/client.js'
import type {WeComWarning} from '../../scripts/wecom/transport.js'

export const HOST = 'https://qyapi.example'
export const SECRET = 'Sn0tTh3S3cr3tY0uAreL00kingF0r_abcdefghijklm'
export const START_MS = Date.UTC(2026, 10, 24, 2, 0, 0)

interface HeldSleep {
  readonly ms: number
  readonly wake: () => void
}

/** Time that moves by itself when somebody sleeps; sleeps that `holds` names stay until the test wakes them. */
export class TestClock implements Clock {
  readonly slept: number[] = []
  private atMs = START_MS
  private readonly held: HeldSleep[] = []

  constructor(private readonly holds: (ms: number) => boolean = () => false) {}

  nowMs(): number {
    return this.atMs
  }

  advance(ms: number): void {
    this.atMs += ms
  }

  wakeHeld(): void {
    for (const {ms, wake} of this.held.splice(0)) {
      this.atMs += ms
      wake()
    }
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (this.holds(ms)) {
      return new Promise((resolve, reject) => {
        this.held.push({ms, wake: resolve})
        signal?.addEventListener('abort', () => reject(new Error('woken by abort')), {once: true})
      })
    }
    this.slept.push(ms)
    this.atMs += ms
    return Promise.resolve()
  }
}

export interface TestClient {
  readonly client: WeComClient
  readonly clock: TestClock
  readonly warnings: WeComWarning[]
}

export function aClient(changes: Partial<WeComClientSettings> = {}, clock = new TestClock()): TestClient {
  const warnings: WeComWarning[] = []
  const client = createWeComClient({
    baseUrl: HOST,
    corpId: 'ww0000000000000001',
    agentId: 1000002,
    secret: SECRET,
    clock,
    random: () => 0.5,
    onWarning: (warning) => warnings.push(warning),
    ...changes,
  })
  return {client, clock, warnings}
}

export const refusal = (errcode: number, errmsg = 'no') => ({
  errcode,
  errmsg: `${errmsg}, hint: [1700000000123456789], from ip: 203.0.113.9, more info at https://open.example/devtool/query?e=${errcode}`,
})

/** The error a promise ends with. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('expected a failure')
}
