import type {JsonObject} from './wire.js'

/** Customers, their relations to members, adds with their welcome codes, and transfers as the sandbox keeps them. */

export interface Customer {
  external_userid: string
  name: string
  /** 1 WeChat user, 2 WeCom user of another corp. */
  type: 1 | 2
  gender: 0 | 1 | 2
  unionid?: string
}

export interface Relation {
  /** As the member spells it. */
  userid: string
  external_userid: string
  createtime: number
  state: string
  add_way: number
  oper_userid: string
  remark: string
  description: string
  remark_company: string
  remark_mobiles: string[]
  tags: string[]
  /** The member has not added back yet. */
  half: boolean
  /** The customer deleted the member; the relation lives on one-way. */
  deletedByCustomer: boolean
  chatting: boolean
  consented: boolean
  /** The latest add of this relation that carried a code. */
  addId?: string
}

/** `fresh → sending → delivered`, or `chatting` when the two talk first. Expiry is computed, not stored. */
type AddStatus = 'fresh' | 'sending' | 'delivered' | 'chatting'

/** One add of one customer by one member. All codes given out for it share its fate. */
export interface AddRecord {
  addId: string
  userid: string
  external_userid: string
  /** Instant of the event, which is also that of its first push. */
  eventAtMs: number
  status: AddStatus
  half: boolean
  needsConsent: boolean
}

export interface WelcomeCode {
  code: string
  addId: string
  /** The app the code was given to; undefined when all apps share one. */
  agentid?: number
}

export interface DeliveredWelcome {
  code: string
  agentid: number
  userid: string
  external_userid: string
  state: string
  eventAtMs: number
  /** From the event to the accepted send. */
  elapsedMs: number
  text: string
  attachments: JsonObject[]
}

export interface TransferRecord {
  handover_userid: string
  takeover_userid: string
  external_userid: string
  startedAtSeconds: number
  resigned: boolean
  /** 1 done, 2 waiting, 3 refused, 4 takeover's customers full (94088). */
  status: 1 | 2 | 3 | 4
  takeover_time: number
  message: string
}

export interface DayCounts {
  new_contact_cnt: number
  new_apply_cnt: number
  negative_feedback_cnt: number
  chat_cnt: number
  message_cnt: number
}
