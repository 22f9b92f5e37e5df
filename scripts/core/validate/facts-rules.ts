import {ancestry} from '../greet/member-context.js'
import type {Resource} from '../model/config.js'
import type {Member} from '../model/directory.js'
import type {Remark} from '../model/finding.js'
import type {WrittenTemplate} from '../model/written.js'
import {saidInEmptyDepartments} from './empty-departments.js'
import {type Checked, listed, remark} from './rule.js'

/** Departments whose members, the first of a new one included, would be sent the fallback, since a fact is missing there. */
export function createFactLookup(
  checked: Checked,
): (template: Resource<WrittenTemplate>, members: readonly Member[]) => Remark[] {
  const {config, reach, texts} = checked
  // What a broken facts.yaml holds is not known.
  if (checked.broken.has('facts/facts')) return () => []
  const byChannel = new Set([...config.channels.values()].flatMap(({value}) => Object.keys(value.facts ?? {})))
  const known = new Map<string, ReadonlySet<string>>()
  const factsAt = (path: string): ReadonlySet<string> => {
    let names = known.get(path)
    if (!names)
      known.set(path, (names = new Set(ancestry(path).flatMap((above) => namesOf(config.facts.value[above])))))
    return names
  }
  const lackingOf = (members: readonly Member[], name: string): readonly string[] => {
    const lacking: string[] = []
    for (const member of members) {
      const path = reach.contextOf(member)?.departments[0] ?? ''
      if (!factsAt(path).has(name) && member.facts[name] === undefined) lacking.push(path)
    }
    return lacking
  }
  // Templates of one schedule are said by the same members.
  const byMembers = new WeakMap<readonly Member[], Map<string, readonly string[]>>()
  const findLacking = (members: readonly Member[], name: string): readonly string[] => {
    let byName = byMembers.get(members)
    if (!byName) byMembers.set(members, (byName = new Map<string, readonly string[]>()))
    let lacking = byName.get(name)
    if (!lacking) byName.set(name, (lacking = lackingOf(members, name)))
    return lacking
  }
  const empty = saidInEmptyDepartments(checked)
  return (template, members) => {
    const names = texts.get(template.id)?.factNames ?? []
    const without = empty.get(template.id)
    const lackingAll = (name: string): readonly string[] => {
      const lacking = findLacking(members, name)
      return without ? [...lacking, ...without.filter((path) => !factsAt(path).has(name))] : lacking
    }
    const missing = names.filter((name) => lackingAll(name).length > 0)
    return [...new Set(missing)].flatMap((name) => {
      const lacking = lackingAll(name)
      const where = listed(new Set(lacking), 5)
      const unless = byChannel.has(name)
        ? {zh: '（渠道资料里有的除外）', en: ' (unless the channel gives it)'}
        : {zh: '', en: ''}
      return [
        remark(
          template,
          '/text',
          'facts-missing',
          'warning',
          {
            zh: `这些部门没有资料 [${name}]：${where}；那里会改发 fallback${unless.zh}`,
            en: `these departments have no fact [${name}]: ${where}; the fallback is said there${unless.en}`,
          },
          {zh: '在 facts.yaml 里补上', en: 'add it to facts.yaml'},
        ),
      ]
    })
  }
}

const namesOf = (facts: unknown): string[] => (typeof facts === 'object' && facts !== null ? Object.keys(facts) : [])
