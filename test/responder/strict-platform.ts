import type {Clock} from '../../scripts/core/ports.js'
import type {SendAnswer} from '../../scripts/core/respond/send-progress.js'
import type {WeComPort} from '../../scripts/responder/ports.js'

const CODE_LIVES_MS = 20_000
const IN_FLIGHT = 41096
const ALREADY = 41051
const EXPIRED = 41050

export interface Code {
  readonly bornAtMs: number
  /** Welcomes that customers got for it. */
  said: number
  isInFlight: boolean
  /** Its event has its outcome: nobody may ask again. */
  isSettled: boolean
}

/** How often what goes wrong, each in [0, 1]. */
export interface Weather {
  readonly lostBefore: number
  readonly lostAfter: number
  readonly busy: number
  readonly refusedPayload: number
  readonly slow: number
}

export interface StrictPlatform {
  readonly port: WeComPort
  readonly codes: Map<string, Code>
  /** Broken promises of ours, in words. */
  readonly complaints: string[]
  sends: number
}

/** A WeCom that keeps count of every code: it says each once, loses answers, is busy and slow, and tells on us. */
export function createStrictPlatform(clock: Clock, fraction: () => number, weather: Weather): StrictPlatform {
  const codes = new Map<string, Code>()
  const platform: StrictPlatform = {
    codes,
    complaints: [],
    sends: 0,
    port: {
      sendWelcome: (code, {attachments}) => answer(code, attachments.length > 0),
      takeRoom: () => Promise.resolve(true),
      fetchNickname: async () => {
        await clock.sleep(fraction() < 0.02 ? 60_000 : 40 * fraction())
        return '客人'
      },
      sendMedia: () => Promise.resolve('mid'),
      tagCustomer: () => Promise.resolve(),
    },
  }

  async function answer(code: string, hasParts: boolean): Promise<SendAnswer> {
    platform.sends += 1
    const found = codes.get(code)
    if (found === undefined) return {kind: 'answered', errcode: EXPIRED}
    if (found.isSettled) platform.complaints.push('a code was used again after its event had its outcome')
    if (fraction() < weather.lostBefore) return {kind: 'lost'}
    if (found.isInFlight) return {kind: 'answered', errcode: IN_FLIGHT}
    found.isInFlight = true
    await clock.sleep(fraction() < weather.slow ? 3000 + 4000 * fraction() : 20 + 100 * fraction())
    found.isInFlight = false
    if (clock.nowMs() - found.bornAtMs > CODE_LIVES_MS) return {kind: 'answered', errcode: EXPIRED}
    if (found.said > 0) return {kind: 'answered', errcode: ALREADY}
    if (fraction() < weather.busy) return {kind: 'answered', errcode: -1}
    if (hasParts && fraction() < weather.refusedPayload) return {kind: 'answered', errcode: 40058}
    found.said += 1
    if (fraction() < weather.lostAfter) return {kind: 'lost'}
    return {kind: 'answered', errcode: 0}
  }
  return platform
}
