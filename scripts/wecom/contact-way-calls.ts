import type {Clock} from '../core/ports.js'
import {flagOf, numberOf, numbersOf, recordOf, textOf, textsOf} from './answer.js'
import {AmbiguousOutcome, WeComRejected} from './errors.js'
import {fetchPages, requireText} from './pages.js'
import type {CallOptions, Send} from './transport.js'
import type {ContactWayChange, ContactWayDraft, WireContactWay} from './wire.js'

/** 2021-07-10 in Beijing: older contact ways are not listed. Without a start the platform lists 90 days only. */
const FIRST_LISTED_SECONDS = 1_625_846_400
const LIST_PAGE = 1000
const UNKNOWN_CONFIG_ID = 41044

function readContactWay(row: Readonly<Record<string, unknown>>): WireContactWay {
  return {
    configId: textOf(row, 'config_id'),
    type: numberOf(row, 'type'),
    scene: numberOf(row, 'scene'),
    remark: textOf(row, 'remark'),
    skipVerify: flagOf(row, 'skip_verify'),
    state: textOf(row, 'state'),
    qrCode: textOf(row, 'qr_code'),
    userIds: textsOf(row, 'user'),
    departmentIds: numbersOf(row, 'party'),
    isTemporary: flagOf(row, 'is_temp'),
  }
}

const encodeChange = (change: ContactWayChange): object => ({
  remark: change.remark,
  skip_verify: change.skipVerify,
  state: change.state,
  user: change.userIds,
  party: change.departmentIds,
})

/** Contact ways (渠道活码), document 92228. An app sees and changes only those it made. */
export function createContactWayCalls(send: Send, clock: Clock) {
  return {
    /** A lost answer is an AmbiguousOutcome: find the way by remark or state in the list before making another. */
    async sendContactWay(draft: ContactWayDraft, options?: CallOptions): Promise<{configId: string; qrCode: string}> {
      const call = 'add_contact_way'
      const answer = await send({call, body: {type: draft.type, scene: draft.scene, ...encodeChange(draft)}}, options)
      const lost = () => new AmbiguousOutcome({call, reason: 'malformed', symptom: 'no config_id'})
      return {configId: requireText(answer, 'config_id', lost), qrCode: textOf(answer.fields, 'qr_code')}
    },
    async fetchContactWay(configId: string, options?: CallOptions): Promise<WireContactWay> {
      const {fields} = await send({call: 'get_contact_way', body: {config_id: configId}}, options)
      return readContactWay(recordOf(fields, 'contact_way'))
    },
    /** The ids of all ways this app made; temporary ones are never listed. */
    async fetchContactWayIds(options?: CallOptions): Promise<string[]> {
      const call = 'list_contact_way'
      const span = {start_time: FIRST_LISTED_SECONDS, end_time: Math.floor(clock.nowMs() / 1000), limit: LIST_PAGE}
      const fetchPage = (cursor: string) => send({call, body: cursor === '' ? span : {...span, cursor}}, options)
      return fetchPages(call, fetchPage, 'contact_way', (row) => textOf(row, 'config_id'))
    },
    /** `userIds` and `departmentIds` replace the lists as a whole. Type and scene cannot change; the QR code stays. */
    async sendContactWayChange(configId: string, change: ContactWayChange, options?: CallOptions): Promise<void> {
      await send({call: 'update_contact_way', body: {config_id: configId, ...encodeChange(change)}}, options)
    },
    /** `already-gone` = the platform does not know the id (41044), which is also how a repeated deletion ends. */
    async sendContactWayDeletion(configId: string, options?: CallOptions): Promise<'deleted' | 'already-gone'> {
      try {
        await send({call: 'del_contact_way', body: {config_id: configId}}, options)
        return 'deleted'
      } catch (error) {
        if (error instanceof WeComRejected && error.errcode === UNKNOWN_CONFIG_ID) return 'already-gone'
        throw error
      }
    },
  }
}
