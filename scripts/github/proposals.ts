import type {CodeHost, ProposedFiles} from '../core/ports.js'
import {type Kit, orNotFound, type Repository, told} from './kit.js'

type TreeEntry = NonNullable<Parameters<Kit['rest']['git']['createTree']>[0]>['tree'][number]

/** Changes that a machine proposes: one commit on a branch of ours, and one pull request from it. */
export function createProposalCalls(kit: Kit, repository: Repository): Pick<CodeHost, 'propose'> {
  const {git, pulls, issues, repos} = kit.rest
  const isThere = async (path: string, ref: string): Promise<boolean> =>
    (await orNotFound(() => repos.getContent({...repository, path, ref}))) !== null
  const writeTree = async (
    base: {readonly sha: string; readonly tree: string},
    files: ProposedFiles,
  ): Promise<string> => {
    const entries: TreeEntry[] = []
    for (const [path, content] of Object.entries(files)) {
      const entry = {path, mode: '100644' as const, type: 'blob' as const}
      if (content === null) {
        // GitHub refuses a tree that takes away what is not there.
        if (await isThere(path, base.sha)) entries.push({...entry, sha: null})
      } else {
        const encoded = Buffer.from(content).toString('base64')
        const blob = await told(() => git.createBlob({...repository, content: encoded, encoding: 'base64'}))
        entries.push({...entry, sha: blob.data.sha})
      }
    }
    if (entries.length === 0) return base.tree
    return (await told(() => git.createTree({...repository, base_tree: base.tree, tree: entries}))).data.sha
  }
  const point = async (branch: string, sha: string): Promise<void> => {
    const ref = `heads/${branch}`
    const exists = (await orNotFound(() => git.getRef({...repository, ref}))) !== null
    if (exists) await told(() => git.updateRef({...repository, ref, sha, force: true}))
    else await told(() => git.createRef({...repository, ref: `refs/${ref}`, sha}))
  }
  /** A push would void what people agreed to already. */
  const isProposed = async (branch: string, tree: string, parent: string): Promise<boolean> => {
    const there = await orNotFound(() => repos.getBranch({...repository, branch}))
    const {commit, parents} = there?.data.commit ?? {}
    return commit?.tree.sha === tree && parents?.length === 1 && parents[0]?.sha === parent
  }
  return {
    propose: async ({branch, baseRef, title, body, files, labels}) => {
      const tip = (await told(() => repos.getBranch({...repository, branch: baseRef}))).data.commit
      const baseTree = tip.commit.tree.sha
      const tree = await writeTree({sha: tip.sha, tree: baseTree}, files)
      if (tree === baseTree) return null
      if (!(await isProposed(branch, tree, tip.sha)))
        await point(
          branch,
          await told(() =>
            git.createCommit({...repository, message: title, tree, parents: [tip.sha]}).then(({data}) => data.sha),
          ),
        )
      const head = `${repository.owner}:${branch}`
      const [open] = await told(() =>
        pulls.list({...repository, state: 'open', head, base: baseRef}).then(({data}) => data),
      )
      if (open) {
        await told(() => pulls.update({...repository, pull_number: open.number, title, body}))
        return {number: open.number, isNew: false}
      }
      const {number} = await told(() =>
        pulls.create({...repository, head: branch, base: baseRef, title, body}).then(({data}) => data),
      )
      if (labels.length > 0)
        await told(() => issues.addLabels({...repository, issue_number: number, labels: [...labels]}))
      return {number, isNew: true}
    },
  }
}
