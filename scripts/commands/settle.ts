import {Argument, Option} from 'commander'
import {keyOf} from '../core/apply/resolve-ambiguous.js'
import type {AmbiguousResource} from '../core/model/plan.js'
import type {Language, Words} from '../core/model/words.js'
import {renderInstant, zoneOf} from '../core/model/zone.js'
import type {Clock} from '../core/ports.js'
import {type Finding, listOpen, type OpenThings, settle, type SettleRequest} from '../pipeline/settle.js'
import {AUDIT_HELP} from './audit-words.js'
import {type CommandSpec, type CommonOptions, CouldNotRun, type Door} from './door.js'
import {openCheckedConfig} from './open-config.js'
import {openWriter} from './open-wecom.js'
import {WECOM_WORDS} from './wecom-option.js'
import {orUnread} from './or-unread.js'
import {languageFor} from './show-findings.js'
import {STORE_WORDS} from './store-option.js'
import {holderName, reasonOption, whoOption, withStore} from './store-run.js'

const HELP = {
  key: {
    zh: 'group-welcome/id、contact-way/id 或 slot/模板id；不写就列出待定的、孤儿和空位',
    en: 'group-welcome/ID, contact-way/ID or slot/TEMPLATE_ID; without it lists what is in doubt, orphans and free slots',
  },
  adopt: {
    zh: '已经建出来了，id 是这个：认领（会先到企业微信核对）',
    en: 'it was made, under this id: adopt it (WeCom is asked first)',
  },
  retry: {zh: '确定没有建出来：下次 apply 再建', en: 'it was certainly not made: the next apply makes it'},
  orphan: {
    zh: '查不清：登记为孤儿，占一个名额，下次 apply 另建',
    en: 'nobody can tell: it counts as lost and takes a place; the next apply makes another',
  },
  found: {
    zh: '孤儿找到了，id 是这个：收作空位，下一条新的入群欢迎语就用它',
    en: 'the orphan was found under this id: it becomes a free slot that the next new group welcome is put into',
  },
  gone: {zh: '孤儿或空位确定已不存在：销账', en: 'the orphan or free slot certainly exists no more: strike it off'},
  ...AUDIT_HELP,
} satisfies Record<string, Words>

export const command: CommandSpec = {
  name: 'settle',
  summary: {
    zh: '创建没有收到答复的项：认领、重试或登记为孤儿',
    en: 'creates whose answers were lost: adopt, retry or declare orphan',
  },
  example: 'yingbin settle group-welcome/vip --adopt msgTPL0001 --reason 后台能看到',
  configure: (command, language = 'zh') => {
    const finding = (flags: string, how: Finding['how']): Option =>
      new Option(flags, HELP[how][language]).conflicts(HOWS.filter((other) => other !== how))
    return command
      .addArgument(new Argument('[key]', HELP.key[language]))
      .addOption(finding('--adopt <id>', 'adopt'))
      .addOption(finding('--retry', 'retry'))
      .addOption(finding('--orphan', 'orphan'))
      .addOption(finding('--found <id>', 'found'))
      .addOption(finding('--gone', 'gone'))
      .option('--reason <text>', HELP.reason[language])
      .option('--who <login>', HELP.who[language])
      .option('--store <address>', STORE_WORDS[language])
      .option('--wecom <url>', WECOM_WORDS[language])
  },
  run: (door, options, language) =>
    withStore(door, options, async (store, clock) => {
      const tongue = languageFor(language)
      const asked = askedOf(door, options)
      if (asked === null) {
        const left = await listOpen(store)
        door.out(options.json ? document('ok', left) : renderLeft(left, tongue))
        return 0
      }
      const {finding} = asked
      const wecom = 'remoteId' in finding ? await openWeCom(door, options, language, clock) : null
      if (wecom !== null && 'exitCode' in wecom) return wecom.exitCode
      try {
        const outcome = await orUnread(settle({store, clock, reader: wecom?.writer ?? null}, asked))
        const verdict = outcome.kind === 'done' ? 'ok' : 'refused'
        const says = outcome.kind === 'refused' ? outcome.reason[tongue] : SETTLED[finding.how][tongue]
        door.out(options.json ? document(verdict, outcome.left, says) : `${says}\n${renderLeft(outcome.left, tongue)}`)
        return outcome.kind === 'done' ? 0 : 1
      } finally {
        await wecom?.close()
      }
    }),
}

