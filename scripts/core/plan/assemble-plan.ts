import type {Config} from '../model/config.js'
import type {Directory} from '../model/directory.js'
import type {LiveFacts, MediaEntry, MediaValue, Plan, State} from '../model/plan.js'
import {digestOfPlan} from '../model/plan-digest.js'
import type {Release} from '../model/release.js'
import type {Words} from '../model/words.js'
import {contactWaySteps} from './contact-way-steps.js'
import {corpTagSteps} from './corp-tag-steps.js'
import {groupWelcomeSteps, groupWelcomeValue, mediaOf} from './group-welcome-steps.js'
import {mediaKey, mediaNeeds, mediaSteps} from './media-needs.js'
import {memberTagSteps} from './member-tag-steps.js'
import {orderSteps} from './order-steps.js'
import {byText, joinParts, sortedUnique} from './plan-part.js'
import {releaseChanges} from './release-changes.js'
import {releaseSteps} from './release-steps.js'

export interface PlanFacts {
  readonly config: Config
  readonly release: Release
  readonly releaseDigest: string
  readonly directory: Directory
  readonly directoryDigest: string
  readonly state: State
  /** `null` when WeCom was not asked: then the state is believed. */
  readonly live: LiveFacts | null
  readonly policyDigest: string
  readonly media: readonly MediaEntry[]
  /** How many members greet with something, before and after. */
  readonly people: {readonly before: number; readonly after: number}
  /** Grants are in force or not at this instant. */
  readonly nowMs: number
  /** The release that is stable now, to show what changes inside; absent when it is not at hand. */
  readonly releaseBefore?: Release | null
}

/** What has to be done so that WeCom and the responders are as the configuration says. Nothing to do is an empty plan. */
export function assemblePlan(facts: PlanFacts): Plan {
  const {config, release, releaseDigest, directoryDigest, state, live, policyDigest, people} = facts
  const said = releaseMedia(release, config)
  const media = mediaSteps([...said, ...groupWelcomeMedia(config)], facts.media)
  const mediaKeys = new Set(media.steps.map(({key}) => key))
  const saidKeys = sortedUnique(said.map(mediaKey)).filter((key) => mediaKeys.has(key))
  const pointers = releaseSteps(state, releaseDigest, directoryDigest, saidKeys)
  const flip = pointers.steps.filter(({kind}) => kind === 'release').map(({key}) => key)
  const tags = corpTagSteps(
    [...config.channels.values()].map(({value}) => value),
    state,
    live,
  )
  const tagKeys = new Set(tags.steps.map(({key}) => key))
  const {steps, notes} = joinParts([
    media,
    tags,
    contactWaySteps({...facts, tagSteps: tagKeys, flip}),
    groupWelcomeSteps({config, state, mediaSteps: mediaKeys, flip}),
    memberTagSteps(facts),
    pointers,
  ])
  const ordered = {
    format: 1 as const,
    lineage: state.lineage,
    serial: state.serial,
    policyDigest,
    release: {before: state.stable, after: releaseDigest},
    steps: orderSteps(steps),
  }
  const isReleaseShown = flip.length > 0 && (facts.releaseBefore !== undefined || state.stable === null)
  return {
    ...ordered,
    digest: digestOfPlan(ordered),
    changes: isReleaseShown ? releaseChanges(facts.releaseBefore ?? null, release) : [],
    people,
    notes: [...notes, ...leftOver(state, config)],
  }
}

function releaseMedia(release: Release, config: Config): MediaValue[] {
  const ids = Object.keys(release.templates).sort(byText)
  return ids.flatMap((id) =>
    (release.templates[id]?.attachments ?? []).flatMap((attachment) => mediaNeeds(attachment, config.assets) ?? []),
  )
}

const groupWelcomeMedia = (config: Config): MediaValue[] =>
  [...config.groupWelcomes.values()].flatMap(({value}) => mediaOf(groupWelcomeValue(value, config.assets)))

/** Creates whose answers were lost and that nobody wants any more: they may still stand in WeCom. */
function leftOver(state: State, config: Config): Words[] {
  const wanted = new Set([
    ...[...config.channels.keys()].map((id) => `contact-way/${id}`),
    ...[...config.groupWelcomes.keys()].map((id) => `group-welcome/${id}`),
  ])
  return Object.entries(state.ambiguous)
    .filter(([key, {kind}]) => (kind === 'contact-way' || kind === 'group-welcome') && !wanted.has(key))
    .map(([key]) => key)
    .sort(byText)
    .map((key) => ({
      zh: `「${key}」创建时没有收到答复，现在配置里也不要了：用 yingbin settle ${key} 认领或登记为孤儿`,
      en: `the create of "${key}" got no answer and the configuration does not want it any more: adopt it or declare it orphan with yingbin settle ${key}`,
    }))
}
