import {planYear, type YearPlan} from '../core/calendar/plan-year.js'
import {hasErrors} from '../core/model/finding.js'
import type {Language, Words} from '../core/model/words.js'
import {findKnownYear} from '../holidays/known-year.js'
import {placeRemarks} from '../pipeline/load.js'
import {writeWhole} from '../store/atomic-file.js'
import {openTarget} from './config-target.js'
import {type CommandSpec, CouldNotRun} from './door.js'
import {languageFor, renderFindings, type ShownFinding, showFindings} from './show-findings.js'

const HELP = {
  year: {zh: '哪一年，如 2027', en: 'which year, such as 2027'},
  into: {zh: '日历文件；没有就新建', en: 'the calendar file; made when missing'},
  write: {zh: '写入文件；不加只看要写什么', en: 'write the file; without it only what would be written is shown'},
} satisfies Record<string, Words>

export const command: CommandSpec = {
  name: 'calendar',
  summary: {zh: '写入某年的放假与调休，待人复核', en: "write a year's holidays and make-up workdays, for review"},
  example: 'yingbin calendar --year 2027 --into calendars/cn.yaml --write',
  configure: (command, language = 'zh') =>
    command
      .option('--year <yyyy>', HELP.year[language])
      .option('--into <file>', HELP.into[language], 'calendars/cn.yaml')
      .option('--write', HELP.write[language], false),
  async run(door, options, language) {
    const year = yearOption(options['year'])
    const {loaded, target, findings} = await openTarget(door, options, options['into'], 'calendar', [])
    const tongue = languageFor(language, loaded.config)
    const calendar = loaded.config.calendars.get(target.id)?.value
    const plan = hasErrors(findings)
      ? null
      : planYear(year, findKnownYear(year), {
          path: target.path,
          written: calendar && target.text !== null ? {text: target.text, calendar} : null,
        })
    const isWriting = options['write'] === true && plan !== null && plan.text !== null
    if (isWriting && plan.text !== null) await writeWhole(target.absolute, plan.text)
    const text = plan?.text ?? target.text
    const told = plan ? placeRemarks(plan.remarks, text === null ? [] : [{path: target.path, text}]) : findings
    const shown = showFindings(told, options.config, door, tongue)
    const outcome = plan?.outcome ?? 'refused'
    door.out(
      options.json
        ? `${JSON.stringify({
            ...{command: 'calendar', verdict: outcome === 'refused' ? 'refused' : 'ok', findings: shown},
            ...{year, outcome, differing: plan?.differing ?? [], block: plan?.block ?? ''},
            ...{into: target.shown, written: isWriting},
          })}\n`
        : render(shown, plan, year, target.shown, tongue, isWriting),
    )
    return outcome === 'refused' ? 1 : 0
  },
}

function yearOption(year: unknown): string {
  if (typeof year === 'string' && /^[12]\d{3}$/.test(year)) return year
  throw new CouldNotRun(
    year === undefined
      ? {zh: '缺少 --year', en: '--year is missing'}
      : {zh: `--year 不是年份：${JSON.stringify(year)}`, en: `--year is no year: ${JSON.stringify(year)}`},
    {zh: command.example, en: command.example},
  )
}

function render(
  findings: readonly ShownFinding[],
  plan: YearPlan | null,
  year: string,
  file: string,
  tongue: Language,
  isWritten: boolean,
): string {
  const zh = tongue === 'zh'
  const done: Readonly<Record<YearPlan['outcome'], string>> = {
    nothing: zh ? `${file} 已有 ${year} 年，无事可做` : `${file} has ${year} already: nothing to do`,
    refused: zh ? '什么也没有写' : 'nothing was written',
    add: isWritten ? (zh ? `已写入 ${file}` : `written to ${file}`) : dryRun(zh, file),
    replace: isWritten ? (zh ? `已更新 ${file}` : `brought up to date in ${file}`) : dryRun(zh, file),
  }
  return [
    ...(findings.length > 0 ? [renderFindings(findings, tongue)] : []),
    ...(plan?.block ? [plan.block] : []),
    `${done[plan?.outcome ?? 'refused']}\n`,
  ].join('\n')
}

const dryRun = (zh: boolean, file: string): string =>
  zh ? `没有写；加 --write 写入 ${file}` : `nothing was written; add --write to write ${file}`
