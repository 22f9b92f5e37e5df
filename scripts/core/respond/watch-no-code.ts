/** After this many adds in a row without a code a member is worth a look (a console welcome may cover him). */
const IN_A_ROW = 3
const WINDOW_ADDS = 20
const MAX_SHARE = 0.2
/** Members watched at once; the one not heard of longest is forgotten first. */
const MAX_MEMBERS = 50_000

/** Tells once when a member starts to get adds without a code, and again only after a code came in between. */
export function createNoCodeWatch(): (member: string, hasCode: boolean) => boolean {
  const adds = new Map<string, {readonly recent: readonly boolean[]; readonly isAlarmed: boolean}>()
  return (member, hasCode) => {
    const key = member.toLowerCase()
    const before = adds.get(key) ?? {recent: [], isAlarmed: false}
    const recent = [...before.recent, hasCode].slice(-WINDOW_ADDS)
    const missing = recent.filter((had) => !had).length
    const lacksInARow = recent.length >= IN_A_ROW && recent.slice(-IN_A_ROW).every((had) => !had)
    const lacksOften = recent.length === WINDOW_ADDS && missing / WINDOW_ADDS > MAX_SHARE
    const isAlarmed = lacksInARow || lacksOften
    adds.delete(key)
    adds.set(key, {recent, isAlarmed})
    const oldest = adds.size > MAX_MEMBERS ? adds.keys().next().value : undefined
    if (oldest !== undefined) adds.delete(oldest)
    return isAlarmed && !before.isAlarmed
  }
}
