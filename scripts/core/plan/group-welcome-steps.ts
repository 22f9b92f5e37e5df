import {canonicalText} from '../model/canonical.js'
import type {Asset, Config} from '../model/config.js'
import type {
  AppliedResource,
  GroupWelcomeAttachment,
  GroupWelcomeValue,
  MediaValue,
  State,
  Step,
} from '../model/plan.js'
import type {Words} from '../model/words.js'
import type {Attachment, WrittenGroupWelcome} from '../model/written.js'
import {findPrevious} from './find-previous.js'
import {mediaKey, mediaNeeds} from './media-needs.js'
import {byText, notMergedYet, type PlanPart} from './plan-part.js'

/** WeCom keeps at most 100 of them (92366). */
const MAX_GROUP_WELCOMES = 100

export interface GroupWelcomeFacts {
  readonly config: Pick<Config, 'groupWelcomes' | 'assets'>
  readonly state: State
  /** Keys of media steps in this plan. */
  readonly mediaSteps: ReadonlySet<string>
  readonly flip: readonly string[]
}

const welcomeKey = (id: string): string => `group-welcome/${id}`

/**
 * Group welcomes live in a pool of at most 100 slots that are edited in place: groups have chosen them in the client, and no
 * call lists them. New ones are put into free slots first.
 */
export function groupWelcomeSteps({config, state, mediaSteps, flip}: GroupWelcomeFacts): PlanPart {
  const notes: Words[] = []
  const steps: Step[] = []
  const taken = new Set<string>()
  const free = [...(state.slots ?? [])].sort(byText)
  for (const id of [...config.groupWelcomes.keys()].sort(byText)) {
    const written = config.groupWelcomes.get(id)?.value
    if (!written) continue
    const key = welcomeKey(id)
    const isWanted = (other: string): boolean => config.groupWelcomes.has(other)
    const previous = findPrevious(state, 'group-welcome', id, written.was, isWanted, taken)
    if (previous) taken.add(previous.key)
    if (state.ambiguous[key]) {
      notes.push(blocked(id))
      continue
    }
    const value = groupWelcomeValue(written, config.assets)
    const needs = mediaOf(value)
      .map(mediaKey)
      .filter((media) => mediaSteps.has(media))
    const step = {key, kind: 'group-welcome' as const, id, phase: 'expand' as const, after: value, needs}
    if (!previous) {
      steps.push({...step, action: 'create', before: null, ...newWelcome(value, written.notify ?? true, free.shift())})
      continue
    }
    const before = sayingOf(previous.resource.value as GroupWelcomeValue)
    const isSame = canonicalText(before) === canonicalText(value)
    if (isSame && previous.key === key) continue
    const calls: Record<string, number> = isSame ? {} : {'group_welcome_template/edit': 1}
    steps.push({...step, action: 'update', before, calls, ...(previous.key === key ? {} : {was: previous.key})})
  }
  const gone = deletions(state, taken, flip)
  const followed = gone.length > 0 && steps.some(({action}) => action === 'create') ? [mayFollow(gone)] : []
  const kept = unwanted(state, taken).filter(({isImported}) => isImported)
  return {
    steps: [...steps, ...gone],
    notes: [...notes, ...followed, ...kept.map(notMergedYet), ...capNotes(config.groupWelcomes.size, state)],
  }
}

/** A free slot is edited, which may be repeated; only without one is a template made, which may not. */
const newWelcome = (
  value: GroupWelcomeValue,
  notify: boolean,
  slot: string | undefined,
): Pick<Step, 'after' | 'calls'> =>
  slot === undefined
    ? {after: {...value, notify}, calls: {'group_welcome_template/add': 1}}
    : {after: {...value, slot}, calls: {'group_welcome_template/edit': 1}}

