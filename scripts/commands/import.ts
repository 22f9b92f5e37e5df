import {join} from 'node:path'
import {keyOf} from '../core/import/taken-over.js'
import {plainLine} from '../core/model/plain-line.js'
import type {Language, Words} from '../core/model/words.js'
import {importExisting, type ImportOutcome, type ImportRequest} from '../pipeline/import.js'
import {createSystemRandomness} from '../runtime/system-randomness.js'
import {writeExclusive} from '../store/atomic-file.js'
import {AUDIT_HELP} from './audit-words.js'
import {type CommandSpec, CouldNotRun, type Door} from './door.js'
import {openCheckedConfig} from './open-config.js'
import {openWriter} from './open-wecom.js'
import {WECOM_WORDS} from './wecom-option.js'
import {orUnread} from './or-unread.js'
import {renderFindings, showFindings, type ShownFinding} from './show-findings.js'
import {STORE_WORDS} from './store-option.js'
import {holderName, whoOption, withStore} from './store-run.js'

const HELP = {
  dryRun: {zh: '只看会写什么，什么也不写', en: 'shows what would be written and writes nothing'},
  groupWelcome: {
    zh: '入群欢迎语：模板 id=配置里的 id（企业微信没有列表接口）；可重复',
    en: 'a group welcome: its template id=the id it gets (no call lists them); repeatable',
  },
  ...AUDIT_HELP,
} satisfies Record<string, Words>

const LONGEST_REASON = 500

export const command: CommandSpec = {
  name: 'import',
  summary: {
    zh: '把企业微信里已有的活码和入群欢迎语收进配置和状态；印出去的码照常用',
    en: 'takes over contact codes and group welcomes that exist in WeCom; printed codes go on working',
  },
  example: 'yingbin import --dry-run --group-welcome msgTPL0001=vip',
  configure: (command, language = 'zh') =>
    command
      .option('--dry-run', HELP.dryRun[language], false)
      .option('--group-welcome <template=id>', HELP.groupWelcome[language], (flag, flags: string[] = []) => [
        ...flags,
        flag,
      ])
      .option('--reason <text>', HELP.reason[language])
      .option('--who <login>', HELP.who[language])
      .option('--wecom <url>', WECOM_WORDS[language])
      .option('--store <address>', STORE_WORDS[language]),
  run: (door, options, language) =>
    withStore(door, options, async (store, clock) => {
      const request = requestOf(door, options)
      const opened = await openCheckedConfig('import', door, options, language, clock.nowMs())
      if ('exitCode' in opened) return opened.exitCode
      const {config, loaded, tongue} = opened
      const {writer, waySeer, close} = openWriter(door, options['wecom'], config, clock)
      const suffix = createSystemRandomness().hex(8)
      const writeNew = (path: string, text: string) => writeExclusive(join(options.config, path), text, suffix)
      try {
        const reader = {...writer, ...waySeer}
        const outcome = await orUnread(importExisting({store, clock, reader, writeNew}, loaded, request))
        const findings = showFindings(outcome.findings, options.config, door, tongue)
        door.out(
          options.json
            ? documentOf(outcome, findings, request, tongue)
            : `${renderFindings(findings, tongue)}${render(outcome, request, tongue)}`,
        )
        return isFine(outcome) ? 0 : 1
      } finally {
        await close()
      }
    }),
}

function requestOf(door: Door, options: Readonly<Record<string, unknown>>): ImportRequest {
  const reason = typeof options['reason'] === 'string' ? {reason: plainLine(options['reason'], LONGEST_REASON)} : {}
  return {
    groupWelcomes: groupWelcomesOf(options['groupWelcome']),
    isDry: options['dryRun'] === true,
    ...{holder: holderName(door), who: whoOption(door, options['who'])},
    ...reason,
  }
}

/** The id becomes the name of a file: letters and digits of any script, dots, dashes and folders, nothing that leads out. */
const ID = /^[\p{L}\p{N}][\p{L}\p{N}._-]*(\/[\p{L}\p{N}][\p{L}\p{N}._-]*)*$/u

