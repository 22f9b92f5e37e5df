import type {Config} from '../model/config.js'
import {parseInstant, parseTimeOfDay} from '../model/instant.js'
import {isZoneName, type Zone, zoneOf} from '../model/zone.js'

const DAY_MS = 86_400_000
const INSTANT = /^\d{4}-\d{2}-\d{2}[Tt ]/
const TIME_OF_DAY = /^\d{2}:\d{2}(:\d{2})?$/

/**
 * The next instant at which a finding may change without any file changing. Every rule compares the clock with an
 * instant that the configuration names, or with one that lies whole days from it (a roster that grows stale, the
 * horizon of a year), or with a time on the local clock. So the next moment of the day that stands anywhere in the
 * configuration, midnight included, comes no later than any change; on both sides of a change of clocks.
 */
export function findHoldsUntil(config: Config, nowMs: number): number {
  const instants = new Set<number>()
  const times = new Set<number>([0])
  const take = (text: string): void => {
    if (TIME_OF_DAY.test(text)) times.add(parseTimeOfDay(text) * 1000)
    else if (INSTANT.test(text)) instants.add(modulo(parseInstant(text)))
  }
  for (const {value} of config.templates.values())
    for (const text of [value.validFrom, value.validTo]) if (text !== undefined) take(text)
  const {enterprise, organization, schedules, channels, calendars, rosters, grants, links} = config
  for (const resource of [enterprise, organization, links, ...grants]) takeAll(resource.value, take)
  for (const kind of [schedules, channels, calendars, rosters])
    for (const {value} of kind.values()) takeAll(value, take)
  for (const zone of zonesOf(config))
    for (const offset of offsetsOf(zone, nowMs)) for (const time of times) instants.add(modulo(time - offset))
  const today = nowMs - modulo(nowMs)
  return Math.min(...[...instants].map((moment) => today + moment + (today + moment > nowMs ? 0 : DAY_MS)))
}

const modulo = (ms: number): number => ((ms % DAY_MS) + DAY_MS) % DAY_MS

function takeAll(value: unknown, take: (text: string) => void): void {
  if (typeof value === 'string') take(value)
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) takeAll(inner, take)
}

function zonesOf({enterprise, schedules}: Config): Set<Zone> {
  const names = new Set([enterprise.value.timezone])
  for (const {value} of schedules.values()) if (value.timezone !== undefined) names.add(value.timezone)
  // What is no zone is taken for UTC.
  return new Set([...names].map((name) => zoneOf(isZoneName(name) ? name : 'UTC')))
}

/** The offsets of the year around: rules look ahead, to where the clocks may have been changed. */
const offsetsOf = (zone: Zone, nowMs: number): Set<number> =>
  new Set(Array.from({length: 24}, (_, month) => zone.offsetMs(nowMs + (month - 6) * 30 * DAY_MS)))
