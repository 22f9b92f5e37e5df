import type {Resource} from '../model/config.js'
import type {Remark} from '../model/finding.js'
import type {WrittenTemplate} from '../model/written.js'
import {type Checked, listed, remark} from './rule.js'
import type {Use} from './sayers.js'

const SENDING = {
  link: 'send-link',
  miniprogram: 'send-miniprogram',
  image: 'send-image',
  video: 'send-video',
  file: 'send-file',
} as const

/** Roles by the `send-*` kind they hold; kinds nobody holds are absent. */
type HolderLookup = ReadonlyMap<string, ReadonlySet<string>>

export function createHolderLookup({config}: Checked): HolderLookup {
  const holders = new Map<string, Set<string>>()
  for (const [name, role] of Object.entries(config.roles.value))
    if (typeof role === 'object')
      for (const kind of role.may) holders.set(kind, (holders.get(kind) ?? new Set<string>()).add(name))
  return holders
}

/** The `send-*` kinds bind only where some role mentions that kind; then the member needs a role that has it. */
export function rightsToSend(
  template: Resource<WrittenTemplate>,
  uses: readonly Use[],
  holdersOf: HolderLookup,
  {people, nowMs}: Checked,
): Remark[] {
  if (holdersOf.size === 0) return []
  return (template.value.attachments ?? []).flatMap(({type}, index) => {
    const capability = SENDING[type]
    const holders = holdersOf.get(capability)
    if (!holders) return []
    return uses.flatMap(({scheduleId, members}) => {
      const lacking = members.filter(
        (member) => ![...people.contextOf(member, nowMs).roles].some((role) => holders.has(role)),
      )
      if (lacking.length === 0) return []
      const who = listed(
        lacking.map(({id}) => id),
        5,
      )
      return [
        remark(
          template,
          `/attachments/${index}`,
          'grant-denied',
          'error',
          {
            zh: `排班 ${scheduleId} 让这些成员发送它，但他们没有 ${capability}：${who}`,
            en: `schedule ${scheduleId} makes these members send it, but they lack ${capability}: ${who}`,
          },
          {
            zh: `授予他们含 ${capability} 的角色（${listed(holders)}），或换一条模板`,
            en: `grant them a role with ${capability} (${listed(holders)}), or use another template`,
          },
        ),
      ]
    })
  })
}
