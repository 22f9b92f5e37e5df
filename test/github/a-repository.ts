import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createCodeHost, type CodeHostSettings} from '../../scripts/github/create-code-host.js'
import type {CodeHost} from '../../scripts/core/ports.js'
import type {StandInAccount} from '../../scripts/sandbox/github/records.js'
import type {createGitHubStandIn, GitHubStandIn} from '../../scripts/sandbox/github/create-github-stand-in.js'
import {createCheckedStandIn} from './checked-stand-in.js'

export const OWNER = 'hehe'
export const REPO = 'welcome'
export const TOKEN = 'ghp_not_to_be_seen_by_anybody'
export const GATE = 'yingbin-gate[bot]'
export const START_MS = Date.UTC(2026, 10, 24, 4)

const people = (...logins: readonly string[]): StandInAccount[] =>
  logins.map((login) => ({login, email: `${login}@hehe.example`, token: `token-of-${login}`, may: 'write' as const}))

/** A repository on disk, GitHub's stand-in in front of it (all talk with it is checked), and our client. */
export interface ARepository {
  readonly standIn: GitHubStandIn
  readonly host: CodeHost
  readonly folder: string
  /** Another client of the same repository. */
  client(settings?: Partial<CodeHostSettings>): CodeHost
  advance(ms: number): void
  nowMs(): number
  close(): Promise<void>
}

export async function openRepository(
  accounts: readonly StandInAccount[] = [],
  start: (settings: Parameters<typeof createGitHubStandIn>[0]) => Promise<GitHubStandIn> = createCheckedStandIn,
): Promise<ARepository> {
  const folder = mkdtempSync(join(tmpdir(), 'yingbin-github-'))
  spawnSync('git', ['init', '--quiet', '--bare', '--template=', '--initial-branch', 'main', folder])
  let nowMs = START_MS
  const standIn = await start({
    repository: folder,
    owner: OWNER,
    repo: REPO,
    nowMs: () => nowMs,
    accounts: [
      {login: GATE, email: 'gate@hehe.example', token: TOKEN, type: 'Bot', may: 'admin'},
      ...people('lin', 'chen', 'zhou'),
      ...accounts,
    ],
  })
  const client = (settings: Partial<CodeHostSettings> = {}): CodeHost =>
    createCodeHost({
      owner: OWNER,
      repo: REPO,
      baseUrl: standIn.url,
      token: TOKEN,
      login: GATE,
      isPaced: false,
      ...settings,
    })
  return {
    standIn,
    host: client(),
    folder,
    client,
    advance: (ms) => void (nowMs += ms),
    nowMs: () => nowMs,
    close: async () => {
      await standIn.close()
      rmSync(folder, {recursive: true, force: true})
    },
  }
}
