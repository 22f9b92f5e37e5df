import {AmbiguousOutcome} from './errors.js'
import {encodePart, readGroupWelcome} from './message-parts.js'
import {requireText} from './pages.js'
import type {CallOptions, Send} from './transport.js'
import type {GroupWelcomeDraft, WireGroupWelcome} from './wire.js'

const encodeDraft = ({text, part}: GroupWelcomeDraft): object => ({
  text: {content: text},
  ...(part === undefined ? {} : encodePart(part)),
})

/** Group-welcome templates (入群欢迎语素材), document 92366. There is no list: an id that is lost can be found nowhere. */
export function createGroupWelcomeCalls(send: Send) {
  return {
    /**
     * Gives the template id. A lost answer is an AmbiguousOutcome: one of the 100 places may be taken by a template nobody
     * knows. `notify` tells the members that a new template exists.
     */
    async sendGroupWelcome(draft: GroupWelcomeDraft, notify: boolean, options?: CallOptions): Promise<string> {
      const call = 'group_welcome_template/add'
      const answer = await send({call, body: {...encodeDraft(draft), notify: notify ? 1 : 0}}, options)
      const lost = () => new AmbiguousOutcome({call, reason: 'malformed', symptom: 'no template_id'})
      return requireText(answer, 'template_id', lost)
    },
    /** Sends the whole content: whether parts left out would stay is unconfirmed. */
    async sendGroupWelcomeChange(templateId: string, draft: GroupWelcomeDraft, options?: CallOptions): Promise<void> {
      const body = {template_id: templateId, ...encodeDraft(draft)}
      await send({call: 'group_welcome_template/edit', body}, options)
    },
    async fetchGroupWelcome(templateId: string, options?: CallOptions): Promise<WireGroupWelcome> {
      const {fields} = await send({call: 'group_welcome_template/get', body: {template_id: templateId}}, options)
      return readGroupWelcome(fields)
    },
    /** What happens to groups that use it is unconfirmed. */
    async sendGroupWelcomeDeletion(templateId: string, options?: CallOptions): Promise<void> {
      await send({call: 'group_welcome_template/del', body: {template_id: templateId}}, options)
    },
  }
}
