import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join, normalize, sep} from 'node:path'
import {Octokit} from '@octokit/rest'

/** `github:owner/repository@ref`: a commit, branch or tag of a repository on GitHub. */
export interface GitHubRef {
  readonly owner: string
  readonly repo: string
  readonly ref: string
}

export function parseGitHubRef(text: string): GitHubRef | null {
  const [, owner, repo, ref] = /^github:([\w.-]+)\/([\w.-]+)@(.+)$/.exec(text) ?? []
  return owner && repo && ref ? {owner, repo, ref} : null
}

/** GitHub said no, or could not be asked. Holds neither token nor address. */
export class GitHubRefused extends Error {
  override readonly name = 'GitHubRefused'
  constructor(readonly status: number | null) {
    super(status === null ? 'GitHub could not be reached' : `GitHub answered ${status}`)
  }
}

export interface GitHubAccess {
  /** Absent for public repositories. */
  readonly token?: string | undefined
  /** GitHub Enterprise has its own; Actions sets GITHUB_API_URL. */
  readonly baseUrl?: string | undefined
}

/** Files larger than validate takes are not worth a download. */
const MAX_BLOB_BYTES = 20 * 1024 * 1024
const FILE_MODES = new Set(['100644', '100755'])

/**
 * Writes the files of one folder as they stand at a ref below `target`, without needing git history: pull-request jobs
 * check out shallowly. Symbolic links and sub-modules are left out. Throws GitHubRefused.
 */
export async function readFolderAt(
  {owner, repo, ref}: GitHubRef,
  folder: string,
  target: string,
  access: GitHubAccess,
): Promise<void> {
  const octokit = new Octokit({
    ...(access.token ? {auth: access.token} : {}),
    ...(access.baseUrl ? {baseUrl: access.baseUrl} : {}),
    log: SILENT,
  })
  const prefix = folder === '' ? '' : `${folder}/`
  const {tree} = await told(() =>
    octokit.rest.git.getTree({owner, repo, tree_sha: ref, recursive: 'true'}).then(({data}) => data),
  )
  const files = tree.filter(
    ({path, type, mode, size}) =>
      type === 'blob' && FILE_MODES.has(mode ?? '') && path?.startsWith(prefix) && (size ?? 0) <= MAX_BLOB_BYTES,
  )
  for (const {path = '', sha} of files) {
    const file = normalize(join(target, path.slice(prefix.length)))
    if (!sha || !file.startsWith(target + sep)) continue
    const {data} = await told(() => octokit.rest.git.getBlob({owner, repo, file_sha: sha}))
    mkdirSync(dirname(file), {recursive: true})
    writeFileSync(file, Buffer.from(data.content, data.encoding === 'base64' ? 'base64' : 'utf8'))
  }
}

const ignore = (): void => undefined
/** What the client would print belongs to nobody's log. */
const SILENT = {debug: ignore, info: ignore, warn: ignore, error: ignore}

async function told<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw new GitHubRefused(
      error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : null,
    )
  }
}
