import type {Release, ReleaseChannel} from '../model/release.js'

/** A channel that a state belongs to; an exact state ranks above every prefix, a longer prefix above a shorter. */
export interface ChannelMatch {
  readonly id: string
  readonly exact: boolean
  readonly prefixLength: number
  readonly channel: ReleaseChannel
}

/** Everything a state belongs to. */
export interface ChannelSet {
  /** Best first, so that the order is the same everywhere. */
  readonly matches: readonly ChannelMatch[]
  readonly ids: readonly string[]
  /** Equal for states between which no audience makes a difference; empty where none asks for the channel. */
  readonly key: string
}

export const NO_CHANNEL: ChannelSet = {matches: [], ids: [], key: ''}

const STATES_KEPT = 4096

/** Finds the channels a state belongs to; asked again for the same state it answers from memory. */
export function createChannelFinder({
  channels,
  schedules,
}: Pick<Release, 'channels' | 'schedules'>): (state: string | undefined) => ChannelSet {
  const exact = new Map<string, ChannelMatch>()
  const prefixes = new Map<string, ChannelMatch>()
  for (const [id, channel] of Object.entries(channels)) {
    const {state, statePrefix} = channel
    if (state !== undefined) exact.set(state, {id, channel, exact: true, prefixLength: state.length})
    else if (statePrefix !== undefined)
      prefixes.set(statePrefix, {id, channel, exact: false, prefixLength: statePrefix.length})
  }
  const longest = Math.max(0, ...[...prefixes.keys()].map((prefix) => prefix.length))
  const asked = channelsAskedFor(schedules)
  const find = (state: string): ChannelSet => {
    const matches: ChannelMatch[] = []
    const whole = exact.get(state)
    if (whole) matches.push(whole)
    for (let length = Math.min(longest, state.length); length > 0; length--) {
      const match = prefixes.get(state.slice(0, length))
      if (match) matches.push(match)
    }
    const ids = matches.map(({id}) => id)
    return {matches, ids, key: ids.filter((id) => asked.has(id)).join('\n')}
  }
  const known = new Map<string, ChannelSet>()
  return (written) => {
    if (written === undefined || written === '') return NO_CHANNEL
    let found = known.get(written)
    if (!found) {
      if (known.size >= STATES_KEPT) known.clear()
      known.set(written, (found = find(written.normalize('NFC'))))
    }
    return found
  }
}

function channelsAskedFor(schedules: Release['schedules']): ReadonlySet<string> {
  const asked = new Set<string>()
  for (const {audience} of Object.values(schedules)) {
    for (const id of audience.channels) asked.add(id)
    for (const id of audience.exclude.channels) asked.add(id)
  }
  return asked
}
