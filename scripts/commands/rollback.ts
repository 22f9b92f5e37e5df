import {type Asked, parseAsked} from '../core/observe/choose-release.js'
import type {PastRelease} from '../core/observe/history.js'
import type {Language, Words} from '../core/model/words.js'
import {zoneOf} from '../core/model/zone.js'
import {rollBack, type RollbackOutcome} from '../pipeline/rollback.js'
import {AUDIT_HELP} from './audit-words.js'
import {type CommandSpec, CouldNotRun} from './door.js'
import {renderRelease} from './history.js'
import {instantOption} from './open-config.js'
import {REPO_HELP} from './open-code-host.js'
import {keyFromEnv} from './open-store.js'
import {revertOnly, tryRevert} from './revert-proposal.js'
import {languageFor} from './show-findings.js'
import {STORE_WORDS} from './store-option.js'
import {holderName, reasonOption, whoOption, withStore} from './store-run.js'

const HELP = {
  to: {
    zh: '退到哪个发布：history 里的编号、摘要（至少前 7 位）或 previous',
    en: 'which release: a number of history, a digest (its first 7 digits or more) or previous',
  },
  at: {zh: '退到那个时刻大家听到的发布，代替 --to', en: 'what everybody heard at that instant, instead of --to'},
  ...AUDIT_HELP,
  revert: {
    zh: '只提还原的合并请求：主干若还是被退下的发布，就提一个改回来（不写存储，可以反复运行）',
    en: 'only propose the way back in git, where the branch still holds what was taken back (writes no store; run it as often as you like)',
  },
  base: {zh: '还原进哪个分支', en: 'the branch the way back goes into'},
} satisfies Record<string, Words>

export const command: CommandSpec = {
  name: 'rollback',
  summary: {zh: '让应答服务说回从前的发布', en: 'lets responders say an earlier release again'},
  example: 'yingbin rollback --to previous --reason 链接打不开',
  configure: (command, language = 'zh') =>
    command
      .option('--to <release>', HELP.to[language])
      .option('--at <instant>', HELP.at[language])
      .option('--reason <text>', HELP.reason[language])
      .option('--who <login>', HELP.who[language])
      .option('--revert', HELP.revert[language], false)
      .option('--repo <owner/name>', REPO_HELP[language])
      .option('--base <branch>', HELP.base[language], 'main')
      .option('--store <address>', STORE_WORDS[language]),
  async run(door, options, language) {
    const tongue = languageFor(language)
    if (options['revert'] === true) return revertOnly(door, options, tongue)
    const asked = askedOption(options['to'], options['at'])
    const reason = reasonOption(options['reason'], command.example)
    const privateKeyPem = await keyFromEnv(door, 'YINGBIN_RELEASE_KEY', 'private')
    return withStore(door, options, async (store, clock) => {
      const outcome = await rollBack(
        {store, clock},
        {
          ...{asked, reason, who: whoOption(door, options['who']), holder: holderName(door)},
          manifest: {privateKeyPem},
        },
      )
      // What customers hear comes first: GitHub may be slow, or away.
      if (!options.json) door.out(render(outcome, tongue))
      const revert = outcome.kind === 'refused' ? null : await tryRevert(door, options, {store, clock})
      if (options.json) door.out(`${JSON.stringify({...documentOf(outcome, tongue), revert: revert?.shown ?? null})}\n`)
      else if (revert) door.out(`${revert.says[tongue]}\n`)
      return outcome.kind === 'refused' ? 1 : 0
    })
  },
}

function askedOption(to: unknown, at: unknown): Asked {
  if ((to === undefined) === (at === undefined))
    throw new CouldNotRun(
      {zh: '要写 --to 或 --at 中的一个', en: 'one of --to and --at is needed'},
      {zh: command.example, en: command.example},
    )
  if (at !== undefined) return {by: 'instant', atMs: instantOption(at, 0, '--at')}
  const asked = parseAsked(String(to))
  if (asked) return asked
  throw new CouldNotRun(
    {zh: `--to 看不懂：${JSON.stringify(to)}`, en: `--to cannot be read: ${JSON.stringify(to)}`},
    HELP.to,
  )
}

