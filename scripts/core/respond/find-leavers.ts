import type {Directory} from '../model/directory.js'
import type {ContactWayValue, State} from '../model/plan.js'

/** A code that customers scan, with the members WeCom was told for it, by userid. */
export interface ContactCode {
  readonly id: string
  readonly users: readonly string[]
}

export interface LeaverInCodes {
  readonly member: string
  readonly codes: readonly string[]
}

const isContactWay = (value: unknown): value is ContactWayValue =>
  typeof value === 'object' && value !== null && 'users' in value && Array.isArray(value.users)

/** The contact codes that were applied. */
export const contactCodesOf = ({resources}: Pick<State, 'resources'>): ContactCode[] =>
  Object.values(resources).flatMap(({kind, id, value}) =>
    kind === 'contact-way' && isContactWay(value) ? [{id, users: value.users}] : [],
  )

/** Members who left or are disabled and still stand in a code; whoever the directory does not know is not accused. */
export function findLeaversInCodes(codes: readonly ContactCode[], directory: Directory | null): LeaverInCodes[] {
  const gone = new Map(
    (directory?.members ?? []).filter(({status}) => status !== 'active').map(({id}) => [id.toLowerCase(), id]),
  )
  const found = new Map<string, string[]>()
  for (const {id, users} of codes) {
    for (const user of users) {
      const member = gone.get(user.toLowerCase())
      if (member !== undefined) found.set(member, [...(found.get(member) ?? []), id])
    }
  }
  return [...found].map(([member, ids]) => ({member, codes: ids.sort()})).sort((a, b) => (a.member < b.member ? -1 : 1))
}