/** `null` when nothing is to be settled, only listed. */
function askedOf(door: Door, options: Readonly<Record<string, unknown>>): SettleRequest | null {
  const {key} = options
  const finding = findingOf(options)
  const wrong = (problem: Words): CouldNotRun => new CouldNotRun(problem, {zh: command.example, en: command.example})
  if (typeof key !== 'string') {
    if (finding) throw wrong(WHICH)
    return null
  }
  if (!finding) throw wrong(HOW)
  const reason = reasonOption(options['reason'], command.example)
  return {key, finding, reason, who: whoOption(door, options['who']), holder: holderName(door)}
}

/** The client needs the configuration for the app it speaks as. */
async function openWeCom(
  door: Door,
  options: Readonly<Record<string, unknown>> & CommonOptions,
  language: Language | undefined,
  clock: Clock,
) {
  const opened = await openCheckedConfig('settle', door, options, language, clock.nowMs())
  return 'exitCode' in opened ? opened : openWriter(door, options['wecom'], opened.config, clock)
}

const HOWS = ['adopt', 'retry', 'orphan', 'found', 'gone'] as const

function findingOf(options: Readonly<Record<string, unknown>>): Finding | null {
  for (const how of HOWS) {
    const written = options[how]
    if (how === 'adopt' || how === 'found') {
      if (typeof written === 'string') return {how, remoteId: written}
    } else if (written === true) return {how}
  }
  return null
}

const document = (verdict: 'ok' | 'refused', {open, orphans, slots}: OpenThings, says?: string): string =>
  `${JSON.stringify({
    ...{command: 'settle', verdict, findings: [], ...(says === undefined ? {} : {says})},
    ...{open: open.map(shown), orphans: orphans.map(shown), slots},
  })}\n`

const UTC = zoneOf('UTC')
const shown = (each: AmbiguousResource) => ({key: keyOf(each), since: renderInstant(each.since, UTC)})

function renderLeft({open, orphans, slots}: OpenThings, language: Language): string {
  const list = (title: Words, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [title[language], ...lines.map((line) => `  ${line}`)]
  const timed = (each: AmbiguousResource): string => `${keyOf(each)}  ${shown(each).since}`
  const lines = [
    ...list({zh: '待定（创建没有收到答复）：', en: 'In doubt (the create got no answer):'}, open.map(timed)),
    ...list({zh: '孤儿（可能占着名额）：', en: 'Orphans (may take a place):'}, orphans.map(timed)),
    ...list({zh: '入群欢迎语空位：', en: 'Free slots for group welcomes:'}, slots),
  ]
  return lines.length === 0 ? {zh: '没有待定的项。\n', en: 'Nothing is in doubt.\n'}[language] : `${lines.join('\n')}\n`
}

const SETTLED: Readonly<Record<Finding['how'], Words>> = {
  adopt: {
    zh: '已认领；内容若与配置不同，下一次计划会列出，在原处修改。',
    en: 'Adopted; where it differs from the configuration the next plan says so and changes it in place.',
  },
  retry: {zh: '已解除；下一次 apply 会再创建。', en: 'Freed; the next apply makes it.'},
  orphan: {
    zh: '已登记为孤儿，占一个名额；下一次 apply 会另建一个。',
    en: 'Counted as lost, it takes a place; the next apply makes another.',
  },
  found: {zh: '已收作空位。', en: 'It is a free slot now.'},
  gone: {zh: '已销账。', en: 'Struck off.'},
}

const WHICH: Words = {zh: '没有写是哪一项', en: 'it does not say which'}
const HOW: Words = {
  zh: '要写 --adopt、--retry、--orphan、--found 或 --gone 中的一个',
  en: 'one of --adopt, --retry, --orphan, --found or --gone is needed',
}
