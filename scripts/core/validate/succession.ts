import {isLeaver} from '../greet/member-context.js'
import type {Member} from '../model/directory.js'
import {type Checked, remark, type Rule} from './rule.js'

/** So many people may follow one another before somebody who is still there answers a leaver's customers. */
const MOST_STEPS = 3

/** A customer handed on from leaver to leaver ends with somebody who knows nothing of him. */
export const successionIsShort: Rule = (checked) => {
  const {config, people, nowMs} = checked
  return (config.organization.value.members ?? []).flatMap(({id, successor, leader}, index) => {
    const member = people.find(id)
    if (!member || !isLeaver(member, nowMs)) return []
    const line = lineOf(member, checked)
    if (line.length <= MOST_STEPS) return []
    const field = successor === undefined ? (leader === undefined ? '' : '/leader') : '/successor'
    const way = [id, ...line.map((next) => next.id)].join(' → ')
    return [
      remark(
        config.organization,
        `/members/${index}${field}`,
        'offboard-chain-too-long',
        'warning',
        {
          zh: `离职成员 ${id} 的接替转了 ${line.length} 手（最多 ${MOST_STEPS} 手）：${way}`,
          en: `the succession of ${id}, who has left, takes ${line.length} steps (${MOST_STEPS} at most): ${way}`,
        },
        {zh: '给他写明在职的 successor', en: 'name an active successor for him'},
      ),
    ]
  })
}

/** Everybody asked in turn up to the first who is still there. A circle is a finding of its own. */
function lineOf(leaver: Member, {people, nowMs}: Checked): readonly Member[] {
  const line: Member[] = []
  for (let at = leaver; isLeaver(at, nowMs);) {
    const name = at.successor ?? at.leader
    const next = name === undefined ? undefined : people.find(name)
    if (!next || next === leaver || line.includes(next)) break
    line.push(next)
    at = next
  }
  return line
}
