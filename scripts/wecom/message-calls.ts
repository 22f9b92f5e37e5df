import {barListOf, textOf} from './answer.js'
import type {CallOptions, Send} from './transport.js'
import type {AppMessage, AppMessageReceipt, RobotMessage} from './wire.js'

/** Messages to the company's own people. */
export function createMessageCalls(send: Send, sendWithoutToken: Send, agentId: number) {
  return {
    /**
     * Document 90236. Members who cannot be reached are listed, not refused; what exceeds a member's own frequency is
     * dropped without a word. Only with `duplicateCheckSeconds` may a lost answer be sent again.
     */
    async sendAppMessage(message: AppMessage, options?: CallOptions): Promise<AppMessageReceipt> {
      const {duplicateCheckSeconds} = message
      const isChecked = duplicateCheckSeconds !== undefined
      const body = {
        touser: message.userIds.join('|'),
        agentid: agentId,
        msgtype: 'markdown',
        markdown: {content: message.markdown},
        ...(isChecked ? {enable_duplicate_check: 1, duplicate_check_interval: duplicateCheckSeconds} : {}),
      }
      const {fields} = await send({call: 'message/send', body, repeat: isChecked ? 'safe' : 'never'}, options)
      return {messageId: textOf(fields, 'msgid'), invalidUserIds: barListOf(fields, 'invaliduser')}
    },
    /** Document 91770: 20 a minute and robot, no token. A lost answer is an AmbiguousOutcome. */
    async sendRobotMessage({key, markdown}: RobotMessage, options?: CallOptions): Promise<void> {
      const body = {msgtype: 'markdown', markdown: {content: markdown}}
      await sendWithoutToken({call: 'webhook/send', query: {key}, body, lane: key}, options)
    },
  }
}
