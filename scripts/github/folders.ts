import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join, resolve, sep} from 'node:path'
import PQueue from 'p-queue'
import {HostRefused} from '../core/ports.js'
import {type Kit, type Repository, told} from './kit.js'

/** Files larger than validate takes are not worth a download. */
const MAX_BLOB_BYTES = 20 * 1024 * 1024
const CALLS_AT_ONCE = 8
const FILE_MODES = new Set(['100644', '100755'])

/** Contents by their sha, which never changes: base and head of one review share nearly all of them. */
export type BlobMemory = Map<string, Buffer>

interface Entry {
  readonly path: string
  readonly sha: string
}

/**
 * Writes the files of one folder as they stand at a ref below `target`, without needing git history: pull-request jobs
 * check out shallowly. Symbolic links and sub-modules are left out. Throws HostRefused.
 */
export async function writeFolderAt(
  kit: Kit,
  repository: Repository,
  ref: string,
  folder: string,
  target: string,
  blobs: BlobMemory = new Map(),
): Promise<void> {
  const calls = new PQueue({concurrency: CALLS_AT_ONCE})
  const entries = await filesBelow(kit, repository, ref, folder)
  const top = resolve(target)
  await calls.addAll(
    entries.map(({path, sha}) => async () => {
      const file = join(top, path)
      if (!file.startsWith(top + sep)) return
      let content = blobs.get(sha)
      if (!content) blobs.set(sha, (content = await readBlob(kit, repository, sha)))
      mkdirSync(dirname(file), {recursive: true})
      writeFileSync(file, content)
    }),
  )
}

async function readBlob(kit: Kit, repository: Repository, sha: string): Promise<Buffer> {
  const {content, encoding} = await told(() =>
    kit.rest.git.getBlob({...repository, file_sha: sha}).then(({data}) => data),
  )
  return Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8')
}

/** Paths below the folder; a tree too large for one answer is read folder by folder. */
async function filesBelow(kit: Kit, repository: Repository, ref: string, folder: string): Promise<Entry[]> {
  const whole = await readTree(kit, repository, ref, true)
  const prefix = folder === '' ? '' : `${folder}/`
  if (!whole.truncated)
    return filesOf(whole.tree)
      .filter(({path}) => path.startsWith(prefix))
      .map(({path, sha}) => ({path: path.slice(prefix.length), sha}))
  let tree = ref
  for (const name of folder.split('/').filter((part) => part !== '')) {
    const below = (await readTree(kit, repository, tree, false)).tree.find(
      ({path, type}) => path === name && type === 'tree',
    )
    if (!below?.sha) return []
    tree = below.sha
  }
  return walk(kit, repository, tree, '')
}

async function walk(kit: Kit, repository: Repository, tree: string, prefix: string): Promise<Entry[]> {
  const {tree: entries, truncated} = await readTree(kit, repository, tree, false)
  if (truncated) throw new HostRefused(null, 'GitHub shows only a part of a folder; it holds too many files')
  const files = filesOf(entries).map(({path, sha}) => ({path: `${prefix}${path}`, sha}))
  for (const {path = '', type, sha} of entries)
    if (type === 'tree' && sha) files.push(...(await walk(kit, repository, sha, `${prefix}${path}/`)))
  return files
}

type Tree = Awaited<ReturnType<Kit['rest']['git']['getTree']>>['data']

const readTree = (kit: Kit, repository: Repository, sha: string, isRecursive: boolean): Promise<Tree> =>
  told(() =>
    kit.rest.git
      .getTree({...repository, tree_sha: sha, ...(isRecursive ? {recursive: 'true'} : {})})
      .then(({data}) => data),
  )

const filesOf = (tree: Tree['tree']): Entry[] =>
  tree.flatMap(({path, type, mode, size, sha}) =>
    type === 'blob' && path && sha && FILE_MODES.has(mode ?? '') && (size ?? 0) <= MAX_BLOB_BYTES ? [{path, sha}] : [],
  )
