import type {AppRecord, Department, Member, MemberTag, TokenRecord} from './state-organization.js'
import type {ContactWay, CorpTagGroup, GroupTemplate, MediaRecord} from './state-resources.js'
import type {
  AddRecord,
  Customer,
  DayCounts,
  DeliveredWelcome,
  Relation,
  TransferRecord,
  WelcomeCode,
} from './state-customers.js'
import type {AdminLogRow, CheckinRow, Robot, SentMessage, ScheduleRow} from './state-office.js'

/**
 * Everything the sandbox remembers, as plain data in Maps and Sets so that it can be written to a state file as it is.
 * Member ids are compared without case, so maps by member use `memberKey(userid)`.
 */
export interface SandboxState {
  corpid: string
  /** Part of every made-up id; the same seed gives the same ids. */
  seed: string
  /** Counts made-up ids. */
  serial: number

  apps: Map<number, AppRecord>
  tokens: Map<string, TokenRecord>
  departments: Map<number, Department>
  members: Map<string, Member>
  memberTags: Map<number, MemberTag>
  /** Members covered by a console-made welcome: their events carry no code. */
  consoleWelcomeMembers: Set<string>
  /** Members under message archive: a customer must consent before a welcome. */
  consentMembers: Set<string>

  miniPrograms: Set<string>
  media: Map<string, MediaRecord>
  permanentImages: Set<string>
  /** uploadimg calls by Beijing day number. */
  imageUploadsByDay: Map<number, number>
  templates: Map<string, GroupTemplate>
  contactWays: Map<string, ContactWay>
  /** Temporary contact ways made, by Beijing day number. */
  temporaryWaysByDay: Map<number, number>
  tagGroups: Map<string, CorpTagGroup>
  /** What other tools and the console already use up of the corp's caps. */
  occupied: {contactWays: number; templates: number; corpTags: number; memberTags: number}

  customers: Map<string, Customer>
  /** customer id → member key → relation. */
  relations: Map<string, Map<string, Relation>>
  /** member key → ids of his customers. */
  customersOf: Map<string, Set<string>>
  adds: Map<string, AddRecord>
  codes: Map<string, WelcomeCode>
  welcomes: DeliveredWelcome[]
  welcomesTotal: number
  transfers: TransferRecord[]
  /** `memberKey|day` → what happened on that day. */
  dayCounts: Map<string, DayCounts>

  robots: Map<string, Robot>
  messages: SentMessage[]
  messagesTotal: number
  /** Fingerprints of messages sent with enable_duplicate_check. */
  recentMessages: Map<string, {msgid: string; untilMs: number}>
  webhookMessages: SentMessage[]
  checkins: CheckinRow[]
  schedules: ScheduleRow[]
  adminLog: AdminLogRow[]
}

export const memberKey = (userid: string): string => userid.toLowerCase()

export function createEmptyState(corpid: string, seed: string): SandboxState {
  return {
    corpid,
    seed,
    serial: 0,
    apps: new Map(),
    tokens: new Map(),
    departments: new Map([[1, {id: 1, name: '总部', parentid: 0, order: 1}]]),
    members: new Map(),
    memberTags: new Map(),
    consoleWelcomeMembers: new Set(),
    consentMembers: new Set(),
    miniPrograms: new Set(),
    media: new Map(),
    permanentImages: new Set(),
    imageUploadsByDay: new Map(),
    templates: new Map(),
    contactWays: new Map(),
    temporaryWaysByDay: new Map(),
    tagGroups: new Map(),
    occupied: {contactWays: 0, templates: 0, corpTags: 0, memberTags: 0},
    customers: new Map(),
    relations: new Map(),
    customersOf: new Map(),
    adds: new Map(),
    codes: new Map(),
    welcomes: [],
    welcomesTotal: 0,
    transfers: [],
    dayCounts: new Map(),
    robots: new Map(),
    messages: [],
    messagesTotal: 0,
    recentMessages: new Map(),
    webhookMessages: [],
    checkins: [],
    schedules: [],
    adminLog: [],
  }
}
