import {execFile} from 'node:child_process'
import {appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync} from 'node:fs'
import {dirname, join, relative, resolve, sep} from 'node:path'
import {promisify} from 'node:util'

/** Where an action works. */
export interface ActionPlace {
  readonly workspace: string
  readonly repository: string
  /** One folder an artifact, shared by the jobs of a run. */
  readonly artifacts: string
  /** `github.sha`, checked out where nothing else is asked for. */
  readonly sha: string
}

type Inputs = Readonly<Record<string, string>>
type Action = (place: ActionPlace, inputs: Inputs) => Promise<string>

/** The step fails and says so. */
export class ActionFailed extends Error {
  override readonly name = 'ActionFailed'
}

interface Played {
  /** Inputs it understands; any other is refused, so that none is silently left out. */
  readonly inputs: readonly string[]
  readonly act: Action
}

/** The actions that are played, each answering with what it logs. */
const ACTIONS: Readonly<Record<string, Played>> = {
  'actions/checkout': {inputs: ['ref', 'fetch-depth', 'persist-credentials', 'path'], act: checkOut},
  'actions/setup-node': {inputs: ['node-version'], act: checkNode},
  'actions/upload-artifact': {inputs: ['name', 'path', 'if-no-files-found', 'overwrite'], act: upload},
  'actions/download-artifact': {inputs: ['name', 'path'], act: download},
}

/** Finds a played action. Throws on any other, and on inputs it does not play. */
export function findAction(uses: string, inputs: readonly string[]): Action {
  const [, name = ''] = /^([\w.-]+\/[\w.-]+)@[0-9a-f]{40}$/.exec(uses) ?? []
  const action = ACTIONS[name]
  if (!action) throw new Error(`the action ${uses} is not played`)
  const stranger = inputs.find((input) => !action.inputs.includes(input))
  if (stranger !== undefined) throw new Error(`the input ${stranger} of ${name} is not played`)
  return action.act
}

const run = promisify(execFile)

async function git(cwd: string, ...args: readonly string[]): Promise<void> {
  const env = {PATH: process.env['PATH'] ?? '', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1'}
  try {
    await run('git', [...args], {cwd, env})
  } catch (error) {
    throw new ActionFailed(`git ${args[0] ?? ''} failed`, {cause: error})
  }
}

/** At one commit, detached; only as much history as `fetch-depth` asks for (0: all branches). */
async function checkOut({workspace, repository, sha}: ActionPlace, inputs: Inputs): Promise<string> {
  const {ref = '', path = '.', 'fetch-depth': depth = '1'} = inputs
  const folder = join(workspace, path)
  const wanted = ref === '' ? sha : /^([0-9a-f]{40}$|refs\/)/.test(ref) ? ref : `refs/heads/${ref}`
  const everything = ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*']
  mkdirSync(folder, {recursive: true})
  await git(folder, 'init', '--quiet')
  appendFileSync(join(folder, '.git/config'), `[remote "origin"]\n\turl = file://${resolve(repository)}\n`)
  if (depth === '0') await git(folder, 'fetch', '--quiet', 'origin', ...everything)
  await git(folder, 'fetch', '--quiet', ...(depth === '0' ? [] : [`--depth=${depth}`]), 'origin', wanted)
  await git(folder, 'checkout', '--quiet', '--detach', 'FETCH_HEAD')
  return `checked out ${wanted}`
}

const OLDEST_NODE = 20

/** Node is not fetched: a version the program does not run on is refused. */
async function checkNode(_place: ActionPlace, {'node-version': version = ''}: Inputs): Promise<string> {
  if (!(Number(version.split('.')[0]) >= OLDEST_NODE)) throw new ActionFailed(`the program needs Node ${OLDEST_NODE}`)
  return `node ${version}`
}

async function upload({workspace, artifacts}: ActionPlace, inputs: Inputs): Promise<string> {
  const {name = 'artifact', path = '', 'if-no-files-found': without = 'warn', overwrite} = inputs
  const paths = path.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]))
  if (paths.some((line) => /[*?[!]/.test(line))) throw new Error('patterns of artifact paths are not played')
  const found = paths.map((line) => resolve(workspace, line)).filter((file) => existsSync(file))
  const files = found.flatMap(filesBelow)
  if (files.length === 0) {
    if (without === 'error') throw new ActionFailed('no files were found')
    return 'no files were found'
  }
  const target = join(artifacts, name)
  if (existsSync(target) && overwrite !== 'true') throw new ActionFailed(`there is an artifact ${name} already`)
  rmSync(target, {recursive: true, force: true})
  const root = commonFolder(found.map((file) => (statSync(file).isDirectory() ? file : dirname(file))))
  for (const file of files) cpSync(file, join(target, relative(root, file)), {recursive: true})
  return `${files.length} files`
}

async function download({workspace, artifacts}: ActionPlace, {name = '', path = '.'}: Inputs): Promise<string> {
  const source = join(artifacts, name)
  if (name === '' || !existsSync(source)) throw new ActionFailed(`there is no artifact ${name}`)
  cpSync(source, resolve(workspace, path), {recursive: true})
  return `downloaded ${name}`
}

/** Files whose names begin with a dot stay out, as the action leaves them out. */
export function filesBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => filesBelow(join(path, name)))
}

function commonFolder(folders: readonly string[]): string {
  const [first = [], ...others] = folders.map((folder) => folder.split(sep))
  const end = first.findIndex((part, index) => others.some((other) => other[index] !== part))
  return first.slice(0, end < 0 ? first.length : end).join(sep)
}
