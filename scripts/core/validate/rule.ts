import {createPeople, type People} from '../greet/member-context.js'
import {createReach, type Reach} from '../greet/reach.js'
import type {Config, Resource} from '../model/config.js'
import type {Directory} from '../model/directory.js'
import type {Level, Pointer, Remark} from '../model/finding.js'
import type {Release} from '../model/release.js'
import type {Words} from '../model/words.js'

/** Everything the rules may look at, computed once. */
export interface Checked {
  readonly config: Config
  readonly release: Release
  readonly directory: Directory
  readonly people: People
  readonly reach: Reach
  readonly nowMs: number
  /** `kind/id` of files with faults of their own: naming them is no second fault. */
  readonly broken: ReadonlySet<string>
}

/** A small named check; it gives remarks and never throws. */
export type Rule = (checked: Checked) => Remark[]

export function createChecked(
  config: Config,
  release: Release,
  directory: Directory,
  broken: ReadonlySet<string>,
  nowMs: number,
): Checked {
  const people = createPeople(directory, release)
  return {config, release, directory, people, reach: createReach(people, nowMs), nowMs, broken}
}

/** One remark; `pointer` is relative to the resource's file. */
export function remark(
  resource: Pick<Resource<unknown>, 'file'>,
  pointer: string,
  rule: string,
  level: Level,
  says: Words,
  fix: Words,
  atKey = false,
): Remark {
  const at: Pointer = {file: resource.file, pointer, ...(atKey ? {atKey} : {})}
  return {rule, level, at, says, fix}
}

/** A written single value or list as pairs of value and pointer. */
export function eachOf(
  written: string | readonly string[] | undefined,
  pointer: string,
): {readonly value: string; readonly pointer: string}[] {
  if (written === undefined) return []
  if (typeof written === 'string') return [{value: written, pointer}]
  return written.map((value, index) => ({value, pointer: `${pointer}/${index}`}))
}

/** The nearest of the known names, for "did you mean". */
export const listed = (names: Iterable<string>, most = 8): string => {
  const all = [...names].sort()
  return all.slice(0, most).join('、') + (all.length > most ? ` …（共 ${all.length} 个）` : '')
}