const shown = ({number, digest}: PastRelease) => ({number, digest})

/** What a rollback leaves alone, so that nobody takes it for more than it is. */
const KEEPS = ['contact-way', 'corp-tag', 'group-welcome', 'member-tag', 'member-tag-users', 'directory'] as const

function documentOf(outcome: RollbackOutcome, language: Language): object {
  const command = 'rollback'
  switch (outcome.kind) {
    case 'refused':
      return {
        ...{command, verdict: 'refused', findings: [], reason: outcome.reason[language]},
        choices: outcome.choices.map(shown),
      }
    case 'already':
      return {
        ...{command, verdict: 'ok', findings: [], from: shown(outcome.to), to: shown(outcome.to)},
        ...{version: outcome.version, changed: false},
      }
    case 'done':
      return {
        ...{command, verdict: 'ok', findings: [], from: outcome.away[0] ?? null, to: shown(outcome.to)},
        ...{version: outcome.version, changed: true, quarantined: outcome.away, endedCanary: outcome.endedCanary},
        ...{keeps: KEEPS, unknownContactWays: outcome.strangers},
      }
  }
}

const DIGEST_SHOWN = 12

function render(outcome: RollbackOutcome, language: Language): string {
  const zh = language === 'zh'
  if (outcome.kind === 'refused') {
    const zone = zoneOf('UTC')
    const choices = outcome.choices.map((release) => renderRelease(release, zone, language))
    const head = zh ? '可以退到：' : 'Choose one of:'
    return `${[outcome.reason[language], ...(choices.length > 0 ? [head, ...choices] : [])].join('\n')}\n`
  }
  const {number, digest} = outcome.to
  const name = zh
    ? `第 ${number} 号发布（${digest.slice(0, DIGEST_SHOWN)}）`
    : `release ${number} (${digest.slice(0, DIGEST_SHOWN)})`
  if (outcome.kind === 'already')
    return zh ? `现在说的就是${name}，没有要做的事\n` : `${name} is what is said already: nothing to do\n`
  const {away, endedCanary, version, strangers} = outcome
  const lines = zh
    ? [
        `已退到${name}，清单第 ${version} 版；应答服务 15 秒左右接上。`,
        ...away.map(
          (from) =>
            `已隔离 ${from.slice(0, DIGEST_SHOWN)}：原样再发布会被拦下；改好再提，或用 yingbin rollback 退回它。`,
        ),
        ...(endedCanary === null ? [] : [`灰度 ${endedCanary.slice(0, DIGEST_SHOWN)} 已结束。`]),
        '只退应答服务说的话；渠道活码、客户标签、成员标签、入群欢迎语和通讯录镜像都没有动。',
        ...strangers.map((id) => `渠道「${id}」的活码还在用，但这个发布不认识它：它的客户会听到普通的欢迎语。`),
        '仓库里的配置没有变，被隔离的发布不会再自己上线；还原的合并请求见下，或等 yingbin rollback --revert 去提。',
      ]
    : [
        `Back at ${name}, manifest ${version}; responders take it up within some 15 seconds.`,
        ...away.map(
          (from) =>
            `${from.slice(0, DIGEST_SHOWN)} is quarantined: deploying it unchanged will be refused; mend it first, or go back to it with yingbin rollback.`,
        ),
        ...(endedCanary === null ? [] : [`The canary of ${endedCanary.slice(0, DIGEST_SHOWN)} has ended.`]),
        'Only what responders say went back; contact ways, customer tags, member tags, group welcomes and the directory stay as they are.',
        ...strangers.map(
          (id) =>
            `The code of channel "${id}" is still in use and unknown to this release: its customers hear an ordinary welcome.`,
        ),
        'The configuration in git did not change, and what is quarantined does not ship again by itself; the pull request that takes it back is told below, or comes with yingbin rollback --revert.',
      ]
  return `${lines.join('\n')}\n`
}
