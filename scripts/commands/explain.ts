import {existsSync, readFileSync} from 'node:fs'
import {resolve} from 'node:path'
import {armOf} from '../core/canary/arm.js'
import type {Arm} from '../core/model/outcome.js'
import {createExplainer, type Explanation, type ExplainQuery} from '../core/greet/explain-query.js'
import {hasErrors} from '../core/model/finding.js'
import type {Choice} from '../core/model/choice.js'
import type {Language, Words} from '../core/model/words.js'
import {zoneOf} from '../core/model/zone.js'
import {heardWords} from '../core/render/heard-words.js'
import {timelineDocument} from '../core/render/rehearsal-document.js'
import {assembleDirectory, assembleRelease} from '../core/release/assemble-release.js'
import {validateConfig} from '../pipeline/validate.js'
import {type CommandSpec, CouldNotRun, type Door} from './door.js'
import {instantOption, requireFolder} from './open-config.js'
import {openClock, STORE_HELP} from './store-option.js'
import {languageFor, renderFindings, type ShownFinding, showFindings} from './show-findings.js'

/** A question as the flags or one line of `--from` write it. */
interface WrittenQuery {
  readonly member: string
  readonly at: string
  readonly state?: string
  readonly customer?: string
  readonly nickname?: string
}

interface Answer extends Omit<Explanation, 'because'> {
  readonly query: WrittenQuery
  readonly because: readonly string[]
  readonly arm: Arm
  /** The seven days from then on, where asked for. */
  readonly week?: ReturnType<typeof timelineDocument>
}

export const command: CommandSpec = {
  name: 'explain',
  summary: {zh: '某成员某时刻对客户说什么，以及为什么', en: 'what a member says at an instant, and why'},
  example: 'yingbin explain --member dian.li --at 2026-11-28T02:00:00+08:00 --state tbl_wuhou',
  configure: (command) =>
    command
      .option('--member <userid>', 'who is added')
      .option('--at <instant>', 'when (RFC 3339 with offset)')
      .option('--state <state>', 'what the channel code carries')
      .option('--customer <external_userid>', 'tells the arm of a running canary (see --store)')
      .option('--store <address>', `where a running canary is looked up; ${STORE_HELP}`)
      .option('--nickname <name>', "the customer's nickname; without it the greeting is rendered as for an unknown one")
      .option('--week', 'also the timeline of the seven days from then on')
      .option('--from <file>', 'many questions: one JSON object a line ("-" is standard input)'),
  async run(door, options, language) {
    const queries = readQueries(options, door)
    requireFolder(options.config)
    const {loaded, findings} = await validateConfig(options.config, door.nowMs(), 'structure')
    const tongue = languageFor(language, loaded.config)
    const errors = showFindings(
      findings.filter(({level}) => level === 'error'),
      options.config,
      door,
      tongue,
    )
    if (hasErrors(findings)) {
      door.out(
        options.json
          ? `${JSON.stringify({command: 'explain', verdict: 'refused', findings: errors, answers: []})}\n`
          : renderFindings(errors, tongue),
      )
      return 1
    }
    const explainer = createExplainer(assembleRelease(loaded.config), assembleDirectory(loaded.config))
    const zone = zoneOf(loaded.config.enterprise.value.timezone)
    const weekOf = (query: ExplainQuery) => timelineDocument(explainer.week(query), zone)
    const armFor = queries.some(({customer}) => customer !== undefined)
      ? await readArms(door, options['store'])
      : alwaysStable
    const answers = queries.map((query) => {
      const asked = askedOf(query)
      const week = options['week'] === true ? {week: weekOf(asked)} : {}
      return {...answerOf(query, explainer.explain(asked), armFor, tongue), ...week}
    })
    const noticed = answers.flatMap((answer) => noticeFindings(answer, options.config, tongue))
    if (options.json) door.out(`${JSON.stringify({command: 'explain', verdict: 'ok', findings: noticed, answers})}\n`)
    else
      door.out(
        answers
          .map((answer) => renderAnswer(answer, noticeFindings(answer, options.config, tongue), tongue))
          .join('\n'),
      )
    return 0
  },
}

function readQueries(options: Readonly<Record<string, unknown>>, door: Door): WrittenQuery[] {
  const {member, at, from} = options
  if (typeof from === 'string') return readLines(from === '-' ? 0 : resolve(door.cwd, from), from)
  if (typeof member !== 'string' || typeof at !== 'string')
    throw new CouldNotRun(
      {zh: '缺少 --member 和 --at（或 --from 文件）', en: '--member and --at (or --from FILE) are missing'},
      {zh: command.example, en: command.example},
    )
  instantOption(at, 0, '--at')
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
  return [
    withoutGaps({
      member,
      at,
      state: text(options['state']),
      customer: text(options['customer']),
      nickname: text(options['nickname']),
    }),
  ]
}

const withoutGaps = ({
  member,
  at,
  ...rest
}: {member: string; at: string} & Record<'state' | 'customer' | 'nickname', string | undefined>): WrittenQuery => ({
  member,
  at,
  ...(rest.state === undefined ? {} : {state: rest.state}),
  ...(rest.customer === undefined ? {} : {customer: rest.customer}),
  ...(rest.nickname === undefined ? {} : {nickname: rest.nickname}),
})