/** What a group welcome says, as WeCom wants it: its one placeholder is `%NICKNAME%`, `\[` is a bracket. */
export function groupWelcomeValue(
  {text, attachment}: WrittenGroupWelcome,
  assets: ReadonlyMap<string, Asset>,
): GroupWelcomeValue {
  const said = text.replace(/\\\[|\[客户昵称\]/g, (found) => (found === '\\[' ? '[' : '%NICKNAME%'))
  const part = attachment && attachmentValue(attachment, assets)
  return {text: said, ...(part ? {attachment: part} : {})}
}

function attachmentValue(
  attachment: Attachment,
  assets: ReadonlyMap<string, Asset>,
): GroupWelcomeAttachment | undefined {
  const media = mediaNeeds(attachment, assets)
  if (attachment.type === 'link') {
    const {title, url, description, cover} = attachment
    const picture = media ?? (cover?.includes('://') ? {url: cover} : null)
    return {type: 'link', title, url, ...(description ? {description} : {}), ...(picture ? {cover: picture} : {})}
  }
  if (!media) return undefined
  if (attachment.type === 'miniprogram') {
    const {title, appid, page} = attachment
    return {type: 'miniprogram', title, appid, page, media}
  }
  return {type: attachment.type, media}
}

/** Files a group welcome needs uploaded. */
export function mediaOf({attachment}: GroupWelcomeValue): MediaValue[] {
  if (!attachment) return []
  if (attachment.type !== 'link') return [attachment.media]
  return attachment.cover && 'sha256' in attachment.cover ? [attachment.cover] : []
}

/** What is said, without how it came into WeCom. */
function sayingOf({text, attachment}: GroupWelcomeValue): GroupWelcomeValue {
  return {text, ...(attachment ? {attachment} : {})}
}

const unwanted = ({resources}: State, taken: ReadonlySet<string>): AppliedResource[] =>
  Object.values(resources).filter(({kind, id}) => kind === 'group-welcome' && !taken.has(welcomeKey(id)))

const deletions = (state: State, taken: ReadonlySet<string>, flip: readonly string[]): Step[] =>
  unwanted(state, taken)
    .filter(({isImported}) => !isImported)
    .map(({id, value}) => ({
      key: welcomeKey(id),
      kind: 'group-welcome',
      id,
      action: 'delete',
      phase: 'contract',
      before: sayingOf(value as GroupWelcomeValue),
      after: null,
      needs: flip,
      calls: {'group_welcome_template/del': 1},
    }))

const blocked = (id: string): Words => ({
  zh: `入群欢迎语「${id}」上次创建时没有收到答复，企业微信又没有列表接口：在后台看有没有建出来，再用 yingbin settle group-welcome/${id} 认领（--adopt 模板 id）、重试（--retry）或登记为孤儿（--orphan）`,
  en: `the last create of group welcome "${id}" got no answer and WeCom has no list: see in the console whether it was made, then yingbin settle group-welcome/${id} with --adopt TEMPLATE_ID, --retry or --orphan`,
})

const mayFollow = (gone: readonly Step[]): Words => ({
  zh: `要删除的入群欢迎语：${gone.map(({id}) => id).join('、')}；选了它们的群不会换成新的。新的若是接替旧的，给它写 was: 旧 id，就在原处修改，群不用重选`,
  en: `group welcomes to be deleted: ${gone.map(({id}) => id).join(', ')}; groups that chose them do not get the new ones. Where a new one follows an old one, give it was: OLD-ID: it is edited in place and nobody has to choose again`,
})

function capNotes(wanted: number, {orphans, ambiguous}: State): Words[] {
  const unknown = [...orphans, ...Object.values(ambiguous)].filter(({kind}) => kind === 'group-welcome').length
  if (wanted + unknown <= MAX_GROUP_WELCOMES) return []
  return [
    {
      zh: `入群欢迎语要 ${wanted} 个，另有 ${unknown} 个可能已占位而不知道 id，企业微信最多 ${MAX_GROUP_WELCOMES} 个（41055）`,
      en: `${wanted} group welcomes and ${unknown} that may exist under an unknown id are more than the ${MAX_GROUP_WELCOMES} WeCom keeps (41055)`,
    },
  ]
}
