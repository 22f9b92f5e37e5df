import {resolve} from 'node:path'
import {hasErrors} from '../core/model/finding.js'
import type {Language, Words} from '../core/model/words.js'
import {isZoneName, renderInstant, zoneOf} from '../core/model/zone.js'
import {parseShiftFlags, type ShiftFlags} from '../core/roster/parse-shift-flags.js'
import {planImport, type RosterImport} from '../core/roster/plan-import.js'
import {renderDifference} from '../core/roster/render-difference.js'
import type {SheetFinding, Workbook} from '../core/roster/sheet.js'
import type {WrittenRoster} from '../core/model/written.js'
import {MAX_YAML_BYTES} from '../pipeline/read-config-folder.js'
import {readWorkbook} from '../sheets/read-workbook.js'
import {writeWhole} from '../store/atomic-file.js'
import {type ConfigTarget, openTarget} from './config-target.js'
import {type CommandSpec, CouldNotRun, type Door} from './door.js'
import {countFindings, languageFor, renderFindings, type ShownFinding, showFindings} from './show-findings.js'

const HELP = {
  from: {
    zh: '人事发来的文件：CSV（UTF-8 或 GB18030）或 .xlsx，长表横表都行',
    en: 'what HR sent: CSV (UTF-8 or GB18030) or .xlsx, long or wide',
  },
  into: {
    zh: '班表文件，如 rosters/stores.yaml；没有就新建',
    en: 'the roster file, such as rosters/stores.yaml; made when missing',
  },
  month: {zh: '日期没有写年月时补上，如 2026-12', en: 'for dates written without year or month, such as 2026-12'},
  sheet: {zh: '工作簿里有几张班表时，读哪一张', en: 'which sheet to read where several hold a roster'},
  shift: {
    zh: '表里的词指哪个班次（早=早班）、指休息（年假=休），或新班次（早班=06:00-14:00）；可重复',
    en: 'what a word means: a shift (E=early), rest (leave=OFF), or a new shift (early=06:00-14:00); repeatable',
  },
  write: {zh: '写入文件；不加只看差别', en: 'write the file; without it only the difference is shown'},
} satisfies Record<string, Words>

export const command: CommandSpec = {
  name: 'roster',
  summary: {zh: '把人事发来的班表导入班表文件，先看差别', en: 'import the roster HR sends; shows the difference first'},
  example: 'yingbin roster --from 排班.xlsx --into rosters/stores.yaml --month 2026-12 --shift 早=早班 --write',
  configure: (command, language = 'zh') =>
    command
      .option('--from <file>', HELP.from[language])
      .option('--into <file>', HELP.into[language])
      .option('--month <yyyy-mm>', HELP.month[language])
      .option('--sheet <name>', HELP.sheet[language])
      .option('--shift <word=shift>', HELP.shift[language], (flag, flags: string[] = []) => [...flags, flag])
      .option('--write', HELP.write[language], false),
  async run(door, options, language) {
    const [from, month] = [fromOption(options['from']), monthOption(options['month'])]
    const {loaded, target, findings} = await openTarget(door, options, options['into'], 'roster', [
      'organization.yaml',
      'enterprise.yaml',
    ])
    const tongue = languageFor(language, loaded.config)
    const answer = (shown: readonly ShownFinding[], planned: RosterImport | null, importedAt: string | null): void =>
      door.out(
        options.json
          ? documentOf(shown, planned, target, importedAt, options['write'] === true)
          : render(shown, planned, target, tongue, options['write'] === true),
      )
    if (hasErrors(findings)) {
      answer(showFindings(findings, options.config, door, tongue), null, null)
      return 1
    }
    const roster = loaded.config.rosters.get(target.id)?.value
    const {shifts, words} = shiftOptions(options['shift'], roster?.shifts ?? {})
    const workbook = await open(door, from)
    const zone = zoneOf(
      isZoneName(loaded.config.enterprise.value.timezone) ? loaded.config.enterprise.value.timezone : 'UTC',
    )
    const importedAt = renderInstant(Math.floor(door.nowMs() / 1000) * 1000, zone)
    const planned =
      'findings' in workbook
        ? {findings: workbook.findings, difference: null, text: null}
        : planImport({
            ...{sheets: workbook.sheets, shifts, words, month, importedAt},
            sheet: typeof options['sheet'] === 'string' ? options['sheet'] : undefined,
            members: loaded.config.organization.value.members ?? [],
            file: roster && target.text !== null ? {text: target.text, roster} : null,
            title: target.id,
            maxBytes: MAX_YAML_BYTES,
          })
    if (options['write'] === true && planned.text !== null) await writeWhole(target.absolute, planned.text)
    answer(showSheetFindings(planned.findings, door, tongue), planned, importedAt)
    return planned.text === null ? 1 : 0
  },
}

