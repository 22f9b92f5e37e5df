import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {generateKeyPair} from '../../scripts/runtime/keys.js'
import {type ARepository, openRepository, OWNER, REPO, TOKEN} from '../github/a-repository.js'
import {aConfig, type Changes} from '../support/a-config.js'
import {documentOf, type JsonObject, type Ran, runCommand} from '../support/run-command.js'
import {BANK} from './a-gate.js'

const KEYS = generateKeyPair()

/** A bank's repository on GitHub's stand-in, and the gate as a command in front of it. */
export interface AReview extends ARepository {
  readonly home: string
  /** Commits configuration files onto a branch from main and opens a pull request. */
  propose(branch: string, changes: Changes, by?: string, more?: Readonly<Record<string, string>>): number
  push(branch: string, changes: Changes, by?: string): string
  approve(pull: number, ...logins: readonly string[]): void
  gate(...flags: readonly string[]): Promise<Ran>
  /** The gate's document about a pull request. */
  ask(pull: number, ...flags: readonly string[]): Promise<JsonObject & {readonly code: number}>
  readonly publicKeyPem: string
  env(more?: Readonly<Record<string, string>>): Record<string, string>
}

const filesOf = (changes: Changes): Record<string, string> =>
  Object.fromEntries(Object.entries(aConfig(changes)).map(([path, text]) => [`config/${path}`, text]))

export async function openReview(base: Changes = {}, start?: Parameters<typeof openRepository>[1]): Promise<AReview> {
  const logins = [
    'xiao-wen',
    'ling-shou',
    'ling-er',
    'he-gui',
    'he-er',
    'xiao-bao',
    'ke-ji',
    'nei-shen',
    'an-quan',
    'lin-shi',
    'li-zhi',
  ]
  const repository = await openRepository(
    logins.map((login) => ({login, email: `${login}@bank.example`, may: 'write'})),
    start,
  )
  const home = mkdtempSync(join(tmpdir(), 'yingbin-review-'))
  const {control} = repository.standIn
  control.push({branch: 'main', files: filesOf({...BANK, ...base}), message: 'first', by: 'ke-ji'})
  const env = (more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
    GITHUB_REPOSITORY: `${OWNER}/${REPO}`,
    GITHUB_API_URL: repository.standIn.url,
    GITHUB_TOKEN: TOKEN,
    YINGBIN_GATE_LOGIN: 'yingbin-gate[bot]',
    YINGBIN_GITHUB_PACED: 'no',
    YINGBIN_STORE: `file:${join(home, 'store')}`,
    YINGBIN_TOKEN_KEY: KEYS.privateKeyPem,
    // The gate lives at the time of the stand-in.
    YINGBIN_CLOCK_OFFSET_MS: String(repository.nowMs() - Date.now()),
    ...more,
  })
  const gate = (...flags: readonly string[]): Promise<Ran> => runCommand(['gate', ...flags], {cwd: home, env: env()})
  const push = (branch: string, changes: Changes, by = 'xiao-wen'): string =>
    control.push({branch, files: filesOf({...BANK, ...base, ...changes}), message: 'change', by})
  return {
    ...repository,
    home,
    env,
    gate,
    push,
    publicKeyPem: KEYS.publicKeyPem,
    propose: (branch, changes, by = 'xiao-wen', more = {}) => {
      control.push({
        branch,
        from: 'main',
        files: {...filesOf({...BANK, ...base, ...changes}), ...more},
        message: 'change',
        by,
      })
      return control.openPull({head: branch, base: 'main', title: '改欢迎语', by})
    },
    approve: (pull, ...approvers) => {
      for (const by of approvers) control.review({pull, by, state: 'APPROVE'})
    },
    ask: async (pull, ...flags) => {
      const ran = await gate('--pr', String(pull), '--json', ...flags)
      return {...documentOf(ran), code: ran.code}
    },
    close: async () => {
      await repository.close()
      rmSync(home, {recursive: true, force: true})
    },
  }
}
