import {canonicalText} from '../model/canonical.js'
import {shownWay} from '../model/channel-mark.js'
import type {
  AppliedResource,
  ContactWayValue,
  GroupWelcomeValue,
  LiveFacts,
  MemberTagUsersValue,
  State,
  Step,
  StepKind,
} from '../model/plan.js'
import type {Manifest} from '../model/release.js'
import type {SeenGroupWelcome} from '../ports.js'
import {otherSaid} from './welcome-drift.js'

/**
 * `changed`, `missing` and `extra` compare what is live with what was applied; `pending` compares what was applied with
 * what the configuration wants.
 */
export type DriftKind = 'changed' | 'missing' | 'extra' | 'pending'

export interface Drift {
  readonly key: string
  readonly kind: DriftKind
  /** What the configuration wants; `null` for nothing. */
  readonly wanted: unknown
  /** What was applied last; `null` for nothing. */
  readonly state: unknown
  /** What is there now; `null` for nothing, absent where WeCom has no call that tells. */
  readonly live?: unknown
}

/** A contact way that carries our mark and that the state does not know. */
export interface StrayWay {
  readonly configId: string
  readonly value: ContactWayValue
}

export interface DriftFacts {
  readonly state: State
  readonly live: LiveFacts
  /** Group welcomes by template id; `null` where WeCom has none of that id any more. */
  readonly welcomes: Readonly<Record<string, SeenGroupWelcome | null>>
  readonly strays: readonly StrayWay[]
  readonly manifest: Manifest | null
  /** Of a plan that believes the state. */
  readonly steps: readonly Step[]
}

/** What WeCom can be asked about; a media id lives three days and is renewed without a plan. */
const NEVER_COMPARED: ReadonlySet<StepKind> = new Set(['media'])

/** Sorted by key, one row a key: what somebody changed comes before what waits for the next apply. */
export function findDrifts({state, live, welcomes, strays, manifest, steps}: DriftFacts): Drift[] {
  const wantedOf = new Map(steps.map(({key, was, after}) => [was ?? key, after]))
  const changed = [
    ...pointerDrifts(state, manifest),
    ...Object.values(state.resources).flatMap((resource) => resourceDrift(resource, live, welcomes) ?? []),
  ].map((drift) => ({...drift, wanted: wantedOf.has(drift.key) ? wantedOf.get(drift.key) : drift.state}))
  const extra = strays.map(({configId, value}): Drift => ({
    key: `contact-way/?${configId}`,
    kind: 'extra',
    ...{wanted: null, state: null, live: shownWay(value)},
  }))
  const told = new Set(changed.map(({key}) => key))
  const pending = steps
    .filter(({key, was, kind}) => !NEVER_COMPARED.has(kind) && !told.has(was ?? key))
    .map((step): Drift => ({
      key: step.key,
      kind: 'pending',
      wanted: step.after,
      state: step.before,
      ...liveOf(step, live),
    }))
  return [...changed, ...extra, ...pending].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}

type Seen = Omit<Drift, 'wanted'>

/** Responders hear the manifest; the state says what it should name. */
function pointerDrifts({stable, directory}: State, manifest: Manifest | null): Seen[] {
  const pointers = [
    {key: 'release/stable', state: stable, live: manifest?.stable ?? null},
    {key: 'directory/current', state: directory, live: manifest?.directory ?? null},
  ]
  return pointers
    .filter(({state, live}) => state !== null && state !== live)
    .map(({live, ...pointer}) => ({...pointer, live, kind: live === null ? 'missing' : 'changed'}))
}

function resourceDrift(
  {kind, id, remoteId, value}: AppliedResource,
  live: LiveFacts,
  welcomes: DriftFacts['welcomes'],
): Seen | null {
  const key = `${kind}/${id}`
  switch (kind) {
    case 'contact-way': {
      const now = remoteId === undefined ? undefined : live.contactWays[remoteId]
      if (now === undefined) return null
      const state = shownWay(value as ContactWayValue)
      if (now === null) return {key, kind: 'missing', state, live: null}
      const seen = shownWay(now)
      return canonicalText(seen) === canonicalText(state) ? null : {key, kind: 'changed', state, live: seen}
    }
    case 'corp-tag':
      return live.corpTags.includes(id) ? null : {key, kind: 'missing', state: value, live: null}
    case 'member-tag':
      return id in live.memberTags ? null : {key, kind: 'missing', state: value, live: null}
    case 'member-tag-users':
      return holdersDrift(key, id, value as MemberTagUsersValue, live.memberTags[id])
    case 'group-welcome':
      return welcomeDrift(key, value as GroupWelcomeValue, remoteId === undefined ? undefined : welcomes[remoteId])
    default:
      return null
  }
}

/** Without the tag there are no holders, and its own row says so. */
function holdersDrift(
  key: string,
  tag: string,
  state: MemberTagUsersValue,
  now: readonly string[] | undefined,
): Seen | null {
  if (now === undefined) return null
  const [has, had] = [lowered(now), lowered(state.users)]
  const isLost = state.users.some((user) => !has.has(user.toLowerCase()))
  const isMore = now.some((user) => !had.has(user.toLowerCase()))
  if (!isLost && !isMore) return null
  const live: MemberTagUsersValue = {tag, users: [...now].sort()}
  return {key, kind: isLost ? (isMore ? 'changed' : 'missing') : 'extra', state, live}
}

function welcomeDrift(key: string, state: GroupWelcomeValue, seen: SeenGroupWelcome | null | undefined): Seen | null {
  if (seen === undefined) return null
  if (seen === null) return {key, kind: 'missing', state, live: null}
  const live = otherSaid(state, seen)
  return live && {key, kind: 'changed', state, live}
}

const lowered = (users: readonly string[]): ReadonlySet<string> => new Set(users.map((user) => user.toLowerCase()))

function liveOf({kind, id, before}: Step, live: LiveFacts): Pick<Drift, 'live'> {
  switch (kind) {
    case 'corp-tag':
      return {live: live.corpTags.includes(id) ? before : null}
    case 'member-tag':
      return {live: id in live.memberTags ? {name: id} : null}
    case 'member-tag-users':
      return {live: live.memberTags[id] === undefined ? null : {tag: id, users: live.memberTags[id]}}
    case 'contact-way':
    case 'release':
    case 'directory':
      // Nothing was found that differs from the state.
      return {live: before}
    default:
      return {}
  }
}
