import type {Release, ReleaseChannel} from '../model/release.js'

/** A channel that a state belongs to; an exact state ranks above every prefix, a longer prefix above a shorter. */
export interface ChannelMatch {
  readonly id: string
  readonly exact: boolean
  readonly prefixLength: number
  readonly channel: ReleaseChannel
}

/** Finds the channels a state belongs to, best first, ids breaking ties so that the order is the same everywhere. */
export function createChannelFinder(
  channels: Release['channels'],
): (state: string | undefined) => readonly ChannelMatch[] {
  const exact = new Map<string, {id: string; channel: ReleaseChannel}>()
  const prefixes = new Map<string, {id: string; channel: ReleaseChannel}>()
  for (const [id, channel] of Object.entries(channels)) {
    if (channel.state !== undefined) exact.set(channel.state, {id, channel})
    else if (channel.statePrefix !== undefined) prefixes.set(channel.statePrefix, {id, channel})
  }
  const longest = Math.max(0, ...[...prefixes.keys()].map((prefix) => prefix.length))
  return (written) => {
    if (written === undefined || written === '') return []
    const state = written.normalize('NFC')
    const found: ChannelMatch[] = []
    const whole = exact.get(state)
    if (whole) found.push({...whole, exact: true, prefixLength: state.length})
    for (let length = Math.min(longest, state.length); length > 0; length--) {
      const match = prefixes.get(state.slice(0, length))
      if (match) found.push({...match, exact: false, prefixLength: length})
    }
    return found
  }
}
