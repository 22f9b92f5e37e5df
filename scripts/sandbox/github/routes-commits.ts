import {notFound, ok, Refusal, type Routes} from './answer.js'
import {branchTip, commitOf, DEFAULT_BRANCH, type World} from './world.js'

const REPO = '/repos/:owner/:repo'
/** GitHub shows no more files on one page, and of a comparison no more at all. */
const FILES_A_PAGE = 300
const MOST_FILES = 3000
const COMPARED_COMMITS = 250

/** The repository, its branches, commits and contents, read-only. */
export function commitRoutes(world: World): Routes {
  const {git, shapes} = world
  return {
    [`GET ${REPO}`]: () => ok(shapes.repository()),
    [`GET ${REPO}/branches/:branch`]: ({params}) => {
      const tip = branchTip(world, params['branch'] ?? '')
      if (tip === null) throw notFound()
      return ok(shapes.branch(params['branch'] ?? '', git.readCommit(tip), world.required.has(params['branch'] ?? '')))
    },
    [`GET ${REPO}/commits`]: ({query}) => {
      const from = commitOf(world, query.get('sha') ?? DEFAULT_BRANCH)
      return {names: git.list(from), show: (page) => git.readCommits(page).map(shapes.commit)}
    },
    [`GET ${REPO}/commits/:ref`]: ({params, query}) => {
      const ref = params['ref'] ?? ''
      const sha = git.resolve(ref) ?? branchTip(world, ref)
      if (sha === null) throw new Refusal(422, `No commit found for SHA: ${ref}`)
      const made = git.readCommit(sha)
      const changes = git.diff(made.parents[0] ?? null, made.sha).slice(0, MOST_FILES)
      const size = Math.min(Number(query.get('per_page') ?? FILES_A_PAGE), FILES_A_PAGE)
      const page = Number(query.get('page') ?? 1)
      const body = shapes.commitWithFiles(made, changes.slice((page - 1) * size, page * size))
      return {status: 200, body, pages: Math.ceil(changes.length / size)}
    },
    [`GET ${REPO}/compare/*basehead`]: ({params}) => {
      const [base, head] = (params['basehead'] ?? '').split('...').map((name) => commitOf(world, name))
      if (base === undefined || head === undefined) throw notFound()
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
        commits: git.readCommits(ahead.slice(0, COMPARED_COMMITS).reverse()).map(shapes.commit),
        files: git.diff(mergeBase, head).slice(0, FILES_A_PAGE).map(shapes.file),
      })
    },
    [`GET ${REPO}/contents/*path`]: ({params, query}) => {
      const path = params['path'] ?? ''
      const tree = git.readCommit(commitOf(world, query.get('ref') ?? DEFAULT_BRANCH)).tree
      const entry = git.readTree(tree, true)?.find((one) => one.path === path && one.type === 'blob')
      const content = entry ? git.readBlob(entry.sha) : null
      if (!entry || !content) throw notFound()
      const url = `${shapes.root}/contents/${encodeURI(path)}`
      const page = `${shapes.html}/blob/${DEFAULT_BRANCH}/${encodeURI(path)}`
      return ok({
        type: 'file',
        encoding: 'base64',
        size: entry.size ?? 0,
        name: path.slice(path.lastIndexOf('/') + 1),
        path,
        content: content.toString('base64'),
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
