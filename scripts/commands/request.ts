import {readFileSync} from 'node:fs'
import {resolve} from 'node:path'
import {hasErrors} from '../core/model/finding.js'
import type {Words} from '../core/model/words.js'
import type {CodeHost} from '../core/ports.js'
import {type LoadedConfig, loadConfig, placeRemarks} from '../pipeline/load.js'
import {proposeRequest, readRequest, type RequestSource} from '../pipeline/request.js'
import {type CommandSpec, CouldNotRun, type Door} from './door.js'
import {orHostRefused} from './host-refused.js'
import {openCodeHost, REPO_HELP} from './open-code-host.js'
import {requireFolder} from './open-config.js'
import {pathInRepository} from './repository-path.js'
import {languageFor, renderFindings, showFindings} from './show-findings.js'
import {nowOf} from './store-option.js'

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
      .option('--issue <number>', HELP.issue[language])
      .option('--from <file>', HELP.from[language])
      .option('--pr', HELP.pr[language], false)
      .option('--base <branch>', HELP.base[language], 'main')
      .option('--repo <owner/name>', REPO_HELP[language]),
  async run(door, options, language) {
    const number = issueNumber(options['issue'])
    const from = typeof options['from'] === 'string' ? options['from'] : null
    if ((from === null && number === null) || (from !== null && options['pr'] === true)) throw wrongUse()
    const nowMs = nowOf(door)
    requireFolder(options.config)
    const loaded = await loadConfig(options.config)
    const tongue = languageFor(language, loaded.config)
    const faults = faultsOf(loaded)
    if (hasErrors(faults)) {
      const shown = showFindings(faults, options.config, door, tongue)
      door.out(
        options.json
          ? `${JSON.stringify({command: 'request', verdict: 'refused', findings: shown})}\n`
          : renderFindings(shown, tongue),
      )
      return 1
    }
    const host = from === null ? openCodeHost(door, options) : null
    const source = host && number !== null ? await readIssue(host, number) : {body: readForm(door, from ?? ''), number}
    const outcome = readRequest(source, loaded, nowMs)
    const folder = pathInRepository(door, options.config)
    const proposal =
      host && number !== null && options['pr'] === true
        ? await orHostRefused(
            proposeRequest(host, outcome, {number, folder, baseRef: String(options['base']), language: tongue}),
          )
        : null
    // Their place is a line of the issue, no file of this machine.
    const findings = outcome.findings.map(({says, fix, ...rest}) => ({...rest, says: says[tongue], fix: fix[tongue]}))
    const {file} = outcome
    if (options.json)
      door.out(`${JSON.stringify({command: 'request', verdict: file ? 'ok' : 'refused', findings, file, proposal})}\n`)
    else if (file) {
      if (findings.length > 0) door.err(renderFindings(findings, tongue))
      door.out(`# ${folder}/${file.path}\n${file.text}`)
      if (proposal !== null) door.err(`${tongue === 'zh' ? '合并请求' : 'pull request'} #${proposal}\n`)
    } else door.out(renderFindings(findings, tongue))
    return file ? 0 : 1
  },
}

/** What a request is checked against has to be sound; faults elsewhere do not hinder it. */
const faultsOf = ({remarks, folder}: LoadedConfig) =>
  placeRemarks(
    remarks.filter(({at}) => ['enterprise.yaml', 'organization.yaml', 'roles.yaml'].includes(at.file)),
    folder.files,
  )

async function readIssue(host: Pick<CodeHost, 'readIssue'>, number: number): Promise<RequestSource> {
  const {by, body} = await orHostRefused(host.readIssue(number))
  return {by, body, number}
}

function issueNumber(written: unknown): number | null {
  if (written === undefined) return null
  if (typeof written === 'string' && /^[1-9]\d{0,9}$/.test(written)) return Number(written)
  throw new CouldNotRun(
    {zh: '--issue 要写议题编号', en: '--issue takes the number of an issue'},
    {zh: command.example, en: command.example},
  )
}

const wrongUse = (): CouldNotRun =>
  new CouldNotRun(
    {
      zh: '要写 --issue；--from 只在本机看结果，不能和 --pr 一起用',
      en: '--issue is needed; --from only shows the result here and goes without --pr',
    },
    {zh: command.example, en: command.example},
  )

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
