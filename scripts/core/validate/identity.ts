import type {Remark} from '../model/finding.js'
import type {Resource} from '../model/config.js'
import {parseInstant} from '../model/instant.js'
import {remark, type Rule} from './rule.js'

interface Named {
  readonly key: string
  readonly shown: string
  readonly resource: Pick<Resource<unknown>, 'file'>
  readonly pointer: string
}

/** Every later holder of a name that must be unique. */
function repeated(named: readonly Named[], rule: string, zh: string, en: string): Remark[] {
  const first = new Map<string, Named>()
  return named.flatMap((one) => {
    const earlier = first.get(one.key)
    if (!earlier) {
      first.set(one.key, one)
      return []
    }
    return [
      remark(
        one.resource,
        one.pointer,
        rule,
        'error',
        {
          zh: `${zh}「${one.shown}」重复，已在 ${earlier.resource.file} 出现`,
          en: `${en} "${one.shown}" stands already in ${earlier.resource.file}`,
        },
        {zh: '改名或删除其中一个', en: 'rename or remove one of them'},
      ),
    ]
  })
}

export const organizationNamesAreUnique: Rule = ({config}) => {
  const {organization} = config
  const {departments = [], members = []} = organization.value
  return [
    ...repeated(
      departments.map(({path}, index) => ({
        key: path,
        shown: path,
        resource: organization,
        pointer: `/departments/${index}/path`,
      })),
      'department-is-unique',
      '部门',
      'department',
    ),
    ...repeated(
      departments.flatMap(({id}, index) =>
        id === undefined
          ? []
          : [{key: String(id), shown: String(id), resource: organization, pointer: `/departments/${index}/id`}],
      ),
      'department-id-is-unique',
      '部门 id',
      'department id',
    ),
    ...repeated(
      members.map(({id}, index) => ({
        key: id.toLowerCase(),
        shown: id,
        resource: organization,
        pointer: `/members/${index}/id`,
      })),
      'member-is-unique',
      '成员',
      'member',
    ),
    ...repeated(
      members.flatMap(({github}, index) =>
        github === undefined
          ? []
          : [{key: github.toLowerCase(), shown: github, resource: organization, pointer: `/members/${index}/github`}],
      ),
      'github-login-is-unique',
      'GitHub 账号',
      'GitHub login',
    ),
  ]
}

export const channelStatesAreUnique: Rule = ({config}) => {
  const channels = [...config.channels.values()]
  const named = (field: 'state' | 'statePrefix'): Named[] =>
    channels.flatMap((channel) => {
      const value = channel.value[field]
      return value === undefined ? [] : [{key: value, shown: value, resource: channel, pointer: `/${field}`}]
    })
  return [
    ...repeated(named('state'), 'state-is-unique', 'state', 'state'),
    ...repeated(named('statePrefix'), 'state-prefix-is-unique', 'statePrefix', 'statePrefix'),
  ]
}

/** Following leaders, or successors, must never lead back to where one started. */
export const noCirclesOfPeople: Rule = ({config}) => {
  const {organization} = config
  const members = organization.value.members ?? []
  const indexOf = new Map(members.map(({id}, index) => [id.toLowerCase(), index]))
  return (['leader', 'successor'] as const).flatMap((field) => {
    const next = (index: number): number | undefined => {
      const name = members[index]?.[field]
      return name === undefined ? undefined : indexOf.get(name.toLowerCase())
    }
    return circles(members.length, next).map((circle) => {
      const names = circle.map((index) => members[index]?.id ?? '')
      const way = [...names, names[0]].join(' → ')
      return remark(
        organization,
        `/members/${circle[0]}/${field}`,
        'people-form-no-circle',
        'error',
        field === 'leader'
          ? {zh: `直属上级绕成了圈：${way}`, en: `leaders form a circle: ${way}`}
          : {zh: `接替人绕成了圈：${way}`, en: `successors form a circle: ${way}`},
        {zh: '改正其中一人', en: 'correct one of them'},
      )
    })
  })
}

/** Every circle once, each as the indexes along it, starting at its smallest. */
function circles(count: number, next: (index: number) => number | undefined): number[][] {
  const done = new Set<number>()
  const found: number[][] = []
  for (let start = 0; start < count; start++) {
    const path: number[] = []
    let at: number | undefined = start
    while (at !== undefined && !done.has(at) && !path.includes(at)) {
      path.push(at)
      at = next(at)
    }
    if (at !== undefined && path.includes(at)) {
      const circle = path.slice(path.indexOf(at))
      const smallest = circle.indexOf(Math.min(...circle))
      found.push([...circle.slice(smallest), ...circle.slice(0, smallest)])
    }
    for (const index of path) done.add(index)
  }
  return found
}

export const transfersDoNotOverlap: Rule = ({config}) => {
  const {organization} = config
  const transfers = (organization.value.transfers ?? []).map((transfer, index) => ({
    index,
    member: transfer.member.toLowerCase(),
    fromMs: parseInstant(transfer.from),
    untilMs: parseInstant(transfer.until),
  }))
  const empty = transfers
    .filter(({fromMs, untilMs}) => fromMs >= untilMs)
    .map(({index}) =>
      remark(
        organization,
        `/transfers/${index}/until`,
        'window-is-not-empty',
        'error',
        {zh: '调岗结束不晚于开始', en: 'the transfer ends no later than it starts'},
        {zh: '把 until 改到 from 之后', en: 'move until behind from'},
      ),
    )
  const overlapping = transfers.flatMap((one) => {
    const other = transfers.find(
      (two) =>
        two.index < one.index && two.member === one.member && two.fromMs < one.untilMs && one.fromMs < two.untilMs,
    )
    return other
      ? [
          remark(
            organization,
            `/transfers/${one.index}`,
            'transfers-do-not-overlap',
            'error',
            {
              zh: `${one.member} 的两次调岗时间重叠（第 ${other.index + 1} 条与第 ${one.index + 1} 条）`,
              en: `two transfers of ${one.member} overlap (entries ${other.index + 1} and ${one.index + 1})`,
            },
            {zh: '改正其中一条的起止', en: 'correct the window of one of them'},
          ),
        ]
      : []
  })
  return [...empty, ...overlapping]
}