function fromOption(from: unknown): string {
  if (typeof from === 'string') return from
  throw new CouldNotRun({zh: '缺少 --from', en: '--from is missing'}, {zh: command.example, en: command.example})
}

function monthOption(month: unknown): string | undefined {
  if (month === undefined) return undefined
  if (typeof month === 'string' && /^\d{4}-(0[1-9]|1[0-2])$/.test(month)) return month
  throw new CouldNotRun(
    {zh: `--month 不是年月：${JSON.stringify(month)}`, en: `--month is no month: ${JSON.stringify(month)}`},
    {zh: '例如 --month 2026-12', en: 'for example --month 2026-12'},
  )
}

function shiftOptions(flags: unknown, known: WrittenRoster['shifts']): ShiftFlags {
  const parsed = parseShiftFlags(Array.isArray(flags) ? flags.map(String) : [], known)
  if (!('problem' in parsed)) return parsed
  throw new CouldNotRun(parsed.problem, HELP.shift)
}

async function open(door: Door, from: string): Promise<Workbook> {
  try {
    return await readWorkbook(resolve(door.cwd, from), from)
  } catch (error) {
    if (!isFileError(error)) throw error
    throw new CouldNotRun(
      {zh: `读不到文件 ${from}`, en: `cannot read the file ${from}`},
      {zh: '检查 --from 的路径和权限', en: 'check the path of --from and its permissions'},
      {cause: error},
    )
  }
}

/** The system's own complaints have a code of capital letters and a call that failed. */
const isFileError = (error: unknown): boolean => typeof error === 'object' && error !== null && 'syscall' in error

/** Places are of the sheet, so its name goes with them. */
const showSheetFindings = (findings: readonly SheetFinding[], door: Door, tongue: Language): ShownFinding[] =>
  showFindings(findings, door.cwd, door, tongue).map((shown, index) => ({
    ...shown,
    file: findings[index]?.file ?? shown.file,
    sheet: findings[index]?.sheet ?? null,
  }))

const documentOf = (
  findings: readonly ShownFinding[],
  planned: RosterImport | null,
  {shown}: ConfigTarget,
  importedAt: string | null,
  isWriting: boolean,
): string =>
  `${JSON.stringify({
    command: command.name,
    verdict: planned?.text ? 'ok' : 'refused',
    findings,
    difference: planned?.difference ?? null,
    into: shown,
    importedAt,
    written: isWriting && planned?.text !== null && planned !== null,
  })}\n`

function render(
  findings: readonly ShownFinding[],
  planned: RosterImport | null,
  {shown, text}: ConfigTarget,
  tongue: Language,
  isWriting: boolean,
): string {
  const zh = tongue === 'zh'
  const said = `${renderFindings(findings, tongue)}${findings.length > 0 ? '\n' : ''}`
  if (!planned?.difference)
    return `${said}${zh ? '未导入' : 'refused'}: ${countFindings(findings, tongue)}${zh ? '；什么也没有写' : '; nothing was written'}\n`
  const made = text === null ? (zh ? '（新建）' : ' (new)') : ''
  const done = isWriting
    ? `${zh ? '已写入' : 'written to'} ${shown}${made}`
    : zh
      ? `只看差别，没有写；加 --write 写入 ${shown}${made}`
      : `only the difference, nothing was written; add --write to write ${shown}${made}`
  return `${said}${renderDifference(planned.difference, tongue)}${done}\n`
}
