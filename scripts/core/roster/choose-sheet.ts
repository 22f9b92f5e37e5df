import {findLayout, type Layout} from './find-layout.js'
import {isBlank, type Sheet, type SheetFinding, wholeFinding} from './sheet.js'

export interface ChosenSheet {
  readonly sheet: Sheet
  readonly layout: Layout
  /** Sheets that were not read are said. */
  readonly findings: readonly SheetFinding[]
}

/** The sheet asked for, or the only one with a header that can be recognised. */
export function chooseSheet(
  sheets: readonly Sheet[],
  wanted: string | undefined,
  month: string | undefined,
): ChosenSheet | {readonly findings: readonly SheetFinding[]} {
  const file = {file: sheets[0]?.file ?? ''}
  const named = (list: readonly Sheet[]): string => list.map(({name}) => `「${name ?? ''}」`).join('')
  const asked = wanted === undefined ? sheets : sheets.filter(({name}) => name === wanted.trim())
  if (wanted !== undefined && asked.length === 0)
    return {
      findings: [
        wholeFinding(
          file,
          'roster-sheet-exists',
          {zh: `没有工作表「${wanted}」`, en: `there is no sheet "${wanted}"`},
          {zh: `--sheet 写其中之一：${named(sheets)}`, en: `name one of these with --sheet: ${named(sheets)}`},
        ),
      ],
    }
  const filled = asked.filter((sheet) => !isBlank(sheet))
  const readable = filled.flatMap((sheet) => {
    const layout = findLayout(sheet, month)
    return layout ? [{sheet, layout}] : []
  })
  const [first, second] = readable
  if (!first) return {findings: [nothingToRead(file, filled[0])]}
  if (second)
    return {
      findings: [
        wholeFinding(
          file,
          'roster-sheet-is-chosen',
          {
            zh: `有 ${readable.length} 张工作表像班表：${named(readable.map(({sheet}) => sheet))}`,
            en: `${readable.length} sheets look like a roster: ${named(readable.map(({sheet}) => sheet))}`,
          },
          {zh: '用 --sheet 指明导入哪一张', en: 'name the one to import with --sheet'},
        ),
      ],
    }
  const others = sheets.filter((sheet) => sheet !== first.sheet && !isBlank(sheet))
  return {...first, findings: others.length === 0 ? [] : [notRead(file, named(others))]}
}

function nothingToRead(file: {readonly file: string}, filled: Sheet | undefined): SheetFinding {
  if (!filled)
    return wholeFinding(
      file,
      'roster-sheet-has-days',
      {zh: '文件是空的', en: 'the file is empty'},
      {zh: '确认选对了文件和工作表', en: 'check that this is the right file and sheet'},
    )
  return wholeFinding(
    filled,
    'roster-header-is-known',
    {zh: '前几行里没有认得出的表头', en: 'none of the first rows is a header that can be recognised'},
    {
      zh: '长表的表头写 姓名（或 工号、userid）、日期、班次；横表的表头写 姓名（或 工号、userid），其余各列是日期',
      en: 'a long sheet has the headers name (or number, userid), date and shift; a wide one has name (or number, userid) and a date over every other column',
    },
  )
}

const notRead = (file: {readonly file: string}, names: string): SheetFinding =>
  wholeFinding(
    file,
    'roster-sheet-is-chosen',
    {zh: `没有读这些工作表：${names}`, en: `these sheets were not read: ${names}`},
    {zh: '要读其中一张，用 --sheet 指明', en: 'to read one of them, name it with --sheet'},
    'info',
  )
