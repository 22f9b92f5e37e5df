import type {Config} from '../model/config.js'
import type {Remark} from '../model/finding.js'
import {groupBy} from '../model/group.js'
import type {Words} from '../model/words.js'
import {renderInstant, zoneOf} from '../model/zone.js'
import type {Met, Rehearsal} from './rehearse.js'

const MOST_REMARKS = 20
const MOST_NAMES = 5

/** What a rehearsal refuses, at the entry of the first member who meets it. */
export function rehearsalRemarks({gaps, conflicts, contradictions}: Rehearsal, config: Config): Remark[] {
  return [
    ...remarksOf('rehearsal-gap', gaps, config, GAP),
    ...remarksOf('rehearsal-conflict', conflicts, config, CONFLICT),
    ...remarksOf('rehearsal-contradiction', contradictions, config, CONTRADICTION),
  ]
}

interface Sentence {
  readonly says: (who: Words, when: string) => Words
  readonly fix: Words
}

const GAP: Sentence = {
  says: (who, when) => ({
    zh: `${who.zh}从 ${when} 起没有任何排班可用，客户只听到内置兜底语`,
    en: `no schedule has anything for ${who.en} from ${when} on; customers hear only the built-in text`,
  }),
  fix: {
    zh: '给他们一份排班，或写一份面向全企业的排班（audience: {}）；yingbin explain 说明原因',
    en: 'give them a schedule, or write one for everybody (audience: {}); yingbin explain tells why',
  },
}

const CONFLICT: Sentence = {
  says: (who, when) => ({
    zh: `${who.zh}在 ${when} 有两份同级而内容不同的排班，这一级会被跳过`,
    en: `two schedules of one level say different things for ${who.en} at ${when}; the level is skipped`,
  }),
  fix: {
    zh: '用 priority 分出先后，或让适用范围不重叠；yingbin explain 列出冲突的排班',
    en: 'order them with priority, or keep their audiences apart; yingbin explain names them',
  },
}

const CONTRADICTION: Sentence = {
  says: (who, when) => ({
    zh: `${who.zh}在 ${when} 问两次得到不同的答案`,
    en: `two answers differ for ${who.en} at ${when}`,
  }),
  fix: {
    zh: '这是程序的缺陷：请不要发布，并附上配置报告',
    en: 'this is a defect of the program: do not ship, and report it with the configuration',
  },
}

/** Lanes of the same people are one remark, about the first instant of them. */
function remarksOf(rule: string, met: readonly Met[], config: Config, {says, fix}: Sentence): Remark[] {
  const zone = zoneOf(config.enterprise.value.timezone)
  const byPeople = groupBy(met, ({members}) => members.join('\n'))
  return [...byPeople.values()].slice(0, MOST_REMARKS).map((several): Remark => {
    const [first] = [...several].sort((a, b) => a.fromMs - b.fromMs)
    const {members = [], fromMs = 0, state} = first ?? {}
    return {
      rule,
      level: 'error',
      at: {file: config.organization.file, pointer: pointerOf(members[0], config)},
      says: says(whoOf(members, state), renderInstant(fromMs, zone)),
      fix,
    }
  })
}

function pointerOf(id: string | undefined, config: Config): string {
  const index = (config.organization.value.members ?? []).findIndex((member) => member.id === id)
  return index < 0 ? '' : `/members/${index}`
}

function whoOf(members: readonly string[], state: string | undefined): Words {
  const names = members.slice(0, MOST_NAMES)
  const more = members.length - names.length
  const through = state === undefined ? {zh: '', en: ''} : {zh: `（渠道 ${state}）`, en: ` (through ${state})`}
  return {
    zh: `${names.join('、')}${more > 0 ? ` 等 ${members.length} 人` : ' '}${through.zh}`,
    en: `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}${through.en}`,
  }
}
