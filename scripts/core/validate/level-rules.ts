import {isOver} from '../greet/validity.js'
import type {Member} from '../model/directory.js'
import type {Remark} from '../model/finding.js'
import type {ReleaseAudience} from '../model/release.js'
import {type Checked, listed, remark, type Rule} from './rule.js'

/** A missing attribute never matches, so whoever lacks it hears what is said to the lowest. */
export const levelsAreKnown: Rule = (checked) => {
  const {config, release, nowMs} = checked
  const lacking = createLackingLookup(checked)
  const told = new Set<string>()
  return [...config.schedules.values()].flatMap((resource) => {
    const schedule = release.schedules[resource.id]
    if (!schedule || isOver(schedule, nowMs)) return []
    return Object.keys(schedule.audience.levels).flatMap((attribute): Remark[] => {
      const ids = lacking(schedule.audience, attribute).map(({id}) => id)
      // Several levels of one group lack the same members; they are named once.
      const key = JSON.stringify([attribute, ids])
      if (ids.length === 0 || told.has(key)) return []
      told.add(key)
      return [
        remark(
          resource,
          `/audience/levels/${attribute.replaceAll('~', '~0').replaceAll('/', '~1')}`,
          'level-missing',
          'info',
          {
            zh: `这些成员没有「${attribute}」，按不符合处理：${listed(ids, 5)}`,
            en: `these members have no "${attribute}" and count as not meeting it: ${listed(ids, 5)}`,
          },
          {
            zh: `在 organization.yaml 的 attributes 里补上「${attribute}」；本来就没有的可以不管`,
            en: `add "${attribute}" to their attributes in organization.yaml; who never had one may stay as he is`,
          },
          true,
        ),
      ]
    })
  })
}

/** Members whom the other conditions cover and who have no such attribute. */
function createLackingLookup({
  directory,
  reach,
}: Checked): (audience: ReleaseAudience, attribute: string) => readonly Member[] {
  const complete = new Map<string, boolean>()
  const isComplete = (attribute: string): boolean => {
    let known = complete.get(attribute)
    if (known === undefined)
      complete.set(attribute, (known = directory.members.every(({attributes}) => attributes[attribute] !== undefined)))
    return known
  }
  return (audience, attribute) => {
    if (isComplete(attribute)) return []
    const members = reach.membersOf({...audience, levels: {}})
    const lacking = members.filter(({attributes}) => attributes[attribute] === undefined)
    if (lacking.length === 0 || isNarrowed(audience)) return lacking
    // Asked of the whole company, an attribute is missing only where colleagues have one.
    const having = new Set(members.filter((member) => !lacking.includes(member)).map(({departments}) => departments[0]))
    return lacking.filter(({departments}) => having.has(departments[0]))
  }
}

const isNarrowed = ({members, departments, roles}: ReleaseAudience): boolean =>
  members.length + departments.length + roles.length > 0
