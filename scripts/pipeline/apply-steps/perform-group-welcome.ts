import {canonicalText} from '../../core/model/canonical.js'
import type {GroupWelcomeAttachment, GroupWelcomeValue, Step} from '../../core/model/plan.js'
import {Refused, type GroupWelcomePart, type GroupWelcomeSpec} from '../../core/ports.js'
import {remoteIdOf, type Performed, type StepTools} from './step-tools.js'

/** What WeCom answers to an id it does not know; no page names the code, so other refusals still count as failures. */
const UNKNOWN_TEMPLATE_ID = 40058

export async function performGroupWelcome(
  step: Step,
  tools: StepTools,
  intend: () => Promise<void>,
): Promise<Performed> {
  if (step.action === 'delete') {
    const remoteId = remoteIdOf(step, tools)
    await intend()
    await deleteWelcome(remoteId, tools)
    return {}
  }
  const value = step.after as GroupWelcomeValue
  if (step.action === 'update' && isOnlyRenamed(step)) return {remoteId: remoteIdOf(step, tools)}
  const spec = await specOf(value, tools)
  if (step.action === 'update') {
    const remoteId = remoteIdOf(step, tools)
    await intend()
    await tools.writer.editGroupWelcome(remoteId, spec)
    return {remoteId}
  }
  await intend()
  if (value.slot === undefined) return {remoteId: await tools.writer.addGroupWelcome(spec, value.notify ?? true)}
  await tools.writer.editGroupWelcome(value.slot, spec)
  return {remoteId: value.slot}
}

const isOnlyRenamed = ({was, before, after}: Step): boolean =>
  was !== undefined && canonicalText(before) === canonicalText(after)

async function deleteWelcome(remoteId: string, {writer}: StepTools): Promise<void> {
  try {
    await writer.deleteGroupWelcome(remoteId)
  } catch (error) {
    if (!(error instanceof Refused && error.errcode === UNKNOWN_TEMPLATE_ID)) throw error
  }
}

async function specOf({text, attachment}: GroupWelcomeValue, tools: StepTools): Promise<GroupWelcomeSpec> {
  return {text, ...(attachment ? {part: await partOf(attachment, tools)} : {})}
}

async function partOf(attachment: GroupWelcomeAttachment, {readyMedia}: StepTools): Promise<GroupWelcomePart> {
  switch (attachment.type) {
    case 'link': {
      const {title, url, description, cover} = attachment
      const picUrl = cover && ('url' in cover ? cover.url : (await readyMedia(cover)).value)
      return {
        type: 'link',
        title,
        url,
        ...(description === undefined ? {} : {desc: description}),
        ...(picUrl === undefined ? {} : {picUrl}),
      }
    }
    case 'miniprogram': {
      const {title, appid, page, media} = attachment
      return {type: 'miniprogram', title, appid, page, picMediaId: (await readyMedia(media)).value}
    }
    case 'image':
      return {type: 'image', picUrl: (await readyMedia(attachment.media)).value}
    case 'video':
    case 'file':
      return {type: attachment.type, mediaId: (await readyMedia(attachment.media)).value}
  }
}