function readLines(source: number | string, shown: string): WrittenQuery[] {
  let text: string
  try {
    text = readFileSync(source, 'utf8')
  } catch (error) {
    throw new CouldNotRun(
      {zh: `读不到文件 ${shown}`, en: `cannot read the file ${shown}`},
      {zh: '检查 --from 的路径', en: 'check the path of --from'},
      {cause: error},
    )
  }
  const bad = (line: number, words: Words): CouldNotRun =>
    new CouldNotRun(
      {zh: `${shown} 第 ${line} 行：${words.zh}`, en: `${shown}:${line}: ${words.en}`},
      {
        zh: '每行一个 JSON，例如 {"member":"zhang.san","at":"2026-11-28T02:00:00+08:00"}',
        en: 'one JSON object a line, such as {"member":"zhang.san","at":"2026-11-28T02:00:00+08:00"}',
      },
    )
  return text
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [parseLine(line, (words) => bad(index + 1, words))]))
}

function parseLine(line: string, bad: (words: Words) => CouldNotRun): WrittenQuery {
  let parsed: unknown
  try {
    parsed = JSON.parse(line)
  } catch {
    throw bad({zh: '不是 JSON', en: 'not JSON'})
  }
  if (typeof parsed !== 'object' || parsed === null) throw bad({zh: '不是 JSON 对象', en: 'not a JSON object'})
  const field = (name: string): string | undefined => {
    const value = (parsed as Readonly<Record<string, unknown>>)[name]
    if (value !== undefined && value !== null && typeof value !== 'string')
      throw bad({zh: `${name} 应是文字`, en: `${name} must be a string`})
    return value ?? undefined
  }
  const [member, at] = [field('member'), field('at')]
  if (member === undefined || at === undefined) throw bad({zh: '缺少 member 或 at', en: 'member or at is missing'})
  try {
    instantOption(at, 0, 'at')
  } catch (error) {
    throw error instanceof CouldNotRun ? bad(error.says) : error
  }
  return withoutGaps({member, at, state: field('state'), customer: field('customer'), nickname: field('nickname')})
}

type ArmFor = (customer: string | undefined) => Arm
const alwaysStable: ArmFor = () => 'stable'

/** Which arm of the canary that runs now a customer is in; everybody is stable while none runs or no store is there. */
async function readArms(door: Door, written: unknown): Promise<ArmFor> {
  const isNamed = typeof written === 'string' || door.env['YINGBIN_STORE'] !== undefined
  if (!isNamed && !existsSync(resolve(door.cwd, '.yingbin/store'))) return alwaysStable
  const {openStore} = await import('./open-store.js')
  const store = openStore(door, written, openClock(door))
  const canary = (await store.readManifest())?.manifest.canary ?? null
  await store.close()
  return (customer) => (canary && customer !== undefined ? armOf(customer, canary) : 'stable')
}

function askedOf({member, at, state, nickname}: WrittenQuery): ExplainQuery {
  return {
    member,
    atMs: instantOption(at, 0, 'at'),
    ...(state ? {state} : {}),
    ...(nickname === undefined ? {} : {nickname}),
  }
}

const answerOf = (query: WrittenQuery, explanation: Explanation, armFor: ArmFor, language: Language): Answer => ({
  query,
  ...explanation,
  because: explanation.because.map((words) => words[language]),
  arm: armFor(query.customer),
})

const NOTICES: Readonly<Record<Choice['notices'][number], Words>> = {
  ambiguous: {zh: '有同级冲突，跳过了这一级', en: 'a tie at one level was skipped'},
  'unknown-member': {zh: '通讯录里没有这个成员', en: 'the directory does not know this member'},
  'unknown-state': {zh: 'state 不属于任何渠道', en: 'the state belongs to no channel'},
  'calendar-missing': {
    zh: '日历没有这一年，按普通周几判断',
    en: 'the calendar has no rows for this year, so plain weekdays decide',
  },
  'roster-stale': {zh: '班表过期，班次视为不存在', en: 'the roster is stale, so its shifts count as absent'},
  'successor-missing': {zh: '找不到在职的接替人', en: 'nobody in service follows the leaver'},
}

const NOTICE_FIX: Words = {zh: '运行 yingbin validate 查看详情', en: 'run yingbin validate for details'}

function noticeFindings({query, notices}: Answer, folder: string, language: Language): ShownFinding[] {
  return notices.map((notice) => ({
    rule: notice,
    level: 'warning' as const,
    file: folder,
    line: 1,
    column: 1,
    says: `${query.member} ${query.at}: ${NOTICES[notice][language]}`,
    fix: NOTICE_FIX[language],
  }))
}

function renderAnswer(answer: Answer, notices: readonly ShownFinding[], language: Language): string {
  const zh = language === 'zh'
  const {query, template, schedule, because, text, attachments, outcome, next} = answer
  const silent = outcome === 'silent_by_rule'
  const lines = [
    `${query.member}  ${query.at}${query.state ? `  state=${query.state}` : ''}`,
    ...(query.customer === undefined ? [] : [`  ${zh ? '分组' : 'arm'}: ${answer.arm}`]),
    `  ${zh ? '模板' : 'template'}: ${heardWords({template, silent}, language)}   ${zh ? '排班' : 'schedule'}: ${schedule ?? '-'}   ${zh ? '结果' : 'outcome'}: ${outcome}`,
    ...because.map((reason) => `  · ${reason}`),
    ...notices.map(({says}) => `  ! ${says}`),
    ...(silent ? [] : text.split('\n').map((line) => `  │ ${line}`)),
    ...attachments.map(
      (attachment) =>
        `  │ 〔${attachment.type}〕 ${'title' in attachment ? attachment.title : attachment.file}${attachment.type === 'link' ? `  ${attachment.url}` : ''}`,
    ),
    `  ${zh ? '下次变化' : 'next change'}: ${next ? `${next.at} → ${next.template ?? (zh ? '（不说或内置）' : '(silent or built-in)')}` : zh ? '400 天内不变' : 'none within 400 days'}`,
    ...(answer.week ?? []).map((row) => `  ${row.from} – ${row.until}  ${heardWords(row, language)}`),
  ]
  return `${lines.join('\n')}\n`
}
