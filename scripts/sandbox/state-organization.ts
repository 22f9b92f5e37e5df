/** Apps, tokens, departments, members and member tags as the sandbox keeps them. */

export const PERMISSIONS = [
  'customer-contact',
  'contacts',
  'message',
  'media',
  'check-in',
  'audit-log',
  'contact-sync',
] as const
export type Permission = (typeof PERMISSIONS)[number]

export interface CallbackTarget {
  url: string
  token: string
  /** EncodingAESKey, 43 characters. */
  aesKey: string
  /** Events ticked in the receive settings. */
  events: string[]
}

export interface AppRecord {
  agentid: number
  name: string
  /** `contact-sync` is the 通讯录同步 secret: it reads and tags contacts and gets change_contact, nothing else. */
  kind: 'app' | 'contact-sync'
  secret: string
  disabled: boolean
  visible: {users: string[]; departments: number[]; tags: number[]}
  permissions: Permission[]
  trustedIps: string[]
  /** A changed list that acts from an instant on. */
  pendingTrustedIps?: {ips: string[]; fromMs: number}
  callback?: CallbackTarget
}

export interface TokenRecord {
  agentid: number
  expiresAtMs: number
  /** Ended before its time: answered 40014. */
  ended: boolean
}

export interface Department {
  id: number
  name: string
  parentid: number
  order: number
}

/** 1 activated, 2 disabled, 4 not activated, 5 left the corp (90196). */
export type MemberStatus = 1 | 2 | 4 | 5

export interface Member {
  userid: string
  name: string
  department: number[]
  main_department: number
  direct_leader: string[]
  position: string
  status: MemberStatus
  attributes: Record<string, string>
  /** Has the customer-contact function (客户联系 使用范围). */
  customerContact: boolean
  realNameVerified: boolean
  /** Set when the member has left. */
  leftAtSeconds?: number
}

export interface MemberTag {
  tagid: number
  tagname: string
  /** 0 = made in the console. */
  createdBy: number
  users: Set<string>
  parties: Set<number>
}
