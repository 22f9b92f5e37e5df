import {
  type Call,
  created,
  invalid,
  listOf,
  noContent,
  notFound,
  ok,
  optionalText,
  Refusal,
  type Routes,
  textOf,
} from './answer.js'
import type {WrittenEntry} from './git-repository.js'
import {moveBranch} from './pull-requests.js'
import {commitOf, personOf, type World} from './world.js'

const REPO = '/repos/:owner/:repo'

/** Trees, blobs, commits and refs as git has them: real objects of the repository on disk. */
export function gitRoutes(world: World): Routes {
  const {git, shapes} = world
  return {
    [`GET ${REPO}/git/trees/*sha`]: ({params, query}) => {
      const written = params['sha'] ?? ''
      const commit = git.resolve(written) ?? git.resolve(`refs/heads/${written}`)
      const sha = commit === null ? written : git.readCommit(commit).tree
      const entries = git.readTree(sha, query.has('recursive'))
      if (entries === null) throw notFound()
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
      if (content === null) throw notFound()
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
      const base = optionalText(body, 'base_tree') ?? null
      const known = new Set(base === null ? [] : git.readTree(base, true)?.map(({path}) => path))
      const isSound = written.every(({path, sha}) => (sha === null ? known.has(path) : git.has(sha)))
      const sha = isSound ? git.writeTree(base, written) : null
      if (sha === null) throw new Refusal(422, 'GitRPC::BadObjectState')
      return created({
        sha,
        url: `${shapes.root}/git/trees/${sha}`,
        tree: (git.readTree(sha, false) ?? []).map((entry) => ({
          ...entry,
          url: `${shapes.root}/git/${entry.type}s/${entry.sha}`,
        })),
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
      if (git.resolve(ref) !== null) throw new Refusal(422, 'Reference already exists')
      const sha = git.resolve(textOf(body, 'sha'))
      if (sha === null) throw new Refusal(422, 'Object does not exist')
      moveBranch(world, ref.slice('refs/heads/'.length), sha)
      return created(shapes.ref(ref, sha))
    },
    [`DELETE ${REPO}/git/refs/*ref`]: ({params}) => {
      const ref = `refs/${params['ref'] ?? ''}`
      if (git.resolve(ref) === null) throw invalid('Reference', 'ref', 'missing')
      git.removeRef(ref)
      return noContent()
    },
    [`PATCH ${REPO}/git/refs/*ref`]: ({params, body}) => {
      const ref = `refs/${params['ref'] ?? ''}`
      const old = git.resolve(ref)
      if (old === null) throw new Refusal(422, 'Reference does not exist')
      const sha = git.resolve(textOf(body, 'sha'))
      if (sha === null) throw new Refusal(422, 'Object does not exist')
      if (body['force'] !== true && git.list(old, `^${sha}`).length > 0)
        throw new Refusal(422, 'Update is not a fast forward')
      moveBranch(world, ref.slice('refs/heads/'.length), sha)
      return ok(shapes.ref(ref, sha))
    },
  }
}
