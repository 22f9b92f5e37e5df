/** What every callback event has. */
export interface EventFacts {
  /** Unix seconds. */
  readonly createdAtSeconds: number
}
interface Relation extends EventFacts {
  readonly userId: string
  readonly externalUserId: string
}

/** Documents 92130 and 92005. `welcomeCode` is null when nothing may be said; `state` when no contact way was used. */
export interface CustomerAdded extends Relation {
  readonly kind: 'add_external_contact' | 'add_half_external_contact'
  readonly state: string | null
  readonly welcomeCode: string | null
}
export interface ArchiveAgreed extends Relation {
  readonly kind: 'msg_audit_approved'
  readonly welcomeCode: string | null
}
export interface CustomerEdited extends Relation {
  readonly kind: 'edit_external_contact'
  readonly state: string | null
}
/** `byTransfer` = the customer was handed on, not deleted. */
export interface CustomerDeleted extends Relation {
  readonly kind: 'del_external_contact'
  readonly byTransfer: boolean
}
export interface MemberDeletedByCustomer extends Relation {
  readonly kind: 'del_follow_user'
}
export interface TransferFailed extends Relation {
  readonly kind: 'transfer_fail'
  readonly reason: string
}
export interface GroupChanged extends EventFacts {
  readonly kind: 'change_external_chat'
  readonly change: string
  readonly detail: string | null
  readonly chatId: string
  readonly memberIds: readonly string[]
}
/** An empty id with `shuffle` means the whole library. */
export interface CorpTagChanged extends EventFacts {
  readonly kind: 'change_external_tag'
  readonly change: string
  readonly tagType: string
  readonly id: string
}
export interface AcquisitionChanged extends EventFacts {
  readonly kind: 'customer_acquisition'
  readonly change: string
  readonly linkId: string | null
  readonly state: string | null
  readonly userId: string | null
  readonly externalUserId: string | null
}
/** Documents 90970 to 90972; they reach only the callback of contact sync, not that of an ordinary app. */
export interface MemberChanged extends EventFacts {
  readonly kind: 'create_user' | 'update_user' | 'delete_user'
  readonly userId: string
  readonly newUserId: string | null
  /** `null` when the event does not speak of departments. */
  readonly departmentIds: readonly number[] | null
}
export interface DepartmentChanged extends EventFacts {
  readonly kind: 'create_party' | 'update_party' | 'delete_party'
  readonly id: number
  readonly name: string | null
  readonly parentId: number | null
}
export interface MemberTagChanged extends EventFacts {
  readonly kind: 'update_tag'
  readonly tagId: number
  readonly addedUserIds: readonly string[]
  readonly removedUserIds: readonly string[]
  readonly addedDepartmentIds: readonly number[]
  readonly removedDepartmentIds: readonly number[]
}
/** Document 90240: a member entered or left the app's visible range, or the corp. */
export interface VisibilityChanged extends EventFacts {
  readonly kind: 'subscribe' | 'unsubscribe'
  readonly userId: string
}
export interface BatchJobFinished extends EventFacts {
  readonly kind: 'batch_job_result'
  readonly jobId: string
  readonly jobType: string
  readonly errcode: number
}
/** Document 91815. It comes at every step: read the approval again before acting. */
export interface ApprovalChanged extends EventFacts {
  readonly kind: 'sys_approval_change'
  readonly number: string
  readonly templateId: string
  readonly status: number
}
export interface CardAnswered extends EventFacts {
  readonly kind: 'template_card_event'
  readonly userId: string
  readonly eventKey: string
  readonly taskId: string
  readonly responseCode: string
}
export interface UploadFinished extends EventFacts {
  readonly kind: 'upload_media_job_finish'
  readonly jobId: string
}
/** An event this project has no use for or does not know, or a known one that lacks what identifies it. */
export interface UnknownEvent extends EventFacts {
  readonly kind: 'unknown'
  readonly event: string
  readonly change: string
}

export type CallbackEvent =
  | CustomerAdded
  | ArchiveAgreed
  | CustomerEdited
  | CustomerDeleted
  | MemberDeletedByCustomer
  | TransferFailed
  | GroupChanged
  | CorpTagChanged
  | AcquisitionChanged
  | MemberChanged
  | DepartmentChanged
  | MemberTagChanged
  | VisibilityChanged
  | BatchJobFinished
  | ApprovalChanged
  | CardAnswered
  | UploadFinished
  | UnknownEvent
