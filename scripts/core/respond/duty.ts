/** One row of check-in data as the platform gives it (WeCom 90262). */
export interface CheckInRow {
  readonly userId: string
  /** 上班打卡, 下班打卡 or 外出打卡. */
  readonly type: string
  /** Empty = normal; several are joined by `;`. */
  readonly exception: string
  readonly atSeconds: number
}

/** What was read about one member, and when. */
export interface DutyReading {
  readonly readAtMs: number
  readonly rows: readonly CheckInRow[]
}

/** `unknown` leaves the roster's word alone. */
export type Duty = 'on' | 'off' | 'unknown'

/** Nobody is at work longer than this on one punch: a forgotten 下班打卡 must not keep him there for days. */
export const LONGEST_SHIFT_MS = 16 * 3_600_000

/** 外出打卡 is made by people at work outside. */
const IS_AT_WORK: ReadonlyMap<string, boolean> = new Map([
  ['上班打卡', true],
  ['外出打卡', true],
  ['下班打卡', false],
])

/** A punch that was due and not made is a row too, at the time it was due. Other exceptions are real punches. */
const NOT_MADE = '未打卡'

export const isPunch = ({type, exception}: CheckInRow): boolean =>
  IS_AT_WORK.has(type) && !exception.split(/[;；]/).some((one) => one.trim() === NOT_MADE)

/**
 * Whether check-in says that a member is at work at an instant: the last punch up to it decides, for at most 16 hours.
 * Data `staleMs` old say nothing. Two punches of one second (out of one shift and into the next) count as on duty.
 */
export function evaluateDuty(
  reading: DutyReading | undefined,
  {atMs, nowMs, staleMs}: {readonly atMs: number; readonly nowMs: number; readonly staleMs: number},
): Duty {
  if (reading === undefined || nowMs - reading.readAtMs >= staleMs) return 'unknown'
  const counted = reading.rows.filter(
    (row) => isPunch(row) && row.atSeconds * 1000 <= atMs && atMs < row.atSeconds * 1000 + LONGEST_SHIFT_MS,
  )
  const lastSeconds = Math.max(...counted.map(({atSeconds}) => atSeconds))
  return counted.some(({type, atSeconds}) => atSeconds === lastSeconds && IS_AT_WORK.get(type) === true) ? 'on' : 'off'
}
