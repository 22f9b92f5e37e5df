import type {Words} from '../core/model/words.js'
import {renderDriftText} from '../core/observe/render-drifts.js'
import {AnswerLost, Refused} from '../core/ports.js'
import {keepDriftIssue, observeDrift} from '../pipeline/drift.js'
import {type CommandSpec, CouldNotRun} from './door.js'
import {orHostRefused} from './host-refused.js'
import {openCodeHost, REPO_HELP} from './open-code-host.js'
import {openCheckedConfig} from './open-config.js'
import {openWriter, WECOM_WORDS} from './open-wecom.js'
import {languageFor} from './show-findings.js'
import {STORE_WORDS} from './store-option.js'
import {withStore} from './store-run.js'

const HELP = {
  issue: {
    zh: '维护一张差异单：有差别就更新，没有就关闭',
    en: 'keeps one issue up to date, closed when nothing differs',
  },
} satisfies Record<string, Words>

export const command: CommandSpec = {
  name: 'drift',
  summary: {
    zh: '企业微信现在的样子，与应用过的、与配置想要的，差在哪里；从不写企业微信',
    en: 'what WeCom has now against what was applied and what the configuration wants; never writes to WeCom',
  },
  example: 'yingbin drift --issue',
  configure: (command, language = 'zh') =>
    command
      .option('--wecom <url>', WECOM_WORDS[language])
      .option('--store <address>', STORE_WORDS[language])
      .option('--issue', HELP.issue[language], false)
      .option('--repo <owner/name>', REPO_HELP[language]),
  run: (door, options, language) =>
    withStore(door, options, async (store, clock) => {
      const opened = await openCheckedConfig('drift', door, options, language, clock.nowMs())
      if ('exitCode' in opened) return opened.exitCode
      const {config, tongue, warnings} = opened
      const host = options['issue'] === true ? openCodeHost(door, options) : null
      const {writer, close} = openWriter(door, options['wecom'], config, clock)
      try {
        const report = await orUnread(observeDrift({store, reader: writer, clock}, config))
        if (host) await orHostRefused(keepDriftIssue(host, report, languageFor(undefined, config)))
        const {drifts, notes, freeze} = report
        const verdict = drifts.length === 0 ? 'ok' : 'refused'
        const words = notes.map((note) => note[tongue])
        door.out(
          options.json
            ? `${JSON.stringify({command: 'drift', verdict, findings: warnings, drifts, freeze, notes: words})}\n`
            : renderDriftText(drifts, notes, tongue),
        )
        return drifts.length === 0 ? 0 : 1
      } finally {
        await close()
      }
    }),
}

/** What could not be read is no answer: neither "drift" nor "none". */
async function orUnread<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof Refused || error instanceof AnswerLost)) throw error
    throw new CouldNotRun(
      {
        zh: `没有查完，无法比较：${error.message}`,
        en: `not everything could be read, nothing was compared: ${error.message}`,
      },
      {
        zh: '检查应用权限、可信 IP 和网络，再运行一次',
        en: "check the app's permissions, trusted IPs and the network, and run it again",
      },
      {cause: error},
    )
  }
}