function groupWelcomesOf(written: unknown): ImportRequest['groupWelcomes'] {
  const flags = Array.isArray(written) ? written.map(String) : []
  const asked = flags.map((flag) => {
    const [templateId = '', ...rest] = flag.split('=')
    return {templateId, id: rest.join('=').normalize('NFC')}
  })
  const repeated = (names: readonly string[]): boolean => new Set(names).size < names.length
  const isWrong =
    asked.some(({templateId, id}) => templateId === '' || !ID.test(id)) ||
    repeated(asked.map(({templateId}) => templateId)) ||
    repeated(asked.map(({id}) => id.toLowerCase()))
  if (!isWrong) return asked
  throw new CouldNotRun(
    {zh: `--group-welcome 看不懂：${flags.join(' ')}`, en: `--group-welcome cannot be read: ${flags.join(' ')}`},
    {
      zh: '写作 --group-welcome msgTPL0001=vip，模板和 id 都不能重复',
      en: 'write --group-welcome msgTPL0001=vip, each template and each id once',
    },
  )
}

const isWritten = ({findings, inTheWay, taken}: ImportOutcome): boolean =>
  findings.length === 0 && inTheWay === null && taken.length > 0

/** What was named and could not be taken over is a no, although everything else may be written. */
const isFine = ({findings, inTheWay, missed}: ImportOutcome): boolean =>
  findings.length === 0 && inTheWay === null && missed.length === 0

function documentOf(
  outcome: ImportOutcome,
  findings: readonly ShownFinding[],
  {isDry}: ImportRequest,
  language: Language,
): string {
  const {taken, notes, inTheWay} = outcome
  return `${JSON.stringify({
    ...{command: 'import', verdict: isFine(outcome) ? 'ok' : 'refused', findings},
    files: taken.flatMap(({file}) => file ?? []),
    taken: taken.map(({resource}) => ({key: keyOf(resource), remoteId: resource.remoteId})),
    missed: outcome.missed,
    written: !isDry && isWritten(outcome),
    ...(inTheWay === null ? {} : {reason: fileInTheWay(inTheWay)[language]}),
    notes: notes.map((note) => note[language]),
  })}\n`
}

function render(outcome: ImportOutcome, {isDry}: ImportRequest, language: Language): string {
  const {taken, notes, inTheWay} = outcome
  const files = taken.flatMap(({file}) => file ?? [])
  const shown = isDry ? files.map(({path, text}) => `--- ${path}\n${text}`) : files.map(({path}) => `+ ${path}\n`)
  const keys = taken.map(({resource}) => `= ${keyOf(resource)}  ${resource.remoteId}\n`)
  const told = notes.map((note) => `· ${note[language]}\n`)
  const end = inTheWay === null ? endOf(outcome, isDry) : fileInTheWay(inTheWay)
  return `${[...shown, ...keys, ...told].join('')}${end[language]}\n`
}

function endOf({taken, findings}: ImportOutcome, isDry: boolean): Words {
  if (findings.length > 0) return NOT_SOUND
  if (taken.length === 0) return NOTHING
  return isDry ? ONLY_SHOWN : WRITTEN
}

const NOT_SOUND: Words = {
  zh: '写进来的文件过不了检查，什么也没有写',
  en: 'the new files would not pass the checks: nothing was written',
}
const NOTHING: Words = {zh: '没有要收进来的。', en: 'There is nothing to take over.'}
const ONLY_SHOWN: Words = {
  zh: '只看没有写；去掉 --dry-run 就写入文件和状态',
  en: 'only shown, nothing was written; without --dry-run files and state are written',
}
const WRITTEN: Words = {
  zh: '已写入文件和状态。请提交合并这些文件；合并之前，计划不会删除导入的东西。',
  en: 'Files and state are written. Commit and merge the files; until then no plan deletes what was imported.',
}
const fileInTheWay = (path: string): Words => ({
  zh: `${path} 已存在，不覆盖；状态没有动，移开它再运行一次`,
  en: `${path} exists and is not overwritten; the state was left alone: move it away and run again`,
})
