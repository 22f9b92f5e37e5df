import type {GitChange, GitCommit, GitPerson} from './git-answers.js'
import {isoOf, nodeId, type RepositoryShapes} from './shape-repository.js'

/** Commits, their files, branches and refs. */
export function createCommitShapes({root, html, known}: RepositoryShapes) {
  const gitUser = ({name, email, atMs}: GitPerson) => ({name, email, date: isoOf(atMs)})
  const verification = {verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null}

  const file = ({status, path, previous, sha}: GitChange) => ({
    sha: status === 'removed' ? null : sha,
    filename: path,
    status,
    additions: 0,
    deletions: 0,
    changes: 0,
    blob_url: `${html}/blob/${encodeURIComponent(path)}`,
    raw_url: `${html}/raw/${encodeURIComponent(path)}`,
    contents_url: `${root}/contents/${encodeURIComponent(path)}`,
    ...(previous === undefined ? {} : {previous_filename: previous}),
  })

  const commit = (made: GitCommit) => ({
    url: `${root}/commits/${made.sha}`,
    sha: made.sha,
    node_id: nodeId('Commit', made.sha),
    html_url: `${html}/commit/${made.sha}`,
    comments_url: `${root}/commits/${made.sha}/comments`,
    commit: {
      url: `${root}/git/commits/${made.sha}`,
      author: gitUser(made.author),
      committer: gitUser(made.committer),
      message: made.message,
      comment_count: 0,
      tree: {sha: made.tree, url: `${root}/git/trees/${made.tree}`},
      verification,
    },
    author: known(made.author),
    committer: known(made.committer),
    parents: made.parents.map((sha) => ({sha, url: `${root}/commits/${sha}`, html_url: `${html}/commit/${sha}`})),
  })

  const gitCommit = (made: GitCommit) => ({
    sha: made.sha,
    node_id: nodeId('Commit', made.sha),
    url: `${root}/git/commits/${made.sha}`,
    html_url: `${html}/commit/${made.sha}`,
    author: gitUser(made.author),
    committer: gitUser(made.committer),
    message: made.message,
    tree: {sha: made.tree, url: `${root}/git/trees/${made.tree}`},
    parents: made.parents.map((sha) => ({sha, url: `${root}/git/commits/${sha}`, html_url: `${html}/commit/${sha}`})),
    verification,
  })

  return {
    commit,
    gitCommit,
    committed: (made: GitCommit) => ({...gitCommit(made), event: 'committed'}),
    file,
    commitWithFiles: (made: GitCommit, changes: readonly GitChange[]) => ({
      ...commit(made),
      stats: {additions: 0, deletions: 0, total: 0},
      files: changes.map(file),
    }),
    branch: (name: string, made: GitCommit, isProtected: boolean) => ({
      name,
      commit: commit(made),
      _links: {html: `${html}/tree/${name}`, self: `${root}/branches/${name}`},
      protected: isProtected,
      protection: {enabled: isProtected},
      protection_url: `${root}/branches/${name}/protection`,
    }),
    ref: (ref: string, sha: string) => ({
      ref,
      node_id: nodeId('Ref', ref),
      url: `${root}/git/${ref}`,
      object: {type: 'commit', sha, url: `${root}/git/commits/${sha}`},
    }),
  }
}
