import type {Workflow} from '../read-workflows.js'
import {type JsonObject, textOf} from './expressions.js'
import type {Machine} from './machine.js'
import {at, type Happening} from './triggers.js'

const SERVER = 'https://github.example'
const RUN = {run_id: '1', run_number: '1', run_attempt: '1'}

/** The `github` context of a run. */
export function githubContext({name = ''}: Workflow, happening: Happening, machine: Machine): JsonObject {
  const {payload, sha, ref, actor} = happening
  const branch = (side: 'head' | 'base') => at(payload, 'pull_request', side, 'ref') ?? ''
  return {
    ...RUN,
    event: payload,
    event_name: happening.name,
    sha,
    ref,
    ref_name: ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    head_ref: branch('head'),
    base_ref: branch('base'),
    actor,
    workflow: name,
    repository: machine.fullName,
    repository_owner: machine.fullName.split('/')[0] ?? '',
    api_url: machine.apiUrl,
    server_url: SERVER,
    token: machine.token ?? '',
  }
}

const NOT_VARIABLES = new Set(['event', 'token'])

/** The same as variables of every step: `GITHUB_REPOSITORY`, `GITHUB_API_URL` … but never the token, which a step has to ask for. */
export const githubVariables = (github: JsonObject): Record<string, string> =>
  Object.fromEntries(
    Object.entries(github)
      .filter(([key]) => !NOT_VARIABLES.has(key))
      .map(([key, value]) => [`GITHUB_${key.toUpperCase()}`, textOf(value)]),
  )

/** A pull request out of another repository: its runs get no secrets, whatever the file says. */
export const comesFromFork = ({name, payload}: Happening, {fullName}: Machine): boolean =>
  ['pull_request', 'pull_request_review'].includes(name) &&
  at(payload, 'pull_request', 'head', 'repo', 'full_name') !== fullName
