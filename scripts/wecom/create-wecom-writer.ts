import type {ContactWayValue} from '../core/model/plan.js'
import {
  AnswerLost,
  Refused,
  type GroupWelcomePart,
  type SeenContactWay,
  type SeenGroupWelcome,
  type UploadFile,
  type WaySeer,
  type WeComWriter,
} from '../core/ports.js'
import type {WeComClient} from './client.js'
import {WeComRejected, WeComUnreachable} from './errors.js'
import {uploadChecked} from './upload-checked.js'
import type {
  ContactWayChange,
  GroupWelcomeDraft,
  MessagePart,
  UploadFile as WireUpload,
  WireContactWay,
  WireGroupWelcome,
} from './wire.js'

const UNKNOWN_CONFIG_ID = 41044
/** The platform's own code for "busy", given when a call was certainly not carried out (90313). */
const NOT_CARRIED_OUT = -1
/** A QR code, not a button inside a mini program (92228). */
const SCENE_QR = 2

/** The client's calls as apply asks for them, and its errors as apply tells them apart. */
export function createWeComWriter(client: WeComClient): WeComWriter {
  return {
    uploadPicture: (file) => told(() => client.sendImage(encodeUpload(file))),
    uploadMedia: (type, file) => told(() => uploadChecked(client, type, encodeUpload(file))),
    listCorpTags: () =>
      told(async () =>
        (await client.fetchCorpTags())
          .filter(({deleted}) => !deleted)
          .flatMap(({name: group, tags}) =>
            tags.filter(({deleted}) => !deleted).map(({id, name}) => ({id, group, name})),
          ),
      ),
    addCorpTags: (group, names) =>
      told(async () => (await client.sendCorpTags(group, names)).tags.map(({id, name}) => ({id, group, name}))),
    addContactWay: (way) =>
      told(async () => (await client.sendContactWay({...encodeWay(way), type: way.type, scene: SCENE_QR})).configId),
    // The list goes by the platform's clock, so everything is listed; what the state knows is not fetched again.
    listContactWays: () => told(() => client.fetchContactWayIds()),
    getContactWay: (configId) => told(() => findWay(client, configId)),
    updateContactWay: (configId, way) => told(() => client.sendContactWayChange(configId, encodeWay(way))),
    deleteContactWay: (configId) =>
      told(async () => {
        await client.sendContactWayDeletion(configId)
      }),
    addGroupWelcome: ({text, part}, notify) => told(() => client.sendGroupWelcome(encodeWelcome(text, part), notify)),
    editGroupWelcome: (id, {text, part}) => told(() => client.sendGroupWelcomeChange(id, encodeWelcome(text, part))),
    deleteGroupWelcome: (id) => told(() => client.sendGroupWelcomeDeletion(id)),
    getGroupWelcome: (id) => told(() => findGroupWelcome(client, id)),
    listMemberTags: () =>
      told(async () => (await client.fetchMemberTags()).map(({tagId, name}) => ({id: tagId, name}))),
    createMemberTag: (name) => told(() => client.sendMemberTag(name)),
    getMemberTagUsers: (tagId) => told(async () => (await client.fetchTagHolders(tagId)).userIds),
    addMemberTagUsers: (tagId, users) => told(async () => (await client.sendTagHolders(tagId, users)).invalidUserIds),
    deleteMemberTagUsers: (tagId, users) =>
      told(async () => (await client.sendTagRemovals(tagId, users)).invalidUserIds),
  }
}

/** Refused = certainly not done; AnswerLost = nobody knows. The client's errors hold nothing secret. */
export async function told<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof WeComRejected) throw new Refused(error.errcode, error.message, {cause: error})
    if (error instanceof WeComUnreachable && error.ambiguous) throw new AnswerLost(error.message, {cause: error})
    if (error instanceof WeComUnreachable) throw new Refused(NOT_CARRIED_OUT, error.message, {cause: error})
    throw error
  }
}

async function findWay(client: WeComClient, configId: string): Promise<ContactWayValue | null> {
  return (await seeWay(client, configId))?.value ?? null
}

/** The same with what only an import asks about. */
export const createWaySeer = (client: WeComClient): WaySeer => ({
  seeContactWay: (configId) => told(() => seeWay(client, configId)),
})

async function seeWay(client: WeComClient, configId: string): Promise<SeenContactWay | null> {
  try {
    const way = await client.fetchContactWay(configId)
    return {configId, value: readWay(way), isButton: way.scene !== SCENE_QR}
  } catch (error) {
    if (error instanceof WeComRejected && error.errcode === UNKNOWN_CONFIG_ID) return null
    throw error
  }
}

/** What WeCom answers to a template id it does not know; no page names the code. */
const UNKNOWN_TEMPLATE_ID = 40058

async function findGroupWelcome(client: WeComClient, templateId: string): Promise<SeenGroupWelcome | null> {
  try {
    return readWelcome(await client.fetchGroupWelcome(templateId))
  } catch (error) {
    if (error instanceof WeComRejected && error.errcode === UNKNOWN_TEMPLATE_ID) return null
    throw error
  }
}

function readWelcome({text, parts}: WireGroupWelcome): SeenGroupWelcome {
  const link = parts.find((part) => part.kind === 'link')
  return {
    text,
    parts: parts.map(({kind}) => kind),
    ...(link && {
      link: {
        ...{title: link.title, url: link.url},
        ...{description: link.description ?? '', cover: link.picUrl ?? ''},
      },
    }),
  }
}

/** Sorted, since the platform promises no order. */
const readWay = (way: WireContactWay): ContactWayValue => ({
  type: way.type === 1 ? 1 : 2,
  state: way.state,
  remark: way.remark,
  skipVerify: way.skipVerify,
  users: [...way.userIds].sort(),
  parties: [...way.departmentIds].sort((a, b) => a - b),
})

const encodeWay = ({remark, skipVerify, state, users, parties}: ContactWayValue): ContactWayChange => ({
  remark,
  skipVerify,
  state,
  userIds: users,
  departmentIds: parties,
})

const encodeUpload = ({bytes, name, mime}: UploadFile): WireUpload => ({
  bytes,
  fileName: name,
  ...(mime === null ? {} : {contentType: mime}),
})

const encodeWelcome = (text: string, part: GroupWelcomePart | undefined): GroupWelcomeDraft =>
  part ? {text, part: encodePart(part)} : {text}

function encodePart(part: GroupWelcomePart): MessagePart {
  switch (part.type) {
    case 'image':
      return {kind: 'image', picUrl: part.picUrl}
    case 'link':
      return {kind: 'link', title: part.title, url: part.url, description: part.desc, picUrl: part.picUrl}
    case 'miniprogram':
      return {kind: 'miniprogram', title: part.title, appid: part.appid, page: part.page, coverMediaId: part.picMediaId}
    case 'video':
    case 'file':
      return {kind: part.type, mediaId: part.mediaId}
  }
}
