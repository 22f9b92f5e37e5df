/**
 * Epoch milliseconds of an RFC 3339 instant that its schema has already checked (real date, offset present).
 * A leap second counts as the second before it.
 */
export function parseInstant(text: string): number {
  const ms = Date.parse(
    text
      .toUpperCase()
      .replace(' ', 'T')
      .replace(/:60(?=[.Z+-])/, ':59'),
  )
  if (Number.isNaN(ms)) throw new RangeError(`expected an RFC 3339 instant, got ${text}`)
  return ms
}

export const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text)

/** Seconds after midnight of `HH:MM` or `HH:MM:SS`; `24:00` is 86400. */
export function parseTimeOfDay(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number)
  return hours * 3600 + minutes * 60 + seconds
}

/** `HH:MM`, with seconds only where there are some. */
export function renderTimeOfDay(secondOfDay: number): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  const seconds = secondOfDay % 60
  return `${two(Math.floor(secondOfDay / 3600))}:${two(Math.floor(secondOfDay / 60) % 60)}${seconds ? `:${two(seconds)}` : ''}`
}

const UNIT_MS: Readonly<Record<string, number>> = {s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000}

/** Milliseconds of a duration such as `300s`, `10m`, `4h`, `2d`. */
export const parseDurationMs = (text: string): number =>
  Number(text.slice(0, -1)) * (UNIT_MS[text.slice(-1)] ?? Number.NaN)

/** `5%` or 0.05 as a fraction. */
export const parseShare = (share: string | number): number =>
  typeof share === 'number' ? share : Number(share.slice(0, -1)) / 100
