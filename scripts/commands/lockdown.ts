import {Argument, Option} from 'commander'
import type {Lockdown} from '../core/model/release.js'
import type {Language, Words} from '../core/model/words.js'
import {renderInstant, zoneOf} from '../core/model/zone.js'
import type {LockdownChange} from '../core/observe/change-lockdown.js'
import {describeLockdown, parseScope, renderScope} from '../core/observe/scope.js'
import {type LockdownOutcome, switchLockdown} from '../pipeline/lockdown.js'
import {AUDIT_HELP} from './audit-words.js'
import {type CommandSpec, CouldNotRun} from './door.js'
import {instantOption} from './open-config.js'
import {keyFromEnv} from './open-store.js'
import {languageFor} from './show-findings.js'
import {STORE_WORDS} from './store-option.js'
import {reasonOption, whoOption, withStore} from './store-run.js'

const HELP = {
  turn: {zh: 'on 打开，off 解除', en: 'on or off'},
  scope: {
    zh: '范围：corp（全公司，打开时的默认）、department:路径、template:模板 id 或 host:域名；off 不写范围就全部解除',
    en: 'corp (the whole company, default of on), department:PATH, template:ID or host:HOST; off without it lifts all',
  },
  mode: {
    zh: '只发文字、什么都不发，或只说一条公告（pinned，配 --notice）',
    en: 'text without attachments and links, nothing at all, or one notice only (pinned, with --notice)',
  },
  notice: {
    zh: '公告：现在的发布里一条只有文字的模板 id',
    en: 'the notice: id of a template of the present release that is plain text',
  },
  until: {zh: '到这个时刻自动解除', en: 'lifts itself at this instant'},
  ...AUDIT_HELP,
} satisfies Record<string, Words>

export const command: CommandSpec = {
  name: 'lockdown',
  summary: {
    zh: '紧急开关：只发文字、不发欢迎语，或只说一条公告',
    en: 'kill switch: text only, no welcome at all, or one notice',
  },
  example: 'yingbin lockdown on --scope host:m.hehejj.example --reason 域名被劫持',
  configure: (command, language = 'zh') =>
    command
      .addArgument(new Argument('<turn>', HELP.turn[language]).choices(['on', 'off']))
      .option('--scope <scope>', HELP.scope[language])
      .addOption(
        new Option('--mode <mode>', HELP.mode[language])
          .choices(['text-only', 'silent', 'pinned'])
          .default('text-only'),
      )
      .option('--notice <template>', HELP.notice[language])
      .option('--until <instant>', HELP.until[language])
      .option('--reason <text>', HELP.reason[language])
      .option('--who <login>', HELP.who[language])
      .option('--store <address>', STORE_WORDS[language]),
  async run(door, options, language) {
    const tongue = languageFor(language)
    const reason = reasonOption(options['reason'], command.example)
    const change = changeOf(options)
    const privateKeyPem = await keyFromEnv(door, 'YINGBIN_RELEASE_KEY', 'private')
    return withStore(door, options, async (store, clock) => {
      const who = whoOption(door, options['who'])
      const outcome = await switchLockdown({store, clock}, change, {privateKeyPem, who, reason})
      door.out(options.json ? `${JSON.stringify(documentOf(outcome, tongue))}\n` : render(outcome, tongue))
      return outcome.kind === 'refused' ? 1 : 0
    })
  },
}

function changeOf(options: Readonly<Record<string, unknown>>): LockdownChange {
  const written = options['scope']
  const scope = typeof written === 'string' ? parseScope(written) : null
  if (written !== undefined && scope === null)
    throw new CouldNotRun(
      {zh: `--scope 看不懂：${JSON.stringify(written)}`, en: `--scope cannot be read: ${JSON.stringify(written)}`},
      HELP.scope,
    )
  if (options['turn'] === 'off') return {turn: 'off', scope}
  const until = options['until'] === undefined ? {} : {untilMs: instantOption(options['until'], 0, '--until')}
  return {turn: 'on', entry: {scope: scope ?? 'corp', ...modeOf(options), ...until}}
}

function modeOf({mode, notice}: Readonly<Record<string, unknown>>): Pick<Lockdown, 'mode' | 'notice'> {
  if ((mode === 'pinned') !== (typeof notice === 'string'))
    throw new CouldNotRun(
      {
        zh: '--notice 只和 --mode pinned 一起用，而且必须写',
        en: '--notice goes with --mode pinned, and has to be there',
      },
      HELP.notice,
    )
  if (typeof notice === 'string') return {mode: 'pinned', notice: notice.normalize('NFC')}
  return {mode: mode === 'silent' ? 'silent' : 'text-only'}
}

const UTC = zoneOf('UTC')
const instant = (ms: number): string => renderInstant(ms, UTC)

const lockdownDocument = ({scope, mode, notice, untilMs}: Lockdown) => ({
  scope: renderScope(scope),
  mode,
  ...(notice === undefined ? {} : {notice}),
  until: untilMs === undefined ? null : instant(untilMs),
})

const documentOf = (outcome: LockdownOutcome, language: Language): object =>
  outcome.kind === 'refused'
    ? {
        ...{command: 'lockdown', verdict: 'refused', findings: []},
        ...{reason: outcome.reason[language], fix: outcome.fix[language]},
      }
    : {
        ...{command: 'lockdown', verdict: 'ok', findings: [], changed: outcome.kind === 'done'},
        ...{version: outcome.version, lockdown: outcome.lockdown.map(lockdownDocument)},
        remarks: outcome.remarks.map((remark) => remark[language]),
      }

function render(outcome: LockdownOutcome, language: Language): string {
  if (outcome.kind === 'refused') return `${outcome.reason[language]}\n  ${outcome.fix[language]}\n`
  const zh = language === 'zh'
  const {kind, version, lockdown, remarks} = outcome
  const done =
    kind === 'done'
      ? zh
        ? `清单第 ${version} 版已发布；应答服务 15 秒左右接上。`
        : `manifest ${version} is published; responders take it up within some 15 seconds.`
      : zh
        ? '本来就是这样，没有要做的事。'
        : 'it stands like this already: nothing to do.'
  const list = lockdown.map((entry) => `  ${describeLockdown(entry, instant)[language]}`)
  const now =
    list.length > 0 ? (zh ? '现在的开关：' : 'Switched now:') : zh ? '现在没有任何开关。' : 'Nothing is switched now.'
  return `${[done, ...remarks.map((remark) => `! ${remark[language]}`), now, ...list].join('\n')}\n`
}
