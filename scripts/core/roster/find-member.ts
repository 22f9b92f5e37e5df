import type {WrittenMember} from '../model/written.js'

/** Whom a cell names. */
export type FoundMember =
  | {readonly kind: 'member'; readonly id: string}
  /** Several members carry this name or number. */
  | {readonly kind: 'several'; readonly ids: readonly string[]}
  | {readonly kind: 'nobody'}

export type FindMember = (text: string) => FoundMember

/**
 * Finds by userid whatever its case (WeCom 90195), else by member number, else by display name. A spreadsheet that took
 * `00123` for a number shows 123, so numbers are asked again without their leading zeros.
 */
export function createMemberFinder(
  members: readonly Pick<WrittenMember, 'id' | 'displayName' | 'number'>[],
): FindMember {
  const index = (keyOf: (member: (typeof members)[number]) => string | undefined): Map<string, string[]> => {
    const ids = new Map<string, string[]>()
    for (const member of members) {
      const key = keyOf(member)
      if (key !== undefined) ids.set(key, [...(ids.get(key) ?? []), member.id])
    }
    return ids
  }
  const byId = index(({id}) => id.toLowerCase())
  const byNumber = index(({number}) => number?.normalize('NFC'))
  const byShortNumber = index(({number}) => (number === undefined ? undefined : withoutZeros(number)))
  const byName = index(({displayName}) => displayName?.normalize('NFC'))
  return (text) => {
    const ids =
      byId.get(text.toLowerCase()) ?? byNumber.get(text) ?? byShortNumber.get(withoutZeros(text)) ?? byName.get(text)
    const [only] = ids ?? []
    if (!ids || only === undefined) return {kind: 'nobody'}
    return ids.length === 1 ? {kind: 'member', id: only} : {kind: 'several', ids: [...ids].sort()}
  }
}

const withoutZeros = (number: string): string => (/^\d+$/.test(number) ? number.replace(/^0+(?=\d)/, '') : number)
