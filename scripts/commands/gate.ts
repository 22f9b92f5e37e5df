import {resolve} from 'node:path'
import {renderComment} from '../core/gate/render-comment.js'
import {summaryOf} from '../core/gate/summary.js'
import type {Words} from '../core/model/words.js'
import type {Clock, CodeHost, Store} from '../core/ports.js'
import {decideGate, publishVerdict} from '../pipeline/gate.js'
import {inTemporaryFolder} from '../runtime/temporary-folder.js'
import {type CommandSpec, CouldNotRun, type ExitCode} from './door.js'
import {FORMAT_HELP, formatOf} from './format-option.js'
import {gateDocument} from './gate/document.js'
import {handOverToken, mintFor, notMintable} from './gate/mint.js'
import {pullUrl, runUrl} from './gate/places.js'
import {isNewlyLocked, securityPeople, writeReport} from './gate/report.js'
import {commentFacts, renderVerdict} from './gate/words.js'
import {orHostRefused} from './host-refused.js'
import {openCodeHost, REPO_HELP} from './open-code-host.js'
import {keyFromEnv} from './open-store.js'
import {pathInRepository} from './repository-path.js'
import {annotate, languageFor, showFindings} from './show-findings.js'
import {STORE_WORDS} from './store-option.js'
import {withStore} from './store-run.js'

export const command: CommandSpec = {
  name: 'gate',
  summary: {
    zh: '合并请求还缺谁同意、为什么；合并后签发批准令牌',
    en: 'who must still agree to a pull request and why; mints the approval token once merged',
  },
  example: 'yingbin gate --pr 42 --repo hehe/welcome',
  configure: (command, language) => {
    const say = (words: Words): string => words[language ?? 'zh']
    return command
      .option('--pr <number>', say({zh: '合并请求编号', en: 'number of the pull request'}))
      .option(
        '--commit <sha>',
        say({zh: '由合并提交或分支头找到合并请求', en: 'find the pull request by its merge commit or its head'}),
      )
      .option('--repo <owner/name>', REPO_HELP[language ?? 'zh'])
      .option('--store <address>', say(STORE_WORDS))
      .option(
        '--mint',
        say({
          zh: '已合并且可以发布时签发令牌（要 YINGBIN_TOKEN_KEY；有效 5 分钟，只能用一次）',
          en: 'mint a token once merged and agreed to (needs YINGBIN_TOKEN_KEY; lives 5 minutes, good once)',
        }),
      )
      .option(
        '--report <dir>',
        say({
          zh: '把 report.md、gate.json、plan.json 写到文件夹',
          en: 'write report.md, gate.json and plan.json there',
        }),
      )
      .option('--dry-run', say({zh: '只判定，不在 GitHub 上写任何东西', en: 'decide only; write nothing on GitHub'}))
      .option('--format <format>', FORMAT_HELP, 'text')
  },
  async run(door, options, language) {
    const format = formatOf(options)
    // Asked for before anything is decided or written: a gate that cannot sign cannot run.
    const key = options['mint'] === true ? await keyFromEnv(door, 'YINGBIN_TOKEN_KEY', 'private') : null
    const publishes = options['dryRun'] !== true
    const host = openCodeHost(door, options)
    const work = async (store: Store, clock: Clock): Promise<ExitCode> => {
      const number = await findPull(host, options)
      const report = await decideGate(
        {host, store, clock, inFolder: inTemporaryFolder},
        {number, folder: pathInRepository(door, options.config), publishes},
      )
      const tongue = languageFor(language, report.guarded.base.config)
      const findings = showFindings(report.findings, options.config, door, tongue)
      const facts = commentFacts(report, clock.nowMs(), runUrl(door))
      const document = gateDocument(
        report,
        findings,
        {
          isNewlyLocked: await isNewlyLocked(host, report),
          security: securityPeople(report, clock.nowMs()),
          url: pullUrl(door, number),
        },
        tongue,
      )
      if (typeof options['report'] === 'string')
        writeReport(resolve(door.cwd, options['report']), {report, facts, document}, tongue)
      if (publishes)
        await publishVerdict(host, report, {
          comment: renderComment(facts, tongue),
          summary: summaryOf(report.verdict, tongue),
        })
      const refusal = key === null ? null : notMintable(report)
      const token = key === null || refusal !== null ? null : await mintFor(report, key, clock.nowMs())
      if (token !== null) handOverToken(door, token, report.pull)
      const holds = report.verdict.holds && refusal === null
      if (format === 'json')
        door.out(
          `${JSON.stringify({
            ...document,
            verdict: holds ? 'ok' : 'refused',
            ...(refusal ? {reason: refusal[tongue]} : {}),
            ...(token === null ? {} : {token}),
          })}\n`,
        )
      else {
        if (format === 'github') await annotate(findings)
        door.out(renderVerdict(report, format === 'github' ? [] : findings, tongue))
        if (refusal) door.out(`${refusal[tongue]}\n`)
        if (token !== null && !door.env['GITHUB_OUTPUT']) door.out(`${token}\n`)
      }
      return holds ? 0 : 1
    }
    return withStore(door, options, (store, clock) => orHostRefused(work(store, clock)))
  },
}

/** By number, or by a commit; a commit that came without a pull request was agreed to by nobody. */
async function findPull(host: CodeHost, options: Readonly<Record<string, unknown>>): Promise<number> {
  const {pr, commit} = options
  if (typeof pr === 'string' && /^[1-9]\d*$/.test(pr)) return Number(pr)
  if (pr !== undefined || typeof commit !== 'string' || !/^[0-9a-f]{7,40}$/.test(commit))
    throw new CouldNotRun(
      {zh: '要写 --pr 编号，或 --commit 提交号', en: 'name a pull request with --pr, or a commit with --commit'},
      {zh: command.example, en: command.example},
    )
  const number = await host.findPullOf(commit)
  if (number !== null) return number
  throw new CouldNotRun(
    {
      zh: `提交 ${commit.slice(0, 12)} 不是从合并请求来的，没有人批准过它`,
      en: `commit ${commit.slice(0, 12)} came without a pull request, so nobody agreed to it`,
    },
    {
      zh: '把改动放进合并请求；主干不允许直接推送',
      en: 'put the change into a pull request; nobody pushes to the base branch',
    },
  )
}
