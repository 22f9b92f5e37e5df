import {type SheetFinding, wholeFinding} from '../core/roster/sheet.js'

const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`

export const tooLarge = (file: string, limit: number): SheetFinding =>
  wholeFinding(
    {file},
    'file-size-within-limit',
    {zh: `文件超过 ${megabytes(limit)}`, en: `the file has more than ${megabytes(limit)}`},
    {zh: '只留排班的那张工作表和那个月份', en: 'keep only the sheet and the month with the roster'},
  )

/** A small file may unpack to a huge one, or name a cell a million rows down. */
export const unpacksTooLarge = (file: string): SheetFinding =>
  wholeFinding(
    {file},
    'file-size-within-limit',
    {zh: '工作簿展开后太大', en: 'the workbook is too large once unpacked'},
    {
      zh: '把排班复制到新的工作簿，或另存为 CSV',
      en: 'copy the roster into a new workbook, or save it as CSV',
    },
  )

export const oldWorkbook = (file: string): SheetFinding =>
  wholeFinding(
    {file},
    'roster-file-is-table',
    {zh: '这是旧版 .xls，或设了密码的工作簿', en: 'this is an old .xls, or a workbook with a password'},
    {zh: '去掉密码，另存为 .xlsx 或 CSV', en: 'remove the password and save it as .xlsx or CSV'},
  )

export const tooManyRows = (file: string, limit: number): SheetFinding =>
  wholeFinding(
    {file},
    'file-size-within-limit',
    {zh: `多于 ${limit} 行`, en: `there are more than ${limit} rows`},
    {zh: '只留排班的那个月份，删去末尾的空行', en: 'keep only the month with the roster, and no empty rows at the end'},
  )

export const notText = (file: string): SheetFinding =>
  wholeFinding(
    {file},
    'roster-file-is-table',
    {zh: '不是 .xlsx，也不是 UTF-8 或 GB18030 的文本', en: 'neither .xlsx nor text in UTF-8 or GB18030'},
    {zh: '另存为 .xlsx，或 UTF-8 的 CSV', en: 'save it as .xlsx, or as CSV in UTF-8'},
  )

export const brokenWorkbook = (file: string): SheetFinding =>
  wholeFinding(
    {file},
    'roster-file-is-table',
    {zh: '不是 .xlsx 工作簿，或已损坏', en: 'this is no .xlsx workbook, or it is damaged'},
    {zh: '用表格软件打开后重新保存为 .xlsx', en: 'open it in a spreadsheet program and save it as .xlsx again'},
  )

export const brokenCell = (file: string, line: number, column: number): SheetFinding => ({
  ...wholeFinding(
    {file},
    'roster-cell-has-value',
    {
      zh: `第 ${line} 行第 ${column} 列读不出来（多半是没有结果的公式）`,
      en: `row ${line}, column ${column} cannot be read (most likely a formula without a result)`,
    },
    {zh: '「选择性粘贴 → 数值」后再保存', en: 'paste it as a value and save again'},
  ),
  line,
  column,
})

export const brokenCsv = (file: string, line: number): SheetFinding => ({
  ...wholeFinding(
    {file},
    'roster-file-is-table',
    {zh: `第 ${line} 行的引号不成对`, en: `the quotes on line ${line} do not pair`},
    {zh: '补上引号，或用表格软件另存为 CSV', en: 'close the quotes, or save it as CSV with a spreadsheet program'},
  ),
  line,
})
