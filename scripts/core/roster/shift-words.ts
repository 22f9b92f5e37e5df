const REST = ['休', '休息', '调休', 'off', '-', '--', '—', '——', '–', '/']
const BETWEEN = /[/、,;+&\s]+/

const folded = (text: string): string => text.normalize('NFKC').toLowerCase().replaceAll(/\s/g, '')

/** An empty cell, `休`, `OFF` and their like. */
export const isRest = (text: string): boolean => folded(text) === '' || REST.includes(folded(text))

/** What one cell says about shifts. */
export interface CellShifts {
  readonly shifts: readonly string[]
  readonly unknown: readonly string[]
}

export type ParseShifts = (text: string) => CellShifts

/**
 * Reads `早班`, `早班/晚班`, `休`. A word may itself hold a separator, so the whole cell is tried first.
 * @param words other words for a shift, or `null` for one that means rest
 */
export function createShiftParser(shifts: readonly string[], words: ReadonlyMap<string, string | null>): ParseShifts {
  const known = new Map<string, string | null>(shifts.map((name) => [folded(name), name]))
  for (const [word, shift] of words) known.set(folded(word), shift)
  const meaningOf = (text: string): string | null | undefined =>
    known.get(folded(text)) ?? (isRest(text) || known.has(folded(text)) ? null : undefined)
  return (text) => {
    const parts = meaningOf(text) === undefined ? text.normalize('NFKC').split(BETWEEN).filter(Boolean) : [text]
    const meanings = parts.map((part) => ({part, shift: meaningOf(part)}))
    return {
      shifts: [...new Set(meanings.flatMap(({shift}) => shift ?? []))],
      unknown: meanings.flatMap(({part, shift}) => (shift === undefined ? [part] : [])),
    }
  }
}
