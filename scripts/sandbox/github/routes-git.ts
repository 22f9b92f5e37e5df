import {type Call, created, invalid, listOf, notFound, ok, optionalText, type Routes, textOf} from './answer.js'
import type {WrittenEntry} from './git-repository.js'
import {branchTip, commitOf, moveBranch, personOf, type World} from './world.js'

const REPO = '/repos/:owner/:repo'
/** GitHub shows no more files of a commit on one page. */
const FILES_A_PAGE = 300

/** Commits, trees, blobs, refs and branches: real objects of the repository on disk. */
export function gitRoutes(world: World): Routes {
  const {git, shapes} = world
  return {
    [`GET ${REPO}`]: () => ok(shapes.repository()),
    [`GET ${REPO}/branches/:branch`]: ({params}) => {
      const tip = branchTip(world, params['branch'] ?? '')
      if (tip === null) throw notFound()
      return ok(shapes.branch(params['branch'] ?? '', git.readCommit(tip), world.required.has(params['branch'] ?? '')))
    },
    [`GET ${REPO}/commits`]: ({query}) => {
      const from = commitOf(world, query.get('sha') ?? 'main')
      return {list: git.list(from).map((sha) => shapes.commit(git.readCommit(sha)))}
    },
    [`GET ${REPO}/commits/:ref`]: ({params, query}) => {
      const made = git.readCommit(commitOf(world, params['ref'] ?? ''))
      const changes = git.diff(made.parents[0] ?? null, made.sha)
      const size = Math.min(Number(query.get('per_page') ?? FILES_A_PAGE), FILES_A_PAGE)
      const page = Number(query.get('page') ?? 1)
      return ok(shapes.commitWithFiles(made, changes.slice((page - 1) * size, page * size)))
    },
    [`GET ${REPO}/compare/*basehead`]: ({params}) => {
      const [base = '', head = ''] = (params['basehead'] ?? '').split('...').map((name) => commitOf(world, name))
      const [ahead, behind] = [git.list(head, `^${base}`), git.list(base, `^${head}`)]
      const mergeBase = git.mergeBase(base, head)
      if (mergeBase === null) throw notFound()
      const url = `${shapes.root}/compare/${base}...${head}`
      const status =
        ahead.length === 0 ? (behind.length === 0 ? 'identical' : 'behind') : behind.length === 0 ? 'ahead' : 'diverged'
      return ok({
        url,
        html_url: `${shapes.html}/compare/${base}...${head}`,
        permalink_url: `${shapes.html}/compare/${base}...${head}`,
        diff_url: `${shapes.html}/compare/${base}...${head}.diff`,
        patch_url: `${shapes.html}/compare/${base}...${head}.patch`,
        base_commit: shapes.commit(git.readCommit(base)),
        merge_base_commit: shapes.commit(git.readCommit(mergeBase)),
        status,
        ahead_by: ahead.length,
        behind_by: behind.length,
        total_commits: ahead.length,
        commits: [...ahead].reverse().map((sha) => shapes.commit(git.readCommit(sha))),
        files: git.diff(mergeBase, head).map(shapes.file),
      })
    },
    [`GET ${REPO}/git/trees/*sha`]: ({params, query}) => {
      const written = params['sha'] ?? ''
      const commit = git.resolve(written) ?? git.resolve(`refs/heads/${written}`)
      const sha = commit === null ? written : git.readCommit(commit).tree
      const entries = git.readTree(sha, query.has('recursive'))
      const isCut = entries.length > world.treeLimit && query.has('recursive')
      return ok({
        sha,
        url: `${shapes.root}/git/trees/${sha}`,
        tree: entries.slice(0, isCut ? world.treeLimit : undefined).map((entry) => ({
          ...entry,
          url: `${shapes.root}/git/${entry.type}s/${entry.sha}`,
        })),
        truncated: isCut,
      })
    },
    [`GET ${REPO}/git/blobs/:sha`]: ({params}) => {
      const sha = params['sha'] ?? ''
      const content = git.readBlob(sha)
      return ok({
        sha,
        node_id: sha,
        size: content.length,
        url: `${shapes.root}/git/blobs/${sha}`,
        content: content.toString('base64'),
        encoding: 'base64',
      })
    },
    [`POST ${REPO}/git/blobs`]: ({body}) => {
      const encoding = optionalText(body, 'encoding') === 'base64' ? 'base64' : 'utf8'
      const sha = git.writeBlob(Buffer.from(textOf(body, 'content'), encoding))
      return created({sha, url: `${shapes.root}/git/blobs/${sha}`})
    },
    [`POST ${REPO}/git/trees`]: ({body}) => {
      const entries = (Array.isArray(body['tree']) ? body['tree'] : []) as readonly Call['body'][]
      const written = entries.map((entry): WrittenEntry => {
        const content = optionalText(entry, 'content')
        return {
          path: textOf(entry, 'path'),
          mode: optionalText(entry, 'mode') ?? '100644',
          sha: content === undefined ? (optionalText(entry, 'sha') ?? null) : git.writeBlob(Buffer.from(content)),
        }
      })
      const base = optionalText(body, 'base_tree')
      const sha = git.writeTree(base ?? null, written)
      return created({
        sha,
        url: `${shapes.root}/git/trees/${sha}`,
        tree: git
          .readTree(sha, false)
          .map((entry) => ({...entry, url: `${shapes.root}/git/${entry.type}s/${entry.sha}`})),
        truncated: false,
      })
    },
    [`POST ${REPO}/git/commits`]: ({body, by}) => {
      const person = personOf(world, by, world.nowMs())
      const parents = listOf(body, 'parents').map((name) => commitOf(world, name))
      const sha = git.commit({
        tree: textOf(body, 'tree'),
        parents,
        message: textOf(body, 'message'),
        author: person,
        committer: person,
      })
      return created(shapes.gitCommit(git.readCommit(sha)))
    },
    [`GET ${REPO}/git/commits/:sha`]: ({params}) =>
      ok(shapes.gitCommit(git.readCommit(commitOf(world, params['sha'] ?? '')))),
    [`GET ${REPO}/git/ref/*ref`]: ({params}) => {
      const ref = `refs/${params['ref'] ?? ''}`
      const sha = git.resolve(ref)
      if (sha === null) throw notFound()
      return ok(shapes.ref(ref, sha))
    },
    [`POST ${REPO}/git/refs`]: ({body}) => {
      const ref = textOf(body, 'ref')
      if (!ref.startsWith('refs/heads/')) throw invalid('Reference', 'ref')
      if (git.resolve(ref) !== null) throw invalid('Reference', 'ref', 'already_exists')
      const sha = commitOf(world, textOf(body, 'sha'))
      moveBranch(world, ref.slice('refs/heads/'.length), sha)
      return created(shapes.ref(ref, sha))
    },
    [`PATCH ${REPO}/git/refs/*ref`]: ({params, body}) => {
      const ref = `refs/${params['ref'] ?? ''}`
      const old = git.resolve(ref)
      if (old === null) throw invalid('Reference', 'ref', 'missing')
      const sha = commitOf(world, textOf(body, 'sha'))
      if (body['force'] !== true && git.list(old, `^${sha}`).length > 0)
        throw invalid('Reference', 'sha', 'not_fast_forward')
      moveBranch(world, ref.slice('refs/heads/'.length), sha)
      return ok(shapes.ref(ref, sha))
    },
    [`GET ${REPO}/contents/*path`]: ({params, query}) => {
      const path = params['path'] ?? ''
      const tree = git.readCommit(commitOf(world, query.get('ref') ?? 'main')).tree
      const entry = git.readTree(tree, true).find((one) => one.path === path && one.type === 'blob')
      if (!entry) throw notFound()
      const url = `${shapes.root}/contents/${encodeURI(path)}`
      const page = `${shapes.html}/blob/main/${encodeURI(path)}`
      return ok({
        type: 'file',
        encoding: 'base64',
        size: entry.size ?? 0,
        name: path.slice(path.lastIndexOf('/') + 1),
        path,
        content: git.readBlob(entry.sha).toString('base64'),
        sha: entry.sha,
        url,
        git_url: `${shapes.root}/git/blobs/${entry.sha}`,
        html_url: page,
        download_url: null,
        _links: {self: url, git: `${shapes.root}/git/blobs/${entry.sha}`, html: page},
      })
    },
  }
}
