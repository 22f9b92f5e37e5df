import type {WelcomeMessage} from '../../scripts/core/respond/assemble-message.js'
import type {SendAnswer} from '../../scripts/core/respond/send-progress.js'
import type {WeComPort} from '../../scripts/responder/ports.js'
import type {StepClock} from './step-clock.js'

/** An errcode, or no answer ever, or an answer that takes its time, or a bug. */
export type Scripted =
  number | 'hang' | 'no-token' | 'lost' | 'throw' | {readonly errcode: number; readonly afterMs: number}

export interface SentCall {
  readonly atMs: number
  readonly code: string
  readonly message: WelcomeMessage
  readonly timeoutMs: number
  readonly refreshToken: boolean
}

export interface FakeWeCom extends WeComPort {
  readonly calls: SentCall[]
  readonly uploads: string[]
  readonly tagged: {readonly member: string; readonly customer: string; readonly tags: readonly string[]}[]
  /** What becomes of the next taggings, in order. */
  tagScript: ('hang' | 'refuse')[]
  /** Places left in the quota; whoever finds none waits until there are. */
  room: number
  /** Names by customer; `hang` never answers, an Error is thrown. */
  readonly names: Map<string, string | null | Error>
  /** Answers in order; 0 when there is none left. */
  script: Scripted[]
  uploadFails: boolean
}

export function createFakeWeCom(clock: StepClock): FakeWeCom {
  const answerTo = async (scripted: Scripted): Promise<SendAnswer> => {
    if (scripted === 'hang') return new Promise(() => undefined)
    if (scripted === 'no-token') return {kind: 'no-token'}
    if (scripted === 'lost') return {kind: 'lost'}
    if (scripted === 'throw') throw new TypeError('wm-secret-customer cannot be read')
    if (typeof scripted === 'number') return {kind: 'answered', errcode: scripted}
    await clock.sleep(scripted.afterMs)
    return {kind: 'answered', errcode: scripted.errcode}
  }
  const fake: FakeWeCom = {
    calls: [],
    uploads: [],
    tagged: [],
    tagScript: [],
    room: Number.POSITIVE_INFINITY,
    names: new Map(),
    script: [],
    uploadFails: false,
    sendWelcome(code, message, {timeoutMs, refreshToken}) {
      fake.calls.push({atMs: clock.nowMs(), code, message, timeoutMs, refreshToken})
      return answerTo(fake.script.shift() ?? 0)
    },
    async takeRoom(signal) {
      while (fake.room <= 0) {
        if (signal.aborted) return false
        await clock.sleep(250, signal).catch(() => undefined)
      }
      fake.room -= 1
      return true
    },
    async tagCustomer(member, customer, tags) {
      const next = fake.tagScript.shift()
      if (next === 'hang') return new Promise(() => undefined)
      if (next === 'refuse') throw new Error('refused')
      fake.tagged.push({member, customer, tags})
    },
    fetchNickname(customer) {
      const name = fake.names.get(customer) ?? null
      if (name instanceof Error) return Promise.reject(name)
      return name === 'hang' ? new Promise(() => undefined) : Promise.resolve(name)
    },
    sendMedia({use, fileName}) {
      if (fake.uploadFails) return Promise.reject(new Error('upload refused'))
      fake.uploads.push(`${use}:${fileName}`)
      return Promise.resolve(`mid-${fake.uploads.length}`)
    },
  }
  return fake
}
