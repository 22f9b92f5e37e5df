import {createPeople, type People} from '../greet/member-context.js'
import {BUILT_IN_PLACEHOLDERS, parseText, placeholdersIn, type Segment} from '../greet/parse-text.js'
import {createReach, type Reach} from '../greet/reach.js'
import type {Config, Resource} from '../model/config.js'
import type {Directory} from '../model/directory.js'
import type {Level, Pointer, Remark} from '../model/finding.js'
import type {Release} from '../model/release.js'
import type {Words} from '../model/words.js'
import type {LinkHost} from '../model/registration.js'
import {type Coverage, createCoverage} from './coverage.js'
import {createMeetsLater, type MeetsLater} from './later-people.js'

/** How many days ahead rules look for what comes by itself: a little more than a year, so that every holiday comes once. */
export const HORIZON_DAYS = 400

/** Everything the rules may look at, computed once. */
export interface Checked {
  readonly config: Config
  readonly release: Release
  readonly directory: Directory
  readonly people: People
  readonly reach: Reach
  readonly coverage: Coverage
  readonly meetsLater: MeetsLater
  readonly nowMs: number
  /** `kind/id` of files with faults of their own: naming them is no second fault. */
  readonly broken: ReadonlySet<string>
  /** Every fact with every value it may take. */
  readonly facts: ReadonlyMap<string, readonly string[]>
  /** Registered hosts by their name in lower case. */
  readonly links: ReadonlyMap<string, LinkHost>
  /** Each template's text and fallback, cut once. */
  readonly texts: ReadonlyMap<string, ParsedTemplate>
}

export interface ParsedTemplate {
  readonly text: readonly Segment[]
  readonly fallback: readonly Segment[]
  /** Names that stand in the text, built-in ones included. */
  readonly placeholders: readonly string[]
  /** Those of them that facts fill in; a name nobody defines is a finding of its own. */
  readonly factNames: readonly string[]
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
  const reach = createReach(people, nowMs)
  const facts = factValues(config)
  return {
    config,
    release,
    directory,
    people,
    reach,
    coverage: createCoverage(release, reach, config.channels),
    meetsLater: createMeetsLater(people, nowMs),
    nowMs,
    broken,
    facts,
    links: registeredHosts(config),
    texts: parseTemplates(config, facts),
  }
}

/** The first entry of a host counts. */
function registeredHosts({links}: Config): ReadonlyMap<string, LinkHost> {
  const hosts = new Map<string, LinkHost>()
  for (const entry of links.value.hosts ?? []) {
    const name = entry.host.toLowerCase()
    if (!hosts.has(name)) hosts.set(name, entry)
  }
  return hosts
}

function parseTemplates(
  {templates}: Config,
  facts: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, ParsedTemplate> {
  const isFact = (name: string): boolean => facts.has(name) && !BUILT_IN_PLACEHOLDERS.includes(name)
  const isKnown = (name: string): boolean => facts.has(name) || BUILT_IN_PLACEHOLDERS.includes(name)
  const parsed = new Map<string, ParsedTemplate>()
  for (const [id, {value}] of templates) {
    const text = parseText(value.text, isKnown)
    const placeholders = placeholdersIn(text)
    const fallback = value.fallback === undefined ? [] : parseText(value.fallback, isKnown)
    parsed.set(id, {
      text,
      fallback,
      placeholders,
      factNames: placeholders.filter(isFact),
    })
  }
  return parsed
}

function factValues(config: Config): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>()
  const add = (facts: unknown): void => {
    if (typeof facts !== 'object' || facts === null) return
    for (const [name, value] of Object.entries(facts))
      if (typeof value === 'string') values.set(name, [...(values.get(name) ?? []), value])
  }
  for (const [path, facts] of Object.entries(config.facts.value)) if (path.startsWith('/')) add(facts)
  for (const {value} of config.channels.values()) add(value.facts)
  for (const {facts} of config.organization.value.members ?? []) add(facts)
  return values
}

/** Adds what a check found; nearly always nothing, which then costs nothing. */
export function append(remarks: Remark[], found: readonly Remark[]): void {
  if (found.length > 0) remarks.push(...found)
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
