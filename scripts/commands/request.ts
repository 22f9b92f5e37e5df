import {readFileSync} from 'node:fs'
import {resolve} from 'node:path'
import type {Words} from '../core/model/words.js'
import {validateConfig} from '../pipeline/validate.js'
import {proposeRequest, readRequest} from '../pipeline/request.js'
import {type CommandSpec, CouldNotRun, type Door} from './door.js'
import {orHostRefused} from './host-refused.js'
import {openCodeHost, REPO_HELP} from './open-code-host.js'
import {requireFolder} from './open-config.js'
import {pathInRepository} from './repository-path.js'
import {languageFor, renderFindings} from './show-findings.js'
import {openClock} from './store-option.js'

const HELP = {
  issue: {zh: '权限申请的议题编号', en: 'number of the issue that asks for a permission'},
  from: {zh: '从文件读表单，不连 GitHub', en: 'read the form from a file, without GitHub'},
  pr: {zh: '提成合并请求并在议题下答复', en: 'propose it as a pull request and answer below the issue'},
  base: {zh: '合并请求的目标分支', en: 'the branch the proposal is for'},
} satisfies Record<string, Words>

export const command: CommandSpec = {
  name: 'request',
  summary: {
    zh: '把权限申请变成一份授权的合并请求',
    en: 'turns a permission request into a pull request with the grant',
  },
  example: 'yingbin request --issue 12 --pr',
  configure: (command, language = 'zh') =>
    command
      .requiredOption('--issue <number>', HELP.issue[language])
      .option('--from <file>', HELP.from[language])
      .option('--pr', HELP.pr[language])
      .option('--base <branch>', HELP.base[language], 'main')
      .option('--repo <owner/name>', REPO_HELP[language]),
  async run(door, options, language) {
    const number = issueNumber(options['issue'])
    const clock = openClock(door)
    requireFolder(options.config)
    const {loaded} = await validateConfig(options.config, clock.nowMs(), 'structure')
    const tongue = languageFor(language, loaded.config)
    const isProposing = options['pr'] === true
    const file = typeof options['from'] === 'string' ? options['from'] : null
    const host = file === null || isProposing ? openCodeHost(door, options) : null
    const body = file === null && host ? (await orHostRefused(host.readIssue(number))).body : readForm(door, file ?? '')
    const outcome = readRequest(body, number, loaded.config, clock.nowMs())
    const target = {
      number,
      folder: pathInRepository(door, options.config),
      baseRef: String(options['base']),
      language: tongue,
    }
    const proposal = isProposing && host ? await orHostRefused(proposeRequest(host, outcome, target)) : null
    const findings = outcome.findings.map(({says, fix, ...rest}) => ({...rest, says: says[tongue], fix: fix[tongue]}))
    const isFine = outcome.file !== null
    if (options.json)
      door.out(
        `${JSON.stringify({command: 'request', verdict: isFine ? 'ok' : 'refused', findings, file: outcome.file, proposal})}\n`,
      )
    else if (outcome.file === null) door.out(renderFindings(findings, tongue))
    else
      door.out(
        `${outcome.file.path}\n\n${outcome.file.text}${proposal === null ? '' : `\n${tongue === 'zh' ? '合并请求' : 'pull request'} #${proposal}\n`}`,
      )
    return isFine ? 0 : 1
  },
}

function issueNumber(written: unknown): number {
  if (typeof written === 'string' && /^[1-9]\d{0,9}$/.test(written)) return Number(written)
  throw new CouldNotRun(
    {zh: '--issue 要写议题编号', en: '--issue takes the number of an issue'},
    {zh: command.example, en: command.example},
  )
}

function readForm(door: Door, file: string): string {
  try {
    return readFileSync(resolve(door.cwd, file), 'utf8')
  } catch (error) {
    throw new CouldNotRun(
      {zh: `读不到 ${file}`, en: `${file} cannot be read`},
      {zh: '检查文件名', en: "check the file's name"},
      {cause: error},
    )
  }
}
