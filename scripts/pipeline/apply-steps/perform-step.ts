import type {CorpTagValue, MediaValue, Step} from '../../core/model/plan.js'
import {performContactWay} from './perform-contact-way.js'
import {performGroupWelcome} from './perform-group-welcome.js'
import {performMemberTag, performMemberTagUsers} from './perform-member-tag.js'
import type {Performed, StepTools} from './step-tools.js'

/**
 * Carries out one step. `intend` writes the intent to the journal and is called right before the first outside write that
 * may exist twice; throws Refused, AnswerLost or StepFailed.
 */
export async function performStep(step: Step, tools: StepTools, intend: () => Promise<void>): Promise<Performed> {
  // The uploads of a group welcome come first: they may be repeated freely, its create may not.
  if (step.kind === 'group-welcome') return performGroupWelcome(step, tools, intend)
  await intend()
  switch (step.kind) {
    case 'media':
      await tools.readyMedia(step.after as MediaValue)
      return {}
    case 'corp-tag':
      return {remoteId: await tools.corpTags.ready(step.after as CorpTagValue)}
    case 'contact-way':
      return performContactWay(step, tools)
    case 'member-tag':
      return performMemberTag(step, tools)
    case 'member-tag-users':
      return performMemberTagUsers(step, tools)
    case 'release':
    case 'directory':
      await tools.flip(step)
      return {}
  }
}
