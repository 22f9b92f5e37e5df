import {execFileSync} from 'node:child_process'
import {rmSync} from 'node:fs'
import {join} from 'node:path'
import {aConfig, type Changes, writeInto} from '../support/a-config.js'

/** git with a fixed person and no settings of this machine. */
export const git = (cwd: string, ...args: readonly string[]): string => run(cwd, args, {})

function run(cwd: string, args: readonly string[], more: Readonly<Record<string, string>>): string {
  return execFileSync('git', args, {
    cwd,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: cwd,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'A',
      GIT_AUTHOR_EMAIL: 'a@company.example',
      GIT_COMMITTER_NAME: 'A',
      GIT_COMMITTER_EMAIL: 'a@company.example',
      ...more,
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

export function writeConfig(folder: string, changes: Changes, below = 'config'): void {
  for (const [path, text] of Object.entries(aConfig(changes))) writeInto(folder, join(below, path), text)
}

/** Commits the configuration as it is at that instant; answers with the commit. */
export function commitAt(folder: string, instant: string, changes: Changes): string {
  rmSync(join(folder, 'config'), {recursive: true, force: true})
  writeConfig(folder, changes)
  git(folder, 'add', '-A')
  run(folder, ['commit', '-q', '--allow-empty', '-m', instant], {
    GIT_COMMITTER_DATE: instant,
    GIT_AUTHOR_DATE: instant,
  })
  return git(folder, 'rev-parse', 'HEAD').trim()
}
