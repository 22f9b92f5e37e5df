import {writeFolderAt} from './folders.js'
import {createKit, type KitSettings} from './kit.js'

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

/** Writes one folder of the repository as it stands at the ref below `target`. Throws HostRefused. */
export const readFolderAt = (
  {owner, repo, ref}: GitHubRef,
  folder: string,
  target: string,
  access: KitSettings,
): Promise<void> => writeFolderAt(createKit(access), {owner, repo}, ref, folder, target)
