import {type CommentCommand, parseCommentCommands} from '../core/gate/comment-commands.js'
import {renderAnswer} from '../core/gate/render-answer.js'
import {createRights} from '../core/gate/rights.js'
import {isLeaver} from '../core/greet/member-context.js'
import {hasErrors} from '../core/model/finding.js'
import type {Language} from '../core/model/words.js'
import type {GatePorts} from './gate.js'
import {readConfigAt} from './read-config-at.js'

export interface ReplyRequest {
  readonly number: number
  readonly comment: number
  /** Where the configuration lies in the repository. */
  readonly folder: string
  readonly language: Language | undefined
}

export type Replied = 'answered' | 'nothing-asked' | 'not-a-member' | 'no-such-comment'

/**
 * Answers what a comment asks, as the proposal would have it. Only active members of the organization are answered; the
 * same comment is answered once, whatever happens to the run.
 */
export async function replyToComment(
  {host, clock, inFolder}: Pick<GatePorts, 'host' | 'clock' | 'inFolder'>,
  {number, comment, folder, language}: ReplyRequest,
): Promise<Replied> {
  const asked = (await host.readComments(number)).find(({id}) => id === comment)
  if (!asked) return 'no-such-comment'
  const commands = asked.by.isBot ? [] : parseCommentCommands(asked.body).filter(needsAnswer)
  if (commands.length === 0) return 'nothing-asked'
  const nowMs = clock.nowMs()
  const pull = await host.readPull(number)
  const base = (await readConfigAt({host, inFolder}, pull.base, folder, nowMs)).loaded.config
  const person = createRights(base, nowMs).memberOf(asked.by.login)
  if (!person || isLeaver(person.member, nowMs)) return 'not-a-member'
  const {loaded, findings} = await readConfigAt({host, inFolder}, pull.head, folder, nowMs)
  const tongue = language ?? (base.enterprise.value.locale === 'en' ? 'en' : 'zh')
  const answer = renderAnswer(commands, hasErrors(findings) ? null : loaded.config, tongue)
  await host.keepComment(number, `<!-- yingbin:reply ${comment} -->`, `<!-- yingbin:reply ${comment} -->\n${answer}`)
  return 'answered'
}

/** Unlocking and checking again are answered by the verdict itself. */
const needsAnswer = ({verb}: CommentCommand): boolean => verb !== 'unlock' && verb !== 'check'
