import type {Config} from './config.js'
import type {WrittenLinks} from './written.js'
import {addDays, isZoneName, zoneOf} from './zone.js'

export type LinkHost = NonNullable<WrittenLinks['hosts']>[number]

/** Whether the last day of a registration is over, in the enterprise's zone. */
export const hasEnded = ({until}: LinkHost, {enterprise}: Config, nowMs: number): boolean =>
  until !== undefined &&
  isZoneName(enterprise.value.timezone) &&
  nowMs >= zoneOf(enterprise.value.timezone).instantOf(addDays(until, 1), 0)
