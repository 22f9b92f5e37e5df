import {digestOf} from '../model/canonical.js'
import type {Config} from '../model/config.js'
import type {GroupWelcomeValue, State} from '../model/plan.js'
import type {Words} from '../model/words.js'
import type {WrittenGroupWelcome} from '../model/written.js'
import type {SeenGroupWelcome} from '../ports.js'
import {renderYaml} from './render-yaml.js'
import type {ImportPart, TakenOver} from './taken-over.js'

/** A template somebody named by its id, since no call lists them (92366). */
export interface AskedWelcome {
  readonly templateId: string
  /** The id it gets in the configuration. */
  readonly id: string
  /** `null` when WeCom has none of that id. */
  readonly seen: SeenGroupWelcome | null
  /** The same as the state holds it. */
  readonly value: GroupWelcomeValue | null
}

export interface WelcomeFacts {
  readonly config: Pick<Config, 'groupWelcomes'>
  readonly state: State
  readonly asked: readonly AskedWelcome[]
}

/**
 * Templates with their text and a link without a picture; WeCom gives back no other file. One that stands in the
 * configuration already, say with its picture, is kept as it is written and only taken over.
 */
export function importGroupWelcomes({config, state, asked}: WelcomeFacts): ImportPart {
  const known = new Map(
    Object.values(state.resources).flatMap(({kind, id, remoteId}) =>
      kind === 'group-welcome' && remoteId !== undefined ? [[remoteId, id] as const] : [],
    ),
  )
  const answers = asked.map((welcome): Answer => {
    const {id, templateId, seen, value} = welcome
    const left = (note: Words): Answer => ({taken: null, notes: [note], missed: [templateId]})
    if (known.get(templateId) === id && config.groupWelcomes.has(id)) return {taken: null, notes: [], missed: []}
    const problem = whyNot(welcome, known, state)
    if (problem || !seen || !value) return left(problem ?? notThere(templateId))
    const resource = {
      ...{kind: 'group-welcome' as const, id, remoteId: templateId},
      ...{digest: digestOf(value), value},
    }
    if (config.groupWelcomes.has(id)) return {taken: {resource, file: null}, notes: [adopted(id)], missed: []}
    const hindrances = hindrancesOf(seen)
    if (hindrances.length > 0) return left(writeByHand(id, hindrances))
    const file = {path: `group-welcomes/${id}.yaml`, text: renderYaml({...writeWelcome(id, seen)})}
    return {taken: {resource, file}, notes: [], missed: []}
  })
  return {
    taken: answers.flatMap(({taken}) => taken ?? []),
    notes: answers.flatMap(({notes}) => notes),
    missed: answers.flatMap(({missed}) => missed),
  }
}

interface Answer extends Pick<ImportPart, 'notes' | 'missed'> {
  readonly taken: TakenOver | null
}

function whyNot(
  {id, templateId}: AskedWelcome,
  known: ReadonlyMap<string, string>,
  {resources, ambiguous, slots = []}: State,
): Words | null {
  const holder = known.get(templateId)
  if (holder !== undefined) return isKnown(templateId, holder)
  if (slots.includes(templateId)) return isSlot(templateId)
  if (resources[`group-welcome/${id}`]) return idIsKnown(id)
  return ambiguous[`group-welcome/${id}`] ? isInDoubt(id) : null
}

/** A backslash right before our placeholder would make a bracket of it, and nothing can be written in its place. */
const NOT_WRITABLE = '\\%NICKNAME%'

/** What WeCom does not give back, or what no file of ours can say. */
const hindrancesOf = ({text, parts, link}: SeenGroupWelcome): string[] => [
  ...(parts.length === 0 || (parts.length === 1 && link !== undefined && link.cover === '') ? [] : parts),
  ...(text.includes(NOT_WRITABLE) ? [NOT_WRITABLE] : []),
]

function writeWelcome(id: string, {text, link}: SeenGroupWelcome): WrittenGroupWelcome {
  const part = link && {
    ...{type: 'link' as const, title: link.title},
    ...(link.description === '' ? {} : {description: link.description}),
    url: link.url,
  }
  return {title: id, text: writeText(text), ...(part ? {attachment: part} : {})}
}

/** Our placeholder for WeCom's; a bracket that was one stays one. */
export const writeText = (said: string): string => said.replaceAll('[', '\\[').replaceAll('%NICKNAME%', '[客户昵称]')

const notThere = (templateId: string): Words => ({
  zh: `企业微信里没有入群欢迎语 ${templateId}，或不是这个应用建的`,
  en: `WeCom has no group welcome ${templateId}, or another app made it`,
})
const isKnown = (templateId: string, id: string): Words => ({
  zh: `入群欢迎语 ${templateId} 已由「${id}」管理，没有导入`,
  en: `group welcome ${templateId} is managed as "${id}" already; it was left out`,
})
const isSlot = (templateId: string): Words => ({
  zh: `${templateId} 是登记的空位，下一条新的入群欢迎语会用它，没有导入`,
  en: `${templateId} is a free slot that the next new group welcome is put into; it was left out`,
})
const idIsKnown = (id: string): Words => ({
  zh: `状态里已有入群欢迎语「${id}」，是另一个模板，没有导入；换一个 id`,
  en: `the state holds another template as "${id}"; this one was left out: choose another id`,
})
const isInDoubt = (id: string): Words => ({
  zh: `入群欢迎语「${id}」的创建没有收到答复，用 yingbin settle group-welcome/${id} --adopt 认领`,
  en: `the create of group welcome "${id}" got no answer: adopt it with yingbin settle group-welcome/${id} --adopt`,
})
const adopted = (id: string): Words => ({
  zh: `入群欢迎语「${id}」已写在配置里：只接管模板，文件不动；和配置不同的地方看下一次 plan`,
  en: `group welcome "${id}" stands in the configuration: its template was taken over and the file is kept; the next plan shows what differs`,
})
const writeByHand = (id: string, hindrances: readonly string[]): Words => ({
  zh: `入群欢迎语「${id}」里有还原不了的内容（${hindrances.join('、')}），没有导入：先手写 group-welcomes/${id}.yaml（带上文件），再导入一次就会接管`,
  en: `group welcome "${id}" holds what cannot be given back (${hindrances.join(', ')}) and was left out: write group-welcomes/${id}.yaml with its file by hand and import again`,
})
