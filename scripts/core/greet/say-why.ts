import type {ChosenSlot} from '../model/choice.js'
import type {Words} from '../model/words.js'
import type {Settled, Verdict} from './level-line.js'
import type {AudienceLevel} from './specificity.js'

/** The chain of rules in words a shop manager understands; one function a sentence. */
const LEVEL_NAMES: Readonly<Record<AudienceLevel, Words>> = {
  channel: {zh: '渠道', en: 'channel'},
  member: {zh: '指定成员', en: 'named member'},
  role: {zh: '角色或星级', en: 'role or level'},
  department: {zh: '部门', en: 'department'},
  everybody: {zh: '全企业', en: 'everybody'},
}

export const unknownMember = (id: string): Words => ({
  zh: `通讯录里没有成员 ${id}，只看面向全企业的排班`,
  en: `the directory does not know member ${id}, so only schedules for everybody are asked`,
})

export const leaver = (id: string, successor: string | undefined): Words =>
  successor
    ? {zh: `${id} 已离职或停用，由 ${successor} 接替`, en: `${id} has left or is disabled; ${successor} follows`}
    : {
        zh: `${id} 已离职或停用，且找不到在职的接替人，只看面向全企业的排班`,
        en: `${id} has left or is disabled and nobody in service follows, so only schedules for everybody are asked`,
      }

/** What a level came to; nothing is said about a level that has nobody in validity. */
export function verdict(level: AudienceLevel, found: Verdict): Words | null {
  if (found.settles) return holds(level, found)
  const [first] = found.by
  if (!first || found.why === 'absent') return null
  if (found.why === 'tied')
    return ambiguous(
      level,
      found.by.map(({id}) => id),
    )
  if (found.why === 'slot-tie') return slotTie(first.id)
  return found.why === 'inherit' ? inherits(first.id) : nothingValid(first.id)
}

const ambiguous = (level: AudienceLevel, ids: readonly string[]): Words => ({
  zh: `${LEVEL_NAMES[level].zh}一级有冲突：${ids.join('、')} 不分先后而内容不同，跳过这一级`,
  en: `conflict at the ${LEVEL_NAMES[level].en} level: ${ids.join(', ')} tie with different texts, so this level is skipped`,
})

const slotTie = (id: string): Words => ({
  zh: `排班 ${id} 里有两个时段同时成立而内容不同，跳过这一级`,
  en: `two slots of schedule ${id} hold at once with different texts, so this level is skipped`,
})

const inherits = (id: string): Words => ({
  zh: `渠道排班 ${id} 写明交给下一级`,
  en: `channel schedule ${id} hands on to the next level`,
})

const nothingValid = (id: string): Words => ({
  zh: `排班 ${id} 此刻没有在有效期内的模板，看下一级`,
  en: `schedule ${id} has no template in validity now, so the next level is asked`,
})

export const builtIn = (): Words => ({
  zh: '没有排班适用，使用最后的兜底语',
  en: 'no schedule applies, so the built-in text is said',
})

function holds(level: AudienceLevel, {by: {id, schedule}, slot, template}: Settled): Words {
  const when = slotWords(slot)
  return {
    zh: `按${LEVEL_NAMES[level].zh}选中排班「${schedule.title}」（${id}）${when.zh}：${template === null ? '有意不说' : `说 ${template}`}`,
    en: `schedule "${schedule.title}" (${id}) holds at the ${LEVEL_NAMES[level].en} level${when.en}: ${template === null ? 'nothing is said on purpose' : `says ${template}`}`,
  }
}

function slotWords(slot: ChosenSlot | null): Words {
  if (!slot) return {zh: '', en: ''}
  if (slot.name === 'default') return {zh: '，不在任何时段内，用 default', en: ', outside every slot, by its default'}
  const span = slot.shift ?? `${slot.from ?? ''}–${slot.to ?? ''}`
  const crosses = slot.from !== undefined && slot.to !== undefined && slot.to <= slot.from
  return {
    zh: `，${slot.startsOn ?? ''} 的 ${span} 时段${crosses ? '（跨午夜）' : ''}`,
    en: `, in the slot ${span} of ${slot.startsOn ?? ''}${crosses ? ' (crosses midnight)' : ''}`,
  }
}
