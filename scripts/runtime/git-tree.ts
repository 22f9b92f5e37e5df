import {execFileSync} from 'node:child_process'
import {existsSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

/** git could not answer; `reason` is its own last line, without paths of this machine. */
export class GitRefused extends Error {
  override readonly name = 'GitRefused'
  constructor(
    readonly doing: 'find-repository' | 'find-ref' | 'read-tree' | 'read-history',
    options?: ErrorOptions,
  ) {
    super(`git could not ${doing.replace('-', ' ')}`, options)
  }
}

export function git(
  cwd: string,
  doing: GitRefused['doing'],
  args: readonly string[],
  input?: string,
  env: Readonly<Record<string, string>> = {},
): string {
  try {
    return execFileSync('git', ['-c', 'core.quotePath=false', ...args], {
      cwd,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {...process.env, ...env},
      ...(input === undefined ? {} : {input}),
    })
  } catch (error) {
    throw new GitRefused(doing, {cause: error})
  }
}

/** The full name of the commit a ref stands for. Throws GitRefused where there is none. */
export const findCommit = (folder: string, ref: string): string =>
  git(folder, 'find-ref', ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]).trim()

/**
 * Writes the folder as it stands at `ref` into a temporary folder and hands its path to `use`. The user's index and work
 * tree are not touched. Throws GitRefused when there is no repository or no such ref.
 */
export async function withFolderAt<T>(folder: string, ref: string, use: (folder: string) => Promise<T>): Promise<T> {
  const top = git(folder, 'find-repository', ['rev-parse', '--show-toplevel']).trim()
  const prefix = git(folder, 'find-repository', ['rev-parse', '--show-prefix']).trim()
  const commit = findCommit(folder, ref)
  const temporary = mkdtempSync(join(tmpdir(), 'yingbin-base-'))
  try {
    const index = {GIT_INDEX_FILE: join(temporary, 'index')}
    git(top, 'read-tree', ['read-tree', commit], undefined, index)
    const files = git(top, 'read-tree', ['ls-files', '-z', '--', prefix === '' ? '.' : prefix], undefined, index)
    git(top, 'read-tree', ['checkout-index', '-z', '--stdin', `--prefix=${join(temporary, 'tree')}/`], files, index)
    const found = join(temporary, 'tree', prefix)
    if (!existsSync(found)) mkdirSync(found, {recursive: true})
    return await use(found)
  } finally {
    rmSync(temporary, {recursive: true, force: true})
  }
}
