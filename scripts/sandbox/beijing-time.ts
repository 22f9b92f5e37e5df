/** WeCom counts quota days and statistics days in Beijing time, which has had no clock change since 1991: a fixed +08:00. */
const BEIJING_OFFSET_SECONDS = 8 * 3600
export const DAY_SECONDS = 86_400

/** Days since 1970-01-01 in Beijing. */
export const beijingDay = (seconds: number): number => Math.floor((seconds + BEIJING_OFFSET_SECONDS) / DAY_SECONDS)

/** Unix seconds of 00:00 Beijing time of a day number. */
export const beijingDayStart = (day: number): number => day * DAY_SECONDS - BEIJING_OFFSET_SECONDS
