import PQueue from 'p-queue'
import {flagOf, numberOf, recordOf, recordsOf, textOf} from './answer.js'
import {AmbiguousOutcome} from './errors.js'
import {requireText} from './pages.js'
import type {CallOptions, Send} from './transport.js'
import type {TransferDraft, WireCorpTagGroup, WireCustomer, WireFollower, WireTransfer, WireUnassigned} from './wire.js'

type Fields = Readonly<Record<string, unknown>>

/** The nickname is nice to have inside 20 seconds; the platform facts allow it 3 of them, without a second try. */
const DEFAULT_CUSTOMER_BUDGET_MS = 3_000
const UNASSIGNED_PAGE = 1000

export interface CustomerOptions {
  /** For everything, a fresh token included; default 3000. */
  readonly budgetMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

const readFollower = (row: Fields): WireFollower => ({
  userId: textOf(row, 'userid'),
  state: textOf(row, 'state'),
  addWay: numberOf(row, 'add_way'),
  createdAtSeconds: numberOf(row, 'createtime'),
  tagIds: recordsOf(row, 'tags')
    .map((tag) => textOf(tag, 'tag_id'))
    .filter((id) => id !== ''),
})

const readTagGroup = (row: Fields): WireCorpTagGroup => ({
  id: textOf(row, 'group_id'),
  name: textOf(row, 'group_name'),
  deleted: flagOf(row, 'deleted'),
  tags: recordsOf(row, 'tag').map((tag) => ({
    id: textOf(tag, 'id'),
    name: textOf(tag, 'name'),
    deleted: flagOf(tag, 'deleted'),
  })),
})

export function createCustomerCalls(send: Send) {
  return {
    /** Document 92114, first page of followers. 84061 right after a half add means: not yet there, go on without a name. */
    async fetchCustomer(externalUserId: string, options: CustomerOptions = {}): Promise<WireCustomer> {
      const {budgetMs = DEFAULT_CUSTOMER_BUDGET_MS, signal} = options
      const {fields} = await send(
        {call: 'externalcontact/get', query: {external_userid: externalUserId}},
        {budgetMs, timeoutMs: budgetMs, retries: 0, maxQuotaWaitMs: budgetMs, signal},
      )
      const contact = recordOf(fields, 'external_contact')
      return {
        externalUserId: textOf(contact, 'external_userid'),
        name: textOf(contact, 'name'),
        type: numberOf(contact, 'type'),
        gender: numberOf(contact, 'gender'),
        followers: recordsOf(fields, 'follow_user').map(readFollower),
      }
    },
    /**
     * Documents 92125 and, for a member who has left, 94081. Each customer may be handed on twice in 90 days, so a lost
     * answer is an AmbiguousOutcome. Every customer has a verdict of his own; 0 = started.
     */
    async sendTransfer(
      from: 'active' | 'resigned',
      draft: TransferDraft,
      options?: CallOptions,
    ): Promise<WireTransfer[]> {
      const call = from === 'active' ? 'transfer_customer' : 'resigned/transfer_customer'
      const body = {
        handover_userid: draft.fromUserId,
        takeover_userid: draft.toUserId,
        external_userid: draft.externalUserIds,
        ...(from === 'active' ? {transfer_success_msg: draft.message} : {}),
      }
      const {fields} = await send({call, body}, options)
      return recordsOf(fields, 'customer').map((row) => ({
        externalUserId: textOf(row, 'external_userid'),
        errcode: numberOf(row, 'errcode'),
      }))
    },
    /** Document 92124; all pages, by cursor (paging by number ends at 50,000 rows). */
    async fetchUnassigned(options?: CallOptions): Promise<WireUnassigned[]> {
      const rows: WireUnassigned[] = []
      let cursor = ''
      for (;;) {
        const body = {page_size: UNASSIGNED_PAGE, ...(cursor === '' ? {} : {cursor})}
        const {fields} = await send({call: 'get_unassigned_list', body}, options)
        rows.push(
          ...recordsOf(fields, 'info').map((row) => ({
            fromUserId: textOf(row, 'handover_userid'),
            externalUserId: textOf(row, 'external_userid'),
            leftAtSeconds: numberOf(row, 'dimission_time'),
          })),
        )
        const next = textOf(fields, 'next_cursor')
        if (flagOf(fields, 'is_last') || next === '' || next === cursor) return rows
        cursor = next
      }
    },
  }
}

/** Tags of customers: documents 92117 and 92118. */
export function createCorpTagCalls(send: Send) {
  const turns = new Map<string, {readonly queue: PQueue; users: number}>()

  /** Two changes of one customer at once are refused (45033, 45035): they take turns. */
  async function inTurn<T>(externalUserId: string, work: () => Promise<T>): Promise<T> {
    const turn = turns.get(externalUserId) ?? {queue: new PQueue({concurrency: 1}), users: 0}
    turns.set(externalUserId, turn)
    turn.users += 1
    try {
      return await turn.queue.add(work)
    } finally {
      turn.users -= 1
      if (turn.users === 0) turns.delete(externalUserId)
    }
  }

  return {
    async fetchCorpTags(options?: CallOptions): Promise<WireCorpTagGroup[]> {
      const {fields} = await send({call: 'get_corp_tag_list', body: {}}, options)
      return recordsOf(fields, 'tag_group').map(readTagGroup)
    },
    /** Adds tags to the group of this name, which is made when missing. A lost answer: read the list and look by name. */
    async sendCorpTags(groupName: string, names: readonly string[], options?: CallOptions): Promise<WireCorpTagGroup> {
      const body = {group_name: groupName, tag: names.map((name) => ({name}))}
      const call = 'add_corp_tag'
      const answer = await send({call, body}, options)
      const group = recordOf(answer.fields, 'tag_group')
      const lost = () => new AmbiguousOutcome({call, reason: 'malformed', symptom: 'no group_id'})
      requireText({...answer, fields: group}, 'group_id', lost)
      return readTagGroup(group)
    },
    async sendCustomerTags(
      userId: string,
      externalUserId: string,
      change: {readonly add: readonly string[]; readonly remove?: readonly string[]},
      options?: CallOptions,
    ): Promise<void> {
      const body = {
        userid: userId,
        external_userid: externalUserId,
        add_tag: change.add,
        remove_tag: change.remove ?? [],
      }
      await inTurn(externalUserId, () => send({call: 'mark_tag', body}, options))
    },
  }
}
