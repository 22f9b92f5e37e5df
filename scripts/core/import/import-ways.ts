import {digestOf} from '../model/canonical.js'
import {isOurMark, shownWay} from '../model/channel-mark.js'
import type {Config} from '../model/config.js'
import type {State} from '../model/plan.js'
import type {Words} from '../model/words.js'
import type {WrittenChannel} from '../model/written.js'
import type {SeenContactWay} from '../ports.js'
import {nameChannel} from './name-channel.js'
import {renderYaml} from './render-yaml.js'
import {findStaff} from './staff.js'
import type {ImportPart, TakenOver} from './taken-over.js'
import * as words from './way-words.js'

export interface WayFacts {
  readonly config: Pick<Config, 'channels' | 'organization'>
  readonly state: State
  /** Codes the state does not know. */
  readonly ways: readonly SeenContactWay[]
}

type Answer = {readonly taken: TakenOver | null; readonly notes: readonly Words[]}

/**
 * Codes that get a channel: those with a state of their own and with staff we know. A channel that names the state already
 * is kept as it is written; its code is taken over and the next plan shows what differs.
 */
export function importWays({config, state, ways}: WayFacts): ImportPart {
  const channelOf = new Map(
    [...config.channels.values()].flatMap(({id, value}) => (value.state ? [[value.state, {id, value}] as const] : [])),
  )
  const ids = new Set([...config.channels.keys()].map((id) => id.toLowerCase()))
  const answers = groupByState(ways).map(([first, ...more]): Answer => {
    if (first.isButton) return left(words.isButton(first.configId))
    if (first.value.state === '') return left(words.withoutState(first.configId))
    if (more.length > 0) return left(words.severalCodes(first.value.state, [first, ...more]))
    const channel = channelOf.get(first.value.state)
    if (channel) return adopt(channel, first, state)
    const id = nameChannel(first.value.state, ids)
    ids.add(id.toLowerCase())
    return state.resources[`contact-way/${id}`] ? left(words.idIsKnown(id)) : write(id, first, config)
  })
  return {taken: answers.flatMap(({taken}) => taken ?? []), notes: answers.flatMap(({notes}) => notes), missed: []}
}

type Group = [SeenContactWay, ...SeenContactWay[]]

/** In the order of their states; codes without one, or inside mini programs, stand for themselves. */
function groupByState(ways: readonly SeenContactWay[]): Group[] {
  const groups = new Map<string, Group>()
  for (const way of [...ways].sort((a, b) => (wayOrder(a) < wayOrder(b) ? -1 : 1))) {
    const isAlone = way.isButton || way.value.state === ''
    const key = isAlone ? `?${way.configId}` : `=${way.value.state}`
    const group = groups.get(key)
    if (group) group.push(way)
    else groups.set(key, [way])
  }
  return [...groups.values()]
}

const wayOrder = ({value, configId}: SeenContactWay): string => `${value.state} ${configId}`

const left = (note: Words): Answer => ({taken: null, notes: [note]})

function adopt(
  channel: {readonly id: string; readonly value: WrittenChannel},
  way: SeenContactWay,
  state: State,
): Answer {
  const {id, value} = channel
  const key = `contact-way/${id}`
  if (state.resources[key]) return left(words.secondCode(id, way.configId))
  if (state.ambiguous[key]) return left(words.isInDoubt(id))
  if ((value.kind ?? 'qr') !== 'qr' || !value.staff) return left(words.notManaged(id, way.configId))
  return {taken: {resource: resourceOf(id, way), file: null}, notes: [words.adopted(id)]}
}

function write(id: string, way: SeenContactWay, {organization}: Pick<Config, 'organization'>): Answer {
  const {value} = way
  const {staff, strangers} = findStaff(value, organization.value)
  if (!staff) return left(words.nobodyKnown(value.state, strangers))
  const title = value.remark === '' || isOurMark(value.remark) ? value.state : value.remark
  const channel: WrittenChannel = {
    ...{title, state: value.state, staff},
    ...(value.skipVerify ? {} : {skipVerify: false}),
  }
  const file = {path: `channels/${id}.yaml`, text: renderYaml({...channel})}
  return {
    taken: {resource: resourceOf(id, way), file},
    notes: [
      ...(strangers.length > 0 ? [words.withoutStrangers(id, strangers)] : []),
      ...(value.type === 1 ? [words.oneMemberOnly(id)] : []),
    ],
  }
}

/** Whoever wrote the remark may have named a customer: neither the state nor a plan made from it may hold that. */
function resourceOf(id: string, {configId, value}: SeenContactWay): TakenOver['resource'] {
  const shown = shownWay(value)
  return {kind: 'contact-way', id, remoteId: configId, digest: digestOf(shown), value: shown}
}
