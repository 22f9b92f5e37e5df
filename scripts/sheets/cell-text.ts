/** What a person sees in a cell, on one line: line breaks and control characters become spaces. */
export function cellText(value: unknown): string {
  if (Object.prototype.toString.call(value) === '[object Date]') return dateText(value as Date)
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return ''
  return String(value)
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim()
    .normalize('NFC')
}

/** Spreadsheets know no zone; the reader gives dates as midnight in UTC. */
function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return ''
  const text = date.toISOString()
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 16).replace('T', ' ')
}
