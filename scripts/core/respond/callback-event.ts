/** What a decrypted callback says, as far as greeting is concerned (WeCom 92130, 92277, 92005). */
export interface CallbackEvent {
  readonly corpId: string
  /** The change type of `change_external_contact`, else the event's own name. */
  readonly kind: string
  readonly member: string
  /** external_userid; never logged, only kept as a keyed hash. */
  readonly customer: string
  /** Empty and absent mean the same: the add came without a channel. */
  readonly state?: string
  readonly welcomeCode?: string
  /** Unix seconds, as WeCom writes them. */
  readonly createTimeSeconds: number
}

/**
 * What is to be done with an event: greet the customer, look at the directory again since somebody moved, or only count
 * it. The last two are counted under a name. `mayHaveLeft`: the event is about a member who went.
 */
export type EventPurpose =
  | {readonly kind: 'greet'}
  | {readonly kind: 'look-again'; readonly counter: string; readonly mayHaveLeft: boolean}
  | {readonly kind: 'count'; readonly counter: string}

const GREETING_KINDS = new Set(['add_external_contact', 'add_half_external_contact', 'msg_audit_approved'])

const COUNTED_KINDS = new Set([
  'edit_external_contact',
  'del_external_contact',
  'del_follow_user',
  'transfer_fail',
  'change_external_chat',
  'change_external_tag',
  'customer_acquisition',
  'batch_job_result',
  'sys_approval_change',
  'template_card_event',
  'upload_media_job_finish',
])

/**
 * Changes of members, departments and member tags (WeCom 90970 to 90972: the contact-sync callback and shared apps) and
 * of who is in the app's visible range (WeCom 90240: every app).
 */
const DIRECTORY_KINDS = new Set([
  'create_user',
  'update_user',
  'delete_user',
  'create_party',
  'update_party',
  'delete_party',
  'update_tag',
  'subscribe',
  'unsubscribe',
])

/** `unsubscribe` comes as well for a member who only left the visible range, or was disabled (WeCom 90240). */
const DEPARTURE_KINDS = new Set(['delete_user', 'unsubscribe'])

/**
 * Every kind of add may carry a code, and so may a consent to chat archive. How the customer came (add_way) does not
 * stand in the event, so nothing is assumed about it. Counters never take a name from outside the known list.
 */
export function findPurpose({kind}: Pick<CallbackEvent, 'kind'>): EventPurpose {
  if (GREETING_KINDS.has(kind)) return {kind: 'greet'}
  if (DIRECTORY_KINDS.has(kind))
    return {kind: 'look-again', counter: `event_${kind}`, mayHaveLeft: DEPARTURE_KINDS.has(kind)}
  return {kind: 'count', counter: COUNTED_KINDS.has(kind) ? `event_${kind}` : 'event_unknown'}
}

/**
 * The text two deliveries of one event share. The creation time alone is not enough: two adds may fall into one second,
 * and a second member may be added by the same customer (WeCom events carry no message id).
 */
export function eventText(event: CallbackEvent): string {
  const {corpId, kind, member, customer, welcomeCode, createTimeSeconds} = event
  return [corpId, kind, member.toLowerCase(), customer, welcomeCode ?? '', createTimeSeconds].join('\0')
}

/** How far an event's time may lie from our clock before the clock's word counts instead. */
export const EVENT_CLOCK_BOUND_MS = 5000

/** The instant a decision is made for: the event's own time, kept within five seconds of our clock. */
export function boundEventTime(createTimeSeconds: number, receivedAtMs: number): number {
  const saidMs = createTimeSeconds * 1000
  if (!Number.isFinite(saidMs)) return receivedAtMs
  return Math.min(Math.max(saidMs, receivedAtMs - EVENT_CLOCK_BOUND_MS), receivedAtMs + EVENT_CLOCK_BOUND_MS)
}
