import {isLeaver} from '../../core/greet/member-context.js'
import type {Config} from '../../core/model/config.js'
import {parseInstant} from '../../core/model/instant.js'
import type {SandboxControl} from './sandbox-control.js'

export interface SyntheticAdd {
  readonly userid: string
  readonly external_userid: string
  readonly name: string
  readonly state: string
}

/** Nicknames as people really choose them. */
const NICKNAMES = [
  '小王',
  '木子李',
  '一只橘猫🐱',
  'A-Ming',
  '李$&雷',
  '【忙】勿扰',
  '山\\水',
  'عمر',
  '客户昵称',
  'http://x.example',
  '👨‍👩‍👧 一家人',
  '　空　格　',
]
/** Every third customer comes by a channel code. */
const BY_CHANNEL_EVERY = 3

/** A small seeded generator (mulberry32), so that a demonstration can be repeated. */
export function createSeededFraction(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Customers who add the members of the shipped organization, some through channel codes. */
export function makeAdds(config: Config, count: number, nowMs: number, fraction: () => number): SyntheticAdd[] {
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(fraction() * items.length)]
  const members = (config.organization.value.members ?? [])
    .filter(
      ({id, status = 'active', leftAt}) =>
        !isLeaver(
          {
            id,
            status,
            departments: [],
            roles: [],
            attributes: {},
            facts: {},
            ...(leftAt ? {leftAtMs: parseInstant(leftAt)} : {}),
          },
          nowMs,
        ),
    )
    .map(({id}) => id)
  const states = [...config.channels.values()].flatMap(
    ({value}) => value.state ?? (value.statePrefix ? `${value.statePrefix}demo` : []),
  )
  return Array.from({length: count}, (_, index) => ({
    userid: pick(members) ?? '',
    external_userid: `wm${Array.from({length: 30}, () => pick([...ALPHABET]) ?? 'A').join('')}`,
    name: pick(NICKNAMES) ?? '',
    state: index % BY_CHANNEL_EVERY === 0 ? (pick(states) ?? '') : '',
  }))
}

/** Adds under way at once. */
export const CONCURRENCY = 32

/** Lets them add; answers when every callback is over. */
export async function letCustomersAdd(
  control: SandboxControl,
  adds: readonly SyntheticAdd[],
  concurrency: number,
): Promise<void> {
  await control.post('/customers/add-many', {adds, concurrency})
}
