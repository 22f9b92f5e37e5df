import {capabilitiesOf} from '../model/capabilities.js'
import type {Config} from '../model/config.js'
import type {Lock} from '../model/lock.js'
import type {Capability} from '../model/written.js'
import {dangerLock} from './danger-lock.js'
import {type HeldGrant, heldByPeople, isBot} from './held-rights.js'

/** Without somebody who holds these, nobody could mend the configuration any more. */
const NEEDED: readonly Capability[] = ['edit-grant', 'edit-policy', 'approve', 'unlock', 'release']

/** Rights after which nobody is left who could give them back, and rights a machine loses without anybody noticing. */
export function rightDangers(
  base: Config,
  head: Config,
  held: {readonly before: readonly HeldGrant[]; readonly after: readonly HeldGrant[]},
  nowMs: number,
): Lock[] {
  return [...lastAdmins(base, head, held, nowMs), ...botsThatLose(base, head, held)]
}

function lastAdmins(
  base: Config,
  head: Config,
  {before, after}: Parameters<typeof rightDangers>[2],
  nowMs: number,
): Lock[] {
  const [had, have] = [heldByPeople(base, before, nowMs), heldByPeople(head, after, nowMs)]
  return NEEDED.filter((capability) => had.has(capability) && !have.has(capability)).map((capability) => {
    const places = before
      .filter(({role}) => capabilitiesOf(base, role).includes(capability))
      .map(({file, pointer, role, subject}) => ({file, pointer, before: `${role} → ${subject}`, after: null}))
    return dangerLock(`capability:${capability}`, 'last-admin', places, {
      zh: `改完以后没有一个在职的人拥有 ${capability}，再也没有人能改回来`,
      en: `after this nobody active holds ${capability}; nobody could give it back`,
    })
  })
}

function botsThatLose(base: Config, head: Config, {before, after}: Parameters<typeof rightDangers>[2]): Lock[] {
  const bots = [...new Set(before.map(({subject}) => subject.toLowerCase()).filter(isBot))].sort()
  const may = (config: Config, held: readonly HeldGrant[], bot: string): Set<Capability> =>
    new Set(held.filter(({subject}) => subject.toLowerCase() === bot).flatMap(({role}) => capabilitiesOf(config, role)))
  return bots.flatMap((bot) => {
    const kept = may(head, after, bot)
    const lost = [...may(base, before, bot)].filter((capability) => !kept.has(capability)).sort()
    if (lost.length === 0) return []
    const places = before
      .filter(
        ({subject, role}) =>
          subject.toLowerCase() === bot && capabilitiesOf(base, role).some((capability) => lost.includes(capability)),
      )
      .map(({file, pointer, role, subject}) => ({file, pointer, before: `${role} → ${subject}`, after: null}))
    const name = bot.slice('github:'.length)
    return [
      dangerLock(`bot:${name}`, 'bot-loses-rights', places, {
        zh: `机器人 ${name} 会失去权限 ${lost.join('、')}，它负责的自动流程会停下`,
        en: `the bot ${name} would lose ${lost.join(', ')}; what it keeps going would stop`,
      }),
    ]
  })
}
