/** After this many adds in a row without a code a member is worth a look (a console welcome may cover him). */
const IN_A_ROW = 3
const WINDOW_ADDS = 20
const MAX_SHARE = 0.2
/** Members watched at once; the one not heard of longest is forgotten first. */
const MAX_MEMBERS = 50_000
/** An alarm about a member nobody has added for so long says nothing about today. */
const ALARM_LASTS_MS = 24 * 3_600_000

interface Adds {
  readonly recent: readonly boolean[]
  readonly isAlarmed: boolean
  /** As the last event wrote him. */
  readonly member: string
  readonly lastMs: number | null
}

export interface NoCodeWatch {
  /** True when a member starts to get adds without a code, and again only after a code came in between. */
  (member: string, hasCode: boolean, atMs?: number): boolean
  /** Members for whom that holds now, by userid; without the time of an add it holds until a code comes. */
  alarmed(nowMs: number): readonly string[]
}

export function createNoCodeWatch(): NoCodeWatch {
  const adds = new Map<string, Adds>()
  const alarmedKeys = new Set<string>()
  const note = (member: string, hasCode: boolean, atMs?: number): boolean => {
    const key = member.toLowerCase()
    const before = adds.get(key)
    const recent = [...(before?.recent ?? []), hasCode].slice(-WINDOW_ADDS)
    const missing = recent.filter((had) => !had).length
    const lacksInARow = recent.length >= IN_A_ROW && recent.slice(-IN_A_ROW).every((had) => !had)
    const lacksOften = recent.length === WINDOW_ADDS && missing / WINDOW_ADDS > MAX_SHARE
    const isAlarmed = lacksInARow || lacksOften
    adds.delete(key)
    adds.set(key, {recent, isAlarmed, member, lastMs: atMs ?? null})
    if (isAlarmed) alarmedKeys.add(key)
    else alarmedKeys.delete(key)
    const oldest = adds.size > MAX_MEMBERS ? adds.keys().next().value : undefined
    if (oldest !== undefined) {
      adds.delete(oldest)
      alarmedKeys.delete(oldest)
    }
    return isAlarmed && before?.isAlarmed !== true
  }
  const alarmed = (nowMs: number): readonly string[] =>
    [...alarmedKeys].flatMap((key) => {
      const found = adds.get(key)
      if (found === undefined) return []
      return found.lastMs !== null && nowMs - found.lastMs >= ALARM_LASTS_MS ? [] : [found.member]
    })
  return Object.assign(note, {alarmed})
}
