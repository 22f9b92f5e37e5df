import {canonicalText} from '../model/canonical.js'
import {channelMark} from '../model/channel-mark.js'
import type {Config} from '../model/config.js'
import type {Directory} from '../model/directory.js'
import type {AppliedResource, ContactWayValue, LiveFacts, State, Step} from '../model/plan.js'
import type {Words} from '../model/words.js'
import type {WrittenChannel} from '../model/written.js'
import {corpTagKey} from './corp-tag-steps.js'
import {byText, notMergedYet, sortedUnique, type PlanPart} from './plan-part.js'
import {findPrevious} from './find-previous.js'

export interface ContactWayFacts {
  readonly config: Pick<Config, 'channels' | 'organization'>
  readonly directory: Directory
  readonly state: State
  readonly live: LiveFacts | null
  readonly nowMs: number
  /** Keys of tag steps in this plan. */
  readonly tagSteps: ReadonlySet<string>
  /** What a deletion waits for: the release that no longer names the channel. */
  readonly flip: readonly string[]
}

const wayKey = (id: string): string => `contact-way/${id}`

/** Contact ways of channels of kind `qr` with staff: made, changed in place (the QR code stays valid), deleted last. */
export function contactWaySteps(facts: ContactWayFacts): PlanPart {
  const {config, state, live} = facts
  const notes: Words[] = []
  const steps: Step[] = []
  const taken = new Set<string>()
  const isWanted = (id: string): boolean => config.channels.has(id)
  for (const id of [...config.channels.keys()].sort(byText)) {
    const channel = config.channels.get(id)?.value
    if (!channel) continue
    const previous = findPrevious(state, 'contact-way', id, channel.was, isWanted, taken)
    if (previous) taken.add(previous.key)
    const wanted = wantedWay(id, channel, facts)
    if ('note' in wanted) {
      if (wanted.note) notes.push(wanted.note)
      if (previous && !isManaged(channel)) notes.push(notManagedAnyMore(id))
      continue
    }
    const inactive = wanted.inactive
    if (inactive.length > 0) notes.push(staffLeftOut(id, inactive))
    const step = wayStep(id, channel, wanted.value, previous?.resource, live, facts)
    if (step) steps.push(previous && previous.key !== step.key ? {...step, was: previous.key} : step)
    if (state.ambiguous[wayKey(id)]) notes.push(willLookFirst(id))
  }
  for (const resource of Object.values(state.resources))
    if (resource.kind === 'contact-way' && !taken.has(wayKey(resource.id))) {
      if (resource.isImported) notes.push(notMergedYet(resource))
      else steps.push(deleteWay(resource, facts.flip))
    }
  return {steps, notes}
}

const isManaged = ({kind = 'qr', staff}: WrittenChannel): boolean =>
  kind === 'qr' && ((staff?.members?.length ?? 0) > 0 || (staff?.departments?.length ?? 0) > 0)

type Wanted = {readonly value: ContactWayValue; readonly inactive: readonly string[]} | {readonly note: Words | null}

function wantedWay(id: string, channel: WrittenChannel, {config, directory, nowMs}: ContactWayFacts): Wanted {
  if (!isManaged(channel)) return {note: null}
  if (channel.state === undefined) return {note: prefixCannotBeMade(id)}
  const ids = new Map((config.organization.value.departments ?? []).map(({path, id: number}) => [path, number]))
  const paths = channel.staff?.departments ?? []
  const unknown = paths.filter((path) => ids.get(path) === undefined)
  if (unknown.length > 0) return {note: departmentWithoutId(id, unknown)}
  const gone = new Set(
    directory.members
      .filter(({status, leftAtMs}) => status === 'disabled' || (status === 'left' && nowMs >= (leftAtMs ?? nowMs)))
      .map((member) => member.id.toLowerCase()),
  )
  const members = sortedUnique(channel.staff?.members ?? [])
  const users = members.filter((member) => !gone.has(member.toLowerCase()))
  if (users.length === 0 && paths.length === 0) return {note: nobodyLeft(id)}
  const parties = [...new Set(paths.flatMap((path) => ids.get(path) ?? []))].sort((a, b) => a - b)
  return {
    // Type 1 (exactly one member) could never take a second member later: type and the printed QR code stay for ever
    // (92228). Type 2 takes one member as well as many.
    value: {
      type: 2,
      state: channel.state,
      remark: channelMark(id),
      skipVerify: channel.skipVerify ?? true,
      users,
      parties,
    },
    inactive: members.filter((member) => gone.has(member.toLowerCase())),
  }
}

