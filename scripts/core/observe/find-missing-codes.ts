import type {DayTotals, ResponderReport} from '../model/outcome.js'
import {binomialTail} from './binomial-tail.js'

/** Fewer adds say nothing about a member. */
const LEAST_ADDS = 5
/** Probability of suspecting anybody at all in a company where codes are missing alike. */
const ALPHA = 0.01

export interface Counted {
  /** Adds that came without a code. */
  readonly without: number
  readonly adds: number
}

/**
 * A member whose adds come without a code far more often than everybody else's: a welcome of the console may cover him,
 * which no call tells. His adds count from the first without a code on each day, that one included.
 */
export interface MissingCodes extends Counted {
  readonly member: string
  readonly others: Counted
  /** That chance alone brings so many or more, for one member. */
  readonly probability: number
}

export interface CodeJudgement {
  /** Most telling first. */
  readonly rows: readonly MissingCodes[]
  readonly company: Counted
  /** Members with adds without a code whose adds are in no report, so that nothing can be said. */
  readonly unjudged: number
}

interface Tried extends Counted {
  readonly member: string
  /** Days and responders that saw him without a code; the first such add of each only says where counting begins. */
  readonly firsts: number
  readonly isWhole: boolean
}

/**
 * Judges the last days over all responders.
 * @param sinceDate `YYYY-MM-DD`; earlier days are left out, also of responders that have stopped
 * @param greeters how many members may be suspected; the more there are, the more one of them must stand out
 */
export function findMissingCodes(
  reports: readonly ResponderReport[],
  {sinceDate, greeters}: {readonly sinceDate: string; readonly greeters: number},
): CodeJudgement {
  const days = reports.flatMap((report) => (report.days ?? []).filter(({date}) => date >= sinceDate))
  const company = {
    without: sum(days.map(({outcomes}) => outcomes.no_code ?? 0)),
    adds: sum(days.map(({arms}) => arms.stable + arms.canary)),
  }
  const members = triedMembers(days)
  const rows = members
    .filter(({isWhole, adds}) => isWhole && adds >= LEAST_ADDS)
    .map((tried) => judge(tried, company))
    .filter(({probability}) => probability * Math.max(greeters, members.length) < ALPHA)
    .sort((a, b) => a.probability - b.probability || (a.member < b.member ? -1 : 1))
  return {rows, company, unjudged: members.filter(({isWhole}) => !isWhole).length}
}

/** The others' rate is drawn a little towards one half, so that few adds of theirs prove nothing. */
function judge({member, without, adds, firsts}: Tried, company: Counted): MissingCodes {
  const others = {without: company.without - without, adds: company.adds - adds}
  const rate = (others.without + 1) / (others.adds + 2)
  return {member, without, adds, others, probability: binomialTail(without - firsts, adds - firsts, rate)}
}

function triedMembers(days: readonly DayTotals[]): Tried[] {
  const members = new Map<string, Tried>()
  for (const {noCode, noCodeAdds} of days)
    for (const [member, without] of Object.entries(noCode)) {
      const adds = noCodeAdds?.[member]
      const before = members.get(member.toLowerCase())
      members.set(member.toLowerCase(), {
        member: before?.member ?? member,
        without: (before?.without ?? 0) + without,
        adds: (before?.adds ?? 0) + (adds ?? 0),
        firsts: (before?.firsts ?? 0) + 1,
        isWhole: (before?.isWhole ?? true) && adds !== undefined,
      })
    }
  return [...members.values()]
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
