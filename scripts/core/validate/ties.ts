import {findTies, type Tie} from '../greet/find-ties.js'
import type {Saying} from '../greet/say-at.js'
import type {Remark} from '../model/finding.js'
import {renderInstant, zoneOf} from '../model/zone.js'
import {type Checked, HORIZON_DAYS, remark, type Rule} from './rule.js'

const DAY_MS = 86_400_000

/** What still ties with a different result in the coming year is an error with a witness (叠罗汉). */
export const schedulesDoNotTie: Rule = (checked) => {
  const {release, people, nowMs} = checked
  const ties = findTies(release, people, nowMs, nowMs + HORIZON_DAYS * DAY_MS)
  return ties.flatMap((tie) => tieRemark(tie, checked))
}

const LEVEL_NAMES = {channel: '渠道', member: '成员', role: '角色', department: '部门', everybody: '全企业'} as const

function said({says, ...rest}: Saying): {readonly zh: string; readonly en: string} {
  if (says === 'template' && 'template' in rest) return {zh: `说 ${rest.template}`, en: `says ${rest.template}`}
  if (says === 'silent') return {zh: '有意不说', en: 'is silent'}
  return says === 'tie' ? {zh: '自己内部就有冲突', en: 'ties within itself'} : {zh: '交给下一级', en: 'hands on'}
}

function tieRemark({member, state, atMs, level, first, second}: Tie, {config}: Checked): Remark[] {
  const resource = config.schedules.get(second.one.id)
  if (!resource) return []
  const at = renderInstant(atMs, zoneOf(config.enterprise.value.timezone))
  const by = state === undefined ? {zh: '', en: ''} : {zh: `经 state=${state}`, en: ` by state=${state}`}
  return [
    remark(
      resource,
      '/audience',
      'ambiguous-priority',
      'error',
      {
        zh: `与排班 ${first.one.id} 在${LEVEL_NAMES[level]}一级不分先后而内容不同：${at} 客户${by.zh}添加 ${member} 时，${first.one.id} ${said(first.saying).zh}，${second.one.id} ${said(second.saying).zh}`,
        en: `it ties with schedule ${first.one.id} at the ${level} level with a different result: at ${at} for ${member}${by.en}, ${first.one.id} ${said(first.saying).en} and ${second.one.id} ${said(second.saying).en}`,
      },
      {
        zh: '缩小其中一个的范围，或给要优先的一个写更大的 priority',
        en: 'narrow one of the audiences, or give the one that should win a higher priority',
      },
      true,
    ),
  ]
}
