import {execFileSync} from 'node:child_process'
import {cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {ROOT} from '../support/launch.js'
import type {Machine} from './run-workflow.js'

/** What the stand-in for the program was asked, and what it found in its environment. */
export interface Asked {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** The first line of `config/words.yaml` where it ran. */
  readonly words: string
}

export interface AMachine {
  readonly machine: Machine
  /** Commits files onto main; answers with the commit. */
  commit(files: Readonly<Record<string, string>>): string
  /** What the program was asked since this was last called. */
  takeAsked(): readonly Asked[]
  close(): void
}

/** Writes down how it was called; makes what the verb would make; says no to the verbs in SAYS_NO. */
const PROGRAM = `
import {appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
const [verb, ...rest] = process.argv.slice(2)
const {RECORD, SAYS_NO = '', GITHUB_OUTPUT} = process.env
const words = existsSync('config/words.yaml') ? readFileSync('config/words.yaml', 'utf8').split('\\n')[0] : ''
appendFileSync(RECORD, JSON.stringify({argv: [verb, ...rest], env: process.env, words}) + '\\n')
console.log('the program was asked to ' + verb)
const after = (flag) => rest[rest.indexOf(flag) + 1]
if (verb === 'plan') writeFileSync(after('--out'), '{}')
if (verb === 'gate' && rest.includes('--report')) { mkdirSync(after('--report'), {recursive: true}); writeFileSync(after('--report') + '/gate.json', '{}') }
if (verb === 'gate' && rest.includes('--mint')) appendFileSync(GITHUB_OUTPUT, 'token=a.b.c\\nhead=' + 'f'.repeat(40) + '\\n')
process.exitCode = SAYS_NO.split(' ').includes(verb) ? 1 : 0
`

/** The environments that the workflows name, each with values that tell where they came from. */
const ENVIRONMENTS: NonNullable<Machine['environments']> = {
  gate: {
    secrets: {YINGBIN_APP_KEY: 'app-key-of-gate', YINGBIN_TOKEN_KEY: 'token-key-of-gate'},
    vars: {YINGBIN_STORE: 'file:/store', YINGBIN_APP_ID: '1', YINGBIN_APP_INSTALLATION: '2'},
  },
  notice: {secrets: {WECOM_SECRET: 'wecom-of-notice', YINGBIN_ROBOT_WEBHOOK: 'webhook-of-notice'}},
  production: {
    secrets: {
      WECOM_SECRET: 'wecom-of-production',
      YINGBIN_RELEASE_KEY: 'release-key',
      YINGBIN_APP_KEY: 'app-key-of-production',
    },
    vars: {YINGBIN_STORE: 'file:/store', YINGBIN_TOKEN_PUBLIC_KEY: 'public'},
  },
}

/** A git repository with our local actions in it, and a stand-in for the program. */
export function aMachine(): AMachine {
  const folder = mkdtempSync(join(tmpdir(), 'yingbin-machine-'))
  const [repository, record, program] = ['repository', 'record', 'program.mjs'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@hehe.example', ...args], {
      cwd: repository,
      encoding: 'utf8',
    }).trim()
  mkdirSync(repository)
  git('init', '--quiet', '--initial-branch', 'main')
  cpSync(join(ROOT, '.github/actions'), join(repository, '.github/actions'), {recursive: true})
  writeFileSync(program, PROGRAM)
  return {
    machine: {
      ...{repository, program, fullName: 'hehe/welcome', apiUrl: 'http://127.0.0.1:9', token: 'token-of-actions'},
      ...{environments: ENVIRONMENTS, env: {RECORD: record}},
    },
    commit: (files) => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(repository, path)), {recursive: true})
        writeFileSync(join(repository, path), text)
      }
      git('add', '--all')
      git('commit', '--quiet', '--allow-empty', '--message', 'change')
      return git('rev-parse', 'HEAD')
    },
    takeAsked: () => {
      const lines = existsSync(record) ? readFileSync(record, 'utf8').trim().split('\n') : []
      rmSync(record, {force: true})
      return lines.map((line) => JSON.parse(line) as Asked)
    },
    close: () => rmSync(folder, {recursive: true, force: true}),
  }
}
