import {spawnSync} from 'node:child_process'
import {existsSync, mkdirSync} from 'node:fs'
import {join} from 'node:path'
import type {Config} from '../../../core/model/config.js'
import type {CodeHost} from '../../../core/ports.js'
import {createCodeHost} from '../../../github/create-code-host.js'
import {createGitHubStandIn, type GitHubStandIn} from '../../../sandbox/github/create-github-stand-in.js'
import {CouldNotRun} from '../../door.js'

export const MAIN = 'main'
/** Where main stood when all of it had been shipped, at first its beginning; a run that was cut short is reviewed again from here. */
const SHIPPED = 'shipped'
const OWNER = 'demo'
const REPO = 'welcome'
/** Opens nothing but the stand-in on this machine. */
const GATE_TOKEN = 'demo-gate-token'
const GATE = 'yingbin-gate[bot]'

/** A repository with real history on this disk, a GitHub stand-in in front of it, and the gate's client. */
export interface ReviewDesk {
  readonly standIn: GitHubStandIn
  readonly host: CodeHost
  /** Commits files onto a branch; `null` begins a history. */
  commit(branch: string, from: string | null, files: Readonly<Record<string, Uint8Array | null>>, by: string): string
  /** Remembers that what main holds was shipped. */
  markShipped(): void
  readonly isNew: boolean
  close(): Promise<void>
}

export async function openReviewDesk(folder: string, people: Config, nowMs: () => number): Promise<ReviewDesk> {
  const repository = join(folder, 'review.git')
  const isNew = !existsSync(join(repository, 'HEAD'))
  if (isNew) {
    mkdirSync(repository, {recursive: true})
    git(repository, 'init', '--quiet', '--bare', '--initial-branch', MAIN)
  } else if (has(repository, SHIPPED)) git(repository, 'update-ref', `refs/heads/${MAIN}`, `refs/heads/${SHIPPED}`)
  const members = (people.organization.value.members ?? []).flatMap(({github}) => github ?? [])
  const standIn = await createGitHubStandIn({
    repository,
    owner: OWNER,
    repo: REPO,
    nowMs,
    accounts: [
      {login: GATE, email: 'gate@demo.example', token: GATE_TOKEN, type: 'Bot', may: 'admin'},
      ...[...new Set(members)].map((login) => ({login, email: `${login}@demo.example`, may: 'write' as const})),
    ],
  })
  const host = createCodeHost({
    owner: OWNER,
    repo: REPO,
    baseUrl: standIn.url,
    token: GATE_TOKEN,
    login: GATE,
    isPaced: false,
  })
  return {
    standIn,
    host,
    isNew: isNew || !has(repository, MAIN),
    commit: (branch, from, files, by) =>
      standIn.control.push({branch, ...(from === null ? {} : {from}), files, message: branch, by}),
    markShipped: () => git(repository, 'update-ref', `refs/heads/${SHIPPED}`, `refs/heads/${MAIN}`),
    close: () => standIn.close(),
  }
}

const has = (repository: string, branch: string): boolean =>
  run(repository, ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`]).status === 0

const run = (repository: string, args: readonly string[]) =>
  spawnSync('git', ['-C', repository, ...args], {encoding: 'utf8'})

function git(repository: string, ...args: readonly string[]): void {
  const {status, error} = run(repository, args)
  if (status === 0) return
  throw new CouldNotRun(
    {zh: `git ${args[0]} 没有成功`, en: `git ${args[0]} did not succeed`},
    {zh: '检查本机是否装有 git；--fresh 从头开始', en: 'check that git is installed; --fresh starts over'},
    {cause: error},
  )
}