function wayStep(
  id: string,
  channel: WrittenChannel,
  wanted: ContactWayValue,
  resource: AppliedResource | undefined,
  live: LiveFacts | null,
  {tagSteps}: ContactWayFacts,
): Step | null {
  const before = resource ? currentValue(resource, live) : null
  const needs = sortedUnique((channel.tags ?? []).map(corpTagKey)).filter((key) => tagSteps.has(key))
  const step = {key: wayKey(id), kind: 'contact-way' as const, id, phase: 'expand' as const, needs}
  if (!before) return {...step, action: 'create', before: null, after: wanted, calls: {add_contact_way: 1}}
  // WeCom never changes a way's type; one made elsewhere keeps the one it has.
  const after = {...wanted, type: before.type}
  if (resource?.id === id && canonicalText(before) === canonicalText(after)) return null
  return {...step, action: 'update', before, after, calls: {update_contact_way: 1}}
}

/** `null` when WeCom has lost it: then it is made again. */
function currentValue({remoteId, value}: AppliedResource, live: LiveFacts | null): ContactWayValue | null {
  const seen = remoteId === undefined ? undefined : live?.contactWays[remoteId]
  return seen === undefined ? (value as ContactWayValue) : seen
}

const deleteWay = ({id, value}: AppliedResource, flip: readonly string[]): Step => ({
  key: wayKey(id),
  kind: 'contact-way',
  id,
  action: 'delete',
  phase: 'contract',
  before: value,
  after: null,
  needs: flip,
  calls: {del_contact_way: 1},
})

const prefixCannotBeMade = (id: string): Words => ({
  zh: `渠道「${id}」按 statePrefix 识别，活码要有确定的 state，不能由系统创建`,
  en: `channel "${id}" is known by statePrefix; a contact code needs one exact state, so none is made`,
})
const departmentWithoutId = (id: string, paths: readonly string[]): Words => ({
  zh: `渠道「${id}」的活码先不处理：organization.yaml 里没有这些部门的 id：${paths.join('、')}`,
  en: `the code of channel "${id}" is left alone: organization.yaml has no id for ${paths.join(', ')}`,
})
const nobodyLeft = (id: string): Words => ({
  zh: `渠道「${id}」的活码先不处理：接待员工都已离职或停用，请先换人`,
  en: `the code of channel "${id}" is left alone: all of its staff have left or are disabled; name others first`,
})
const staffLeftOut = (id: string, members: readonly string[]): Words => ({
  zh: `渠道「${id}」的活码不含已离职或停用的员工：${members.join('、')}`,
  en: `the code of channel "${id}" leaves out staff who have left or are disabled: ${members.join(', ')}`,
})
const notManagedAnyMore = (id: string): Words => ({
  zh: `渠道「${id}」不再由系统管理：企业微信里的活码保留，仍可使用`,
  en: `channel "${id}" is not managed any more: its code stays in WeCom and goes on working`,
})
const willLookFirst = (id: string): Words => ({
  zh: `渠道「${id}」的活码上次创建时没有收到答复：执行时先到企业微信查找，找到就认领`,
  en: `the last create of the code of channel "${id}" got no answer: apply looks for it first and adopts it when found`,
})
