import picomatch from 'picomatch'
import type {Workflow} from '../read-workflows.js'
import {type Json, type JsonObject, textOf} from './expressions.js'

/** What happened on GitHub, as a run sees it. */
export interface Happening {
  /** `pull_request_target`, `workflow_dispatch` … */
  readonly name: string
  /** `github.event`; its `action` decides between types. */
  readonly payload: JsonObject
  readonly sha: string
  readonly ref: string
  readonly actor: string
  /** Files of a push or a pull request, for `paths`. */
  readonly changedFiles?: readonly string[]
  /** What somebody typed into the form of `workflow_dispatch`. */
  readonly inputs?: Readonly<Record<string, string>>
}

const DEFAULT_TYPES: Readonly<Record<string, readonly string[]>> = {
  pull_request: ['opened', 'synchronize', 'reopened'],
  pull_request_target: ['opened', 'synchronize', 'reopened'],
}
const KNOWN_FILTERS = ['types', 'branches', 'paths', 'paths-ignore', 'workflows', 'inputs']

/** Whether a workflow starts on this event. Throws on a filter that this runner does not play. */
export function startsOn({on}: Workflow, happening: Happening): boolean {
  const {name, payload, changedFiles = []} = happening
  const filter = filterOf(on, name)
  if (filter === undefined) return false
  if (name === 'schedule') return true
  const unknown = Object.keys(filter).find((key) => !KNOWN_FILTERS.includes(key))
  if (unknown !== undefined) throw new Error(`the filter ${unknown} of ${name} is not played`)
  const list = (key: string): readonly string[] | undefined => {
    const value = filter[key]
    return value === undefined ? undefined : Array.isArray(value) ? value.map(String) : [textOf(value)]
  }
  const types = list('types') ?? DEFAULT_TYPES[name]
  const [branches, paths, ignored, workflows] = ['branches', 'paths', 'paths-ignore', 'workflows'].map(list)
  return (
    (!types || types.includes(textOf(payload['action']))) &&
    (!branches || picomatch([...branches])(branchOf(happening))) &&
    (!paths || changedFiles.some((file) => picomatch([...paths], {dot: true})(file))) &&
    (!ignored || changedFiles.some((file) => !picomatch([...ignored], {dot: true})(file))) &&
    (!workflows || workflows.includes(textOf(at(payload, 'workflow_run', 'name'))))
  )
}

/** Inputs of the form with their defaults; a box to tick is true or false. Throws, as GitHub refuses, on what the form does not offer. */
export function inputsOf({on}: Workflow, {name, inputs = {}}: Happening): Record<string, string | boolean> {
  if (name !== 'workflow_dispatch') return {}
  const form = (filterOf(on, name)?.['inputs'] ?? {}) as Readonly<Record<string, JsonObject>>
  const stranger = Object.keys(inputs).find((key) => !(key in form))
  if (stranger !== undefined) throw new Error(`the form has no field ${stranger}`)
  return Object.fromEntries(
    Object.entries(form).map(([key, {default: standard = '', required, options, type}]) => {
      const value = inputs[key] ?? textOf(standard)
      if (required === true && value === '') throw new Error(`the field ${key} is required`)
      if (Array.isArray(options) && !options.map(String).includes(value))
        throw new Error(`the field ${key} does not offer ${value}`)
      return [key, type === 'boolean' ? value === 'true' : value]
    }),
  )
}

/** A value inside a document, or nothing. */
export function at(document: Json | undefined, ...path: readonly string[]): Json | undefined {
  let value: Json | undefined = document
  for (const key of path)
    value =
      typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject)[key] : undefined
  return value
}

function filterOf(on: unknown, name: string): JsonObject | undefined {
  if (on === name || (Array.isArray(on) && on.includes(name))) return {}
  const map =
    typeof on === 'object' && on !== null && !Array.isArray(on) ? (on as Record<string, JsonObject | null>) : {}
  return name in map ? (map[name] ?? {}) : undefined
}

/** The branch a filter looks at: the base of a pull request, else the one that moved. */
function branchOf({name, payload, ref}: Happening): string {
  if (name.startsWith('pull_request')) return textOf(at(payload, 'pull_request', 'base', 'ref'))
  if (name === 'workflow_run') return textOf(at(payload, 'workflow_run', 'head_branch'))
  return ref.replace(/^refs\/(heads|tags)\//, '')
}
