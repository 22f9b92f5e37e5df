import type {Config} from '../model/config.js'
import type {Lock} from '../model/lock.js'
import {addDays, isZoneName, zoneOf} from '../model/zone.js'
import {dangerLock} from './danger-lock.js'
import {renamedFrom} from './deletions.js'

/** A code that hangs in a shop would lead nowhere. The last printed day counts in whole, in the enterprise's zone. */
export function printedCodeDangers(base: Config, head: Config, nowMs: number): Lock[] {
  const renamed = renamedFrom(head.channels)
  const {timezone} = base.enterprise.value
  const zone = zoneOf(isZoneName(timezone) ? timezone : 'UTC')
  const channels = [...base.channels.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  return channels.flatMap(({id, file, value: {printedUntil}}) => {
    if (printedUntil === undefined || head.channels.has(id) || renamed.has(id)) return []
    if (nowMs >= zone.instantOf(addDays(printedUntil, 1), 0)) return []
    return [
      dangerLock(`channel:${id}`, 'printed-code-deleted', [{file, pointer: '', before: id, after: null}], {
        zh: `这个码印到 ${printedUntil}，现在删除会让印出去的码失效`,
        en: `this code is in print until ${printedUntil}; deleting it now makes the printed ones dead`,
      }),
    ]
  })
}
