import type {ChoiceNotice} from '../model/choice.js'
import {ALARM_KINDS} from './alarm-kinds.js'
import type {RefusalReason} from './check-manifest.js'
import {ALARM_COUNTER} from './day-totals.js'

const PLAIN = [
  'adopted',
  'alarm_failed',
  'answer_failed',
  'bundle_refused',
  'callback_put_off',
  'callback_refused',
  'clock_corrected',
  'clock_jumped',
  'cold_start_failed',
  'connection_broken',
  'connection_too_slow',
  'cover_missing',
  'decision_failed',
  'duplicate',
  'duty_member_unknown',
  'duty_read',
  'duty_read_failed',
  'event_kept_late',
  'event_not_kept',
  'event_resumed',
  'event_taken_over',
  'event_unknown',
  'event_unreadable',
  'live_department_unplaced',
  'live_directory_failed',
  'live_directory_partly',
  'live_directory_read',
  'live_directory_too_old',
  'look_failed',
  'media_missing',
  'media_renewal_failed',
  'media_renewed',
  'member_without_codes',
  'neighbours_failed',
  'nickname_failed',
  'nickname_late',
  'outcome_log_failed',
  'outcome_log_lost',
  'release_expired',
  'report_failed',
  'report_restore_failed',
  'resume_failed',
  'send_broke',
  'shared_back',
  'shared_lost',
  'shed',
  'stale',
  'summary_failed',
  'summary_told',
  'tagged',
  'tags_dropped',
  'tags_failed',
] as const

/** Tables, so that the compiler misses none. */
const NOTICES: Readonly<Record<ChoiceNotice, true>> = {
  ambiguous: true,
  'unknown-member': true,
  'unknown-state': true,
  'calendar-missing': true,
  'roster-stale': true,
  'successor-missing': true,
}

const REFUSALS: Readonly<Record<RefusalReason, true>> = {
  'bad-signature': true,
  'bad-shape': true,
  'wrong-lineage': true,
  'lower-version': true,
  'version-reused': true,
  'missing-document': true,
  'wrong-digest': true,
  'damaged-document': true,
  'wrong-corp': true,
  'unusable-release': true,
}

/** Names that are put together of two closed lists. */
const FAMILIES: readonly {readonly begin: string; readonly ends: readonly string[]}[] = [
  {begin: ALARM_COUNTER, ends: ALARM_KINDS.map((kind) => kind.replaceAll('-', '_'))},
  {
    begin: 'callback_refused_',
    ends: [
      'broken',
      'cipher',
      'encoding',
      'length',
      'old_key',
      'padding',
      'query',
      'receiver',
      'signature',
      'size',
      'stale',
      'xml',
    ],
  },
  {
    begin: 'event_',
    ends: [
      'batch_job_result',
      'change_external_chat',
      'change_external_tag',
      'create_party',
      'create_user',
      'customer_acquisition',
      'del_external_contact',
      'del_follow_user',
      'delete_party',
      'delete_user',
      'edit_external_contact',
      'subscribe',
      'sys_approval_change',
      'template_card_event',
      'transfer_fail',
      'unsubscribe',
      'update_party',
      'update_tag',
      'update_user',
      'upload_media_job_finish',
    ],
  },
  {begin: 'notice_', ends: Object.keys(NOTICES)},
  {begin: 'refused_', ends: Object.keys(REFUSALS)},
]

const NAMES: ReadonlySet<string> = new Set([
  ...PLAIN,
  ...FAMILIES.flatMap(({begin, ends}) => ends.map((end) => `${begin}${end}`)),
])

/** Names the tally counts under. What comes from outside never names a counter of its own: all else is `other`. */
export const counterName = (counter: string): string => (NAMES.has(counter) ? counter.replaceAll('-', '_') : 'other')
