import type {ContactWayValue} from '../model/plan.js'
import type {WrittenChannel, WrittenOrganization} from '../model/written.js'

export interface KnownStaff {
  /** `null` when nobody of the code is in the mirror. */
  readonly staff: NonNullable<WrittenChannel['staff']> | null
  /** Userids and department ids that the mirror does not know. */
  readonly strangers: readonly string[]
}

/** Members as the code writes them, departments by their paths in the mirror. */
export function findStaff(
  {users, parties}: Pick<ContactWayValue, 'users' | 'parties'>,
  {members = [], departments = []}: WrittenOrganization,
): KnownStaff {
  const known = new Set(members.map(({id}) => id.toLowerCase()))
  const pathOf = new Map(departments.flatMap(({id, path}) => (id === undefined ? [] : [[id, path] as const])))
  const ours = users.filter((user) => known.has(user.toLowerCase()))
  const paths = parties.flatMap((party) => pathOf.get(party) ?? [])
  const strangers = [
    ...users.filter((user) => !known.has(user.toLowerCase())),
    ...parties.filter((party) => !pathOf.has(party)).map((party) => `#${party}`),
  ]
  if (ours.length === 0 && paths.length === 0) return {staff: null, strangers}
  const staff = {...(ours.length > 0 ? {members: ours} : {}), ...(paths.length > 0 ? {departments: paths} : {})}
  return {staff, strangers}
}
