import type {Config} from '../core/model/config.js'
import {plainLine} from '../core/model/plain-line.js'
import type {Language, Words} from '../core/model/words.js'
import {renderInstant, type Zone, zoneOf} from '../core/model/zone.js'
import {renderDriftText, renderHealedText} from '../core/observe/render-drifts.js'
import {renderSignalsText} from '../core/observe/render-signals.js'
import type {Clock, Store} from '../core/ports.js'
import {type DriftReport, observeDrift} from '../pipeline/drift.js'
import {keepDriftIssue} from '../pipeline/drift-issue.js'
import {type HealOutcome, healDrift} from '../pipeline/heal.js'
import {AUDIT_HELP} from './audit-words.js'
import type {CommandSpec, Door} from './door.js'
import {orHostRefused} from './host-refused.js'
import {openCodeHost, REPO_HELP} from './open-code-host.js'
import {instantOption, openCheckedConfig} from './open-config.js'
import {openWriter} from './open-wecom.js'
import {WECOM_WORDS} from './wecom-option.js'
import {orUnread} from './or-unread.js'
import {languageFor, type ShownFinding} from './show-findings.js'
import {STORE_WORDS} from './store-option.js'
import {holderName, whoOption, withStore} from './store-run.js'

const HELP = {
  issue: {
    zh: '维护一张差异单：有差别就更新，没有就关闭',
    en: 'keeps one issue up to date, closed when nothing differs',
  },
  heal: {
    zh: '把企业微信恢复成上次应用的样子（写企业微信；冻结期和应用进行中不做）',
    en: 'brings WeCom back to what was applied last (writes to WeCom; not in a freeze window nor while an apply runs)',
  },
  since: {
    zh: '后台操作日志从这个时刻看起（默认 24 小时前，最多 180 天）',
    en: "look at the console's log since this instant (default: the last 24 hours; at most 180 days)",
  },
  reason: {zh: '为什么修复，记进审计', en: 'why it is healed; goes into the audit'},
  who: AUDIT_HELP.who,
} satisfies Record<string, Words>

const LONGEST_REASON = 500

type Options = Readonly<Record<string, unknown>>

export const command: CommandSpec = {
  name: 'drift',
  summary: {
    zh: '企业微信现在的样子，与应用过的、与配置想要的，差在哪里；加 --heal 恢复成上次应用的样子',
    en: 'what WeCom has now against what was applied and what the configuration wants; --heal brings back what was applied',
  },
  example: 'yingbin drift --issue',
  configure: (command, language = 'zh') =>
    command
      .option('--wecom <url>', WECOM_WORDS[language])
      .option('--store <address>', STORE_WORDS[language])
      .option('--issue', HELP.issue[language], false)
      .option('--repo <owner/name>', REPO_HELP[language])
      .option('--since <instant>', HELP.since[language])
      .option('--heal', HELP.heal[language], false)
      .option('--reason <text>', HELP.reason[language])
      .option('--who <login>', HELP.who[language]),
  run: (door, options, language) =>
    withStore(door, options, async (store, clock) => {
      const opened = await openCheckedConfig('drift', door, options, language, clock.nowMs())
      if ('exitCode' in opened) return opened.exitCode
      const {config, tongue, warnings} = opened
      const host = options['issue'] === true ? openCodeHost(door, options) : null
      const looked = await look(door, options, {store, clock}, config)
      const zone = zoneOf(config.enterprise.value.timezone)
      if (host) await orHostRefused(keepDriftIssue(host, looked.report, zone, languageFor(undefined, config)))
      door.out(options.json ? documentOf(looked, warnings, zone, tongue) : render(looked, zone, tongue))
      return isFine(looked) ? 0 : 1
    }),
}

/** What differs now, and what `--heal` did; absent without it. */
interface Looked {
  readonly report: DriftReport
  readonly outcome?: HealOutcome
}

const isFine = ({report, outcome}: Looked): boolean => report.drifts.length === 0 && outcome?.kind !== 'refused'

async function look(
  door: Door,
  options: Options,
  {store, clock}: {readonly store: Store; readonly clock: Clock},
  config: Config,
): Promise<Looked> {
  const span = options['since'] === undefined ? {} : {sinceMs: instantOption(options['since'], 0, '--since')}
  const {writer, adminLog, close} = openWriter(door, options['wecom'], config, clock)
  const ports = {store, reader: writer, adminLog, clock}
  try {
    if (options['heal'] !== true) return {report: await orUnread(observeDrift(ports, config, span))}
    const reason = typeof options['reason'] === 'string' ? {reason: plainLine(options['reason'], LONGEST_REASON)} : {}
    const request = {
      holder: holderName(door),
      who: whoOption(door, options['who']),
      ...reason,
      ...span,
      signal: door.signal,
    }
    const outcome = await orUnread(healDrift({...ports, writer}, config, request))
    return {report: outcome.report, outcome}
  } finally {
    await close()
  }
}

function documentOf(looked: Looked, findings: readonly ShownFinding[], zone: Zone, language: Language): string {
  const {report, outcome} = looked
  const {drifts, consoleEdits, missingCodes, freeze, notes} = report
  const document = {
    ...{command: 'drift', verdict: isFine(looked) ? 'ok' : 'refused', findings, drifts},
    ...(outcome ? healDocument(outcome, language) : {}),
    console: consoleEdits.map(({atMs, operator, operType, says}) => ({
      ...{kind: 'console', at: renderInstant(atMs, zone), operator, operType, says: says[language]},
    })),
    missingCodes,
    ...{freeze, notes: notes.map((note) => note[language])},
  }
  return `${JSON.stringify(document)}\n`
}

const healDocument = (outcome: HealOutcome, language: Language): object =>
  outcome.kind === 'refused'
    ? {healed: [], reason: outcome.reason[language], fix: outcome.fix[language]}
    : {healed: outcome.healed.map(({key, status, says}) => ({key, status, says: says[language]}))}

function render({report, outcome}: Looked, zone: Zone, language: Language): string {
  const rest = `${renderDriftText(report.drifts, report.notes, language)}${renderSignalsText(report, zone, language)}`
  if (!outcome) return rest
  if (outcome.kind === 'refused') return `${outcome.reason[language]}\n  ${outcome.fix[language]}\n${rest}`
  return `${renderHealedText(outcome.healed, language)}${rest}`
}
