/** A successful or refused answer as it came: errcode and errmsg taken out, everything else untouched and unchecked. */
export interface Answer {
  readonly errcode: number
  readonly errmsg: string
  readonly fields: Readonly<Record<string, unknown>>
  /** A file instead of fields; only where the call asks for one. */
  readonly bytes?: Uint8Array
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads the text of an answer; `null` when it is no JSON object or its errcode is no number. An absent errcode means 0. */
export function parseAnswer(text: unknown): Answer | null {
  if (typeof text !== 'string') return null
  const fields = parseJson(text)
  if (!isRecord(fields)) return null
  const errcode = fields['errcode'] ?? 0
  if (typeof errcode !== 'number' || !Number.isInteger(errcode)) return null
  const errmsg = fields['errmsg']
  return {errcode, errmsg: typeof errmsg === 'string' ? errmsg : '', fields}
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON is an everyday finding here (proxy pages, cut answers); the caller reports it as a malformed answer.
    return undefined
  }
}

// The platform leaves fields out or sends empty defaults, so each reader has a harmless answer for what is not there.

export function textOf(record: Readonly<Record<string, unknown>>, key: string): string {
  const value = record[key]
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' ? value : ''
}

export function numberOf(record: Readonly<Record<string, unknown>>, key: string): number {
  const value = record[key]
  if (typeof value === 'string' && /^-?\d{1,15}$/.test(value)) return Number(value)
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}

export function flagOf(record: Readonly<Record<string, unknown>>, key: string): boolean {
  const value = record[key]
  return value === true || value === 1 || value === '1'
}

export function recordOf(record: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  const value = record[key]
  return isRecord(value) ? value : {}
}

export function recordsOf(record: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>>[] {
  const value = record[key]
  return Array.isArray(value) ? value.filter(isRecord) : []
}

export function textsOf(record: Readonly<Record<string, unknown>>, key: string): string[] {
  const value = record[key]
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
}

export function numbersOf(record: Readonly<Record<string, unknown>>, key: string): number[] {
  const value = record[key]
  return Array.isArray(value) ? value.map(Number).filter(Number.isFinite) : []
}

/** `a|b` lists of partial failures; also accepts a real list. */
export function barListOf(record: Readonly<Record<string, unknown>>, key: string): string[] {
  const value = record[key]
  if (typeof value === 'string') return value.split('|').filter((item) => item !== '')
  return textsOf(record, key)
}
