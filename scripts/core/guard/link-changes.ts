import {isSame} from '../model/is-same.js'
import type {Change} from '../model/change.js'
import type {Config} from '../model/config.js'
import {urlsIn} from '../model/urls-in-text.js'
import type {ShownUnit, UnitPair} from './shown-units.js'

/**
 * Changes of where something leads. `before` and `after` are lists of addresses; for files that speak for many
 * departments they are the part of the file that holds addresses, so that it can be seen whose they are.
 */
export function linkChanges(units: readonly UnitPair[], base: Config, head: Config): Change[] {
  const listed = units.flatMap((pair) => (isWholeFile(pair) ? [] : listChange(pair)))
  return [
    ...listed,
    ...partChange('facts', base.facts.value, head.facts.value, head.facts.file, factsWithAddresses),
    ...partChange(
      'organization',
      base.organization.value,
      head.organization.value,
      head.organization.file,
      membersWithAddresses,
    ),
  ]
}

const isWholeFile = ({before, after}: UnitPair): boolean =>
  ['facts', 'organization'].includes((after ?? before)?.kind ?? '')

function listChange({before, after}: UnitPair): Change[] {
  const unit = after ?? before
  const [old, fresh] = [addressList(before), addressList(after)]
  if (!unit || isSame(old, fresh)) return []
  const {kind, id, file} = unit
  const action = before === null ? 'create' : after === null ? 'delete' : 'update'
  return [{on: 'link', kind, id, file, action, before: old, after: fresh}]
}

/** Every address in order, mini-program pages and QR codes included; covers are what a card looks like. */
const addressList = (unit: ShownUnit | null): readonly string[] =>
  unit === null
    ? []
    : [
        ...unit.addresses.filter(({source}) => source === 'text').map(({written}) => written),
        ...[...unit.cards.map(({url, pointer}) => [pointer, url]), ...unit.programs.map(programEntry)]
          .sort(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0))
          .map(([, address = '']) => address),
        ...unit.codes.map(({text}) => text),
      ]

const programEntry = ({appid, page, pointer}: ShownUnit['programs'][number]): string[] => [pointer, `${appid}/${page}`]

function partChange<T>(
  kind: 'facts' | 'organization',
  before: T,
  after: T,
  file: string,
  pick: (value: T) => unknown,
): Change[] {
  if (isSame(before, after)) return []
  const [old, fresh] = [pick(before), pick(after)]
  return isSame(old, fresh) ? [] : [{on: 'link', kind, id: kind, file, action: 'update', before: old, after: fresh}]
}

const withAddresses = (facts: object): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]): [string, readonly string[]][] => {
      const urls = typeof value === 'string' ? urlsIn(value) : []
      return urls.length === 0 ? [] : [[name, urls]]
    }),
  )

const factsWithAddresses = (value: Config['facts']['value']): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(value).flatMap(([path, facts]) => {
      const urls = path.startsWith('/') && typeof facts === 'object' ? withAddresses(facts) : {}
      return Object.keys(urls).length === 0 ? [] : [[path, urls]]
    }),
  )

const membersWithAddresses = ({members = []}: Config['organization']['value']) => ({
  members: members.flatMap(({id, departments, facts}) => {
    const urls = facts ? withAddresses(facts) : {}
    return Object.keys(urls).length === 0 ? [] : [{id, departments, facts: urls}]
  }),
})
