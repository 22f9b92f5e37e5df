import type {CellPlace, Merge} from '../core/roster/sheet.js'

const CELL = /<(?:\w+:)?c\b([^>]*?)(?:\/>|>(.*?)<\/(?:\w+:)?c>)/gs
const PLACE = /\br="([A-Z]{1,3})(\d{1,7})"/
const MERGE = /<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)"/g
const FORMULA = /<(?:\w+:)?f\b/
const VALUE = /<(?:\w+:)?v\b/

function placeOf(letters: string, row: string): CellPlace {
  let column = 0
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64
  return {row: Number(row) - 1, column: column - 1}
}

/** Rows times columns up to the farthest cell that is written down (ECMA-376 18.3.1.4). */
export function areaOf(xml: string): number {
  let [rows, columns] = [1, 1]
  for (const [, attributes = ''] of xml.matchAll(CELL)) {
    const [, letters = 'A', number = '1'] = PLACE.exec(attributes) ?? []
    const {row, column} = placeOf(letters, number)
    rows = Math.max(rows, row + 1)
    columns = Math.max(columns, column + 1)
  }
  return rows * columns
}

/** Cells that read as empty though they are not: errors such as `#REF!`, and formulas saved without their result. */
export function unreadCells(xml: string): CellPlace[] {
  return [...xml.matchAll(CELL)].flatMap(([, attributes = '', content = '']) => {
    const isUnread = /\bt="e"/.test(attributes) || (FORMULA.test(content) && !VALUE.test(content))
    const [, letters, row] = PLACE.exec(attributes) ?? []
    return isUnread && letters !== undefined && row !== undefined ? [placeOf(letters, row)] : []
  })
}

export function mergesOf(xml: string): Merge[] {
  return [...xml.matchAll(MERGE)].map(([, letters = '', row = '', lastLetters = '', lastNumber = '']) => {
    const last = placeOf(lastLetters, lastNumber)
    return {...placeOf(letters, row), lastRow: last.row, lastColumn: last.column}
  })
}
