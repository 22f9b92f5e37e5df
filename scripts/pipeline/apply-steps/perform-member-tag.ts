import type {MemberTagUsersValue, Step} from '../../core/model/plan.js'
import {AnswerLost, Refused, type WeComWriter} from '../../core/ports.js'
import {StepFailed, type Performed, type StepTools} from './step-tools.js'

const NAME_TAKEN = 40071
/** None of the users to be taken out is there (90215): they have left, or lost the tag already. */
const NOBODY_TO_REMOVE = 40031
/** None of the users could be added (90214). */
const NOBODY_ADDED = 40070
const USERS_A_CALL = 1000

/** Names are unique (90210), so an existing tag is taken and a lost answer is looked up. */
export async function performMemberTag(step: Step, {writer}: StepTools): Promise<Performed> {
  const existing = await findTag(writer, step.id)
  if (existing !== undefined) return {remoteId: String(existing)}
  try {
    return {remoteId: String(await writer.createMemberTag(step.id))}
  } catch (error) {
    if (!(error instanceof AnswerLost) && !(error instanceof Refused && error.errcode === NAME_TAKEN)) throw error
    const found = await findTag(writer, step.id)
    if (found === undefined) throw error
    return {remoteId: String(found)}
  }
}

const findTag = async (writer: WeComWriter, name: string): Promise<number | undefined> =>
  (await writer.listMemberTags()).find((tag) => tag.name === name)?.id

/** Adds and takes away only what differs; users whom WeCom does not take are named, the others count. */
export async function performMemberTagUsers(step: Step, {writer}: StepTools): Promise<Performed> {
  const before = (step.before as MemberTagUsersValue | null)?.users ?? []
  const wanted = (step.after as MemberTagUsersValue | null)?.users ?? []
  const tagId = await findTag(writer, step.id)
  if (tagId === undefined) {
    if (wanted.length === 0) return {}
    throw new StepFailed({zh: `企业微信里没有成员标签「${step.id}」`, en: `WeCom has no member tag "${step.id}"`})
  }
  const added = wanted.filter((user) => !before.includes(user))
  const invalid = await inChunks(added, (users) => addUsers(writer, tagId, users))
  await inChunks(
    before.filter((user) => !wanted.includes(user)),
    (users) => removeUsers(writer, tagId, users),
  )
  if (invalid.length > 0) {
    const lowered = new Set(invalid.map((user) => user.toLowerCase()))
    const users = wanted.filter((user) => !lowered.has(user.toLowerCase()))
    throw new StepFailed(notTagged(step.id, invalid), {remoteId: String(tagId), value: {tag: step.id, users}})
  }
  return {remoteId: String(tagId)}
}

async function addUsers(writer: WeComWriter, tagId: number, users: readonly string[]): Promise<readonly string[]> {
  try {
    return await writer.addMemberTagUsers(tagId, users)
  } catch (error) {
    if (error instanceof Refused && error.errcode === NOBODY_ADDED) return users
    throw error
  }
}

async function removeUsers(writer: WeComWriter, tagId: number, users: readonly string[]): Promise<readonly string[]> {
  try {
    return await writer.deleteMemberTagUsers(tagId, users)
  } catch (error) {
    if (error instanceof Refused && error.errcode === NOBODY_TO_REMOVE) return users
    throw error
  }
}

async function inChunks(
  users: readonly string[],
  call: (users: readonly string[]) => Promise<readonly string[]>,
): Promise<string[]> {
  const refused: string[] = []
  for (let from = 0; from < users.length; from += USERS_A_CALL)
    refused.push(...(await call(users.slice(from, from + USERS_A_CALL))))
  return refused
}

const notTagged = (tag: string, users: readonly string[]) => ({
  zh: `成员标签「${tag}」打不到 ${users.length} 人身上（不在应用可见范围或已不在企业）：${users.join('、')}`,
  en: `member tag "${tag}" did not reach ${users.length} members (not visible to the app, or gone): ${users.join(', ')}`,
})
