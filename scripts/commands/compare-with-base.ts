import {existsSync, mkdtempSync, realpathSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, relative, resolve, sep} from 'node:path'
import {HostRefused} from '../core/ports.js'
import {type GitHubRef, parseGitHubRef, readFolderAt} from '../github/read-folder-at.js'
import {GitRefused, withFolderAt} from '../runtime/git-tree.js'
import {CouldNotRun, type Door} from './door.js'

export const BASE_HELP = 'git ref, folder, or github:owner/repo@ref to compare with'

/** A folder is taken as it is; `github:owner/repo@ref` is asked of GitHub; anything else is a git ref of this repository. */
export async function againstBase<T>(
  config: string,
  base: string,
  door: Door,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = resolve(door.cwd, base)
  if (existsSync(folder) && statSync(folder).isDirectory()) return use(folder)
  const remote = parseGitHubRef(base)
  try {
    return await (remote ? againstGitHub(config, remote, door, use) : withFolderAt(config, base, use))
  } catch (error) {
    if (error instanceof HostRefused)
      throw new CouldNotRun(
        {
          zh: `从 GitHub 读不到「${base}」：${error.message}`,
          en: `cannot read "${base}" from GitHub: ${error.message}`,
        },
        {zh: '检查仓库、引用和 GITHUB_TOKEN', en: 'check the repository, the ref and GITHUB_TOKEN'},
        {cause: error},
      )
    if (!(error instanceof GitRefused)) throw error
    throw new CouldNotRun(
      {zh: `「${base}」既不是文件夹，也不是这里的 git 引用`, en: `"${base}" is neither a folder nor a git ref here`},
      {
        zh: '写一个分支、标签、提交号或文件夹，例如 --base origin/main；浅克隆可写 --base github:组织/仓库@提交号',
        en: 'name a branch, tag, commit or folder, such as --base origin/main; in a shallow clone --base github:owner/repo@sha',
      },
      {cause: error},
    )
  }
}

async function againstGitHub<T>(
  config: string,
  remote: GitHubRef,
  door: Door,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'yingbin-base-')))
  try {
    await readFolderAt(remote, relative(door.cwd, config).split(sep).join('/'), temporary, {
      token: door.env['GITHUB_TOKEN'],
      baseUrl: door.env['GITHUB_API_URL'],
    })
    return await use(temporary)
  } finally {
    rmSync(temporary, {recursive: true, force: true})
  }
}
