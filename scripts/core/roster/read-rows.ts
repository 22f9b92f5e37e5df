import type {FindMember} from './find-member.js'
import {cellFinding, type CellPlace, type Sheet, type SheetFinding, shownCell, textAt} from './sheet.js'
import type {ParseShifts} from './shift-words.js'

/** One person on one shift of one day, with the cell that says so. */
export interface Entry extends CellPlace {
  readonly date: string
  readonly shift: string
  /** The userid as organization.yaml writes it. */
  readonly member: string
}

/** What one of the two layouts says. */
export interface SheetContent {
  readonly entries: readonly Entry[]
  /** Dates the sheet speaks of, also where everybody rests; sorted, each once. */
  readonly dates: readonly string[]
  /** Everybody who has a row, also those who rest; in lower case. */
  readonly named: ReadonlySet<string>
}

/** What both layouts ask of a row. Whatever cannot be read is kept as a finding, and reading goes on. */
export interface RowReader {
  readonly sheet: Sheet
  /** `YYYY-MM`, for dates written without year or month. */
  readonly month: string | undefined
  memberAt(row: number, columns: readonly number[]): string | null
  shiftsAt(place: CellPlace): readonly string[]
  /** Everybody {@link memberAt} has found so far, in lower case. */
  readonly named: ReadonlySet<string>
  keep(finding: SheetFinding): void
  findings(): SheetFinding[]
}

/** A text nobody knows, where it stands first, and in how many cells. */
interface Unknown extends CellPlace {
  readonly text: string
  cells: number
}

export function createRowReader(
  sheet: Sheet,
  month: string | undefined,
  findMember: FindMember,
  parseShifts: ParseShifts,
  knownShifts: readonly string[],
): RowReader {
  const kept: SheetFinding[] = []
  const named = new Set<string>()
  const names = new Map<string, Unknown>()
  const words = new Map<string, Unknown>()
  const gather = (into: Map<string, Unknown>, text: string, place: CellPlace): void => {
    const known = into.get(text)
    if (known) known.cells++
    else into.set(text, {text, ...place, cells: 1})
  }
  return {
    sheet,
    month,
    named,
    keep: (finding) => void kept.push(finding),
    memberAt: (row, columns) => {
      const said = columns
        .map((column) => ({row, column, text: textAt(sheet, row, column)}))
        .filter(({text}) => text !== '')
      const [first, ...others] = said
      if (!first) {
        kept.push(memberMissing(sheet, {row, column: columns[0] ?? 0}))
        return null
      }
      const found = findMember(first.text)
      if (found.kind !== 'member') {
        gather(names, first.text, {row, column: first.column})
        return null
      }
      for (const {column, text} of others) {
        const other = findMember(text)
        if (other.kind === 'member' && other.id !== found.id) {
          kept.push(contradiction(sheet, {row, column}, found.id, other.id))
          return null
        }
      }
      named.add(found.id.toLowerCase())
      return found.id
    },
    shiftsAt: ({row, column}) => {
      const said = parseShifts(textAt(sheet, row, column))
      for (const word of said.unknown) gather(words, word, {row, column})
      return said.shifts
    },
    findings: () => [
      ...kept,
      ...[...names.values()].map((unknown) => unknownName(sheet, unknown, findMember)),
      ...[...words.values()].map((unknown) => unknownShift(sheet, unknown, knownShifts)),
    ],
  }
}

const memberMissing = (sheet: Sheet, place: CellPlace): SheetFinding =>
  cellFinding(
    sheet,
    place,
    'roster-row-has-member',
    'error',
    {zh: '这一行有内容而没有写是谁', en: 'this row is filled in but does not say who'},
    {zh: '写上账号、工号或姓名，或清空这一行', en: 'write a userid, number or name, or empty the row'},
  )

const contradiction = (sheet: Sheet, place: CellPlace, one: string, other: string): SheetFinding =>
  cellFinding(
    sheet,
    place,
    'roster-row-is-one-person',
    'error',
    {
      zh: `这一格是 ${other} 的，同一行前面却是 ${one}`,
      en: `this cell means ${other}, but the row names ${one} before it`,
    },
    {zh: '改正其中一个', en: 'correct one of them'},
  )

const inCells = ({cells}: Unknown): {zh: string; en: string} =>
  cells > 1 ? {zh: `（共 ${cells} 处）`, en: ` (${cells} cells)`} : {zh: '', en: ''}

function unknownName(sheet: Sheet, unknown: Unknown, findMember: FindMember): SheetFinding {
  const [shown, count, found] = [shownCell(unknown.text), inCells(unknown), findMember(unknown.text)]
  return found.kind === 'several'
    ? cellFinding(
        sheet,
        unknown,
        'roster-member-is-known',
        'error',
        {
          zh: `${shown.zh} 有 ${found.ids.length} 人${count.zh}：${found.ids.join('、')}`,
          en: `${shown.en} means ${found.ids.length} members${count.en}: ${found.ids.join(', ')}`,
        },
        {zh: '改写成其中一个账号', en: 'write the userid of the one who is meant'},
      )
    : cellFinding(
        sheet,
        unknown,
        'roster-member-is-known',
        'error',
        {zh: `通讯录里没有 ${shown.zh}${count.zh}`, en: `nobody in the directory is called ${shown.en}${count.en}`},
        {
          zh: '改成 organization.yaml 里的账号（id）、工号（number）或 displayName；新人请先同步通讯录',
          en: 'write an id, number or displayName of organization.yaml; for a newcomer bring the directory up to date first',
        },
      )
}

function unknownShift(sheet: Sheet, unknown: Unknown, known: readonly string[]): SheetFinding {
  const [shown, count] = [shownCell(unknown.text), inCells(unknown)]
  const word = unknown.text.length > 12 ? 'WORD' : unknown.text
  return cellFinding(
    sheet,
    unknown,
    'roster-shift-is-known',
    'error',
    {zh: `班表里没有班次 ${shown.zh}${count.zh}`, en: `the roster has no shift ${shown.en}${count.en}`},
    {
      zh: `已有班次：${known.join('、') || '（无）'}。是其中之一就加 --shift "${word}=${known[0] ?? '班次'}"，休息加 --shift "${word}=休"，新班次加 --shift "${word}=06:00-14:00"`,
      en: `known shifts: ${known.join(', ') || '(none)'}. For one of them add --shift "${word}=${known[0] ?? 'SHIFT'}", for rest --shift "${word}=OFF", for a new shift --shift "${word}=06:00-14:00"`,
    },
  )
}
