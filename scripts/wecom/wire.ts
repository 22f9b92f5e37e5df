/** What the platform's calls take and give, in our own camelCase names. Field rules: limits of the named documents. */

/** Documents 92137 and 92366. `bytes` limits are UTF-8. */
export interface ImagePart {
  readonly kind: 'image'
  /** A temporary media id, or a permanent address from `media/uploadimg`; the media id wins when both are given. */
  readonly mediaId?: string | undefined
  readonly picUrl?: string | undefined
}
export interface LinkPart {
  readonly kind: 'link'
  readonly title: string
  readonly url: string
  readonly description?: string | undefined
  readonly picUrl?: string | undefined
}
export interface MiniprogramPart {
  readonly kind: 'miniprogram'
  readonly title: string
  readonly appid: string
  readonly page: string
  readonly coverMediaId: string
}
export interface MediaPart {
  readonly kind: 'video' | 'file'
  readonly mediaId: string
}
export type MessagePart = ImagePart | LinkPart | MiniprogramPart | MediaPart

/** Document 90208. Only departments in the app's visible range are listed. */
export interface WireDepartment {
  readonly id: number
  readonly name: string
  readonly parentId: number
  readonly order: number
  readonly leaders: readonly string[]
}

/** Documents 90196 and 90201. `status`: 1 activated, 2 disabled, 4 not activated, 5 left. */
export interface WireMember {
  readonly userId: string
  readonly name: string
  readonly departmentIds: readonly number[]
  readonly mainDepartmentId: number
  readonly isLeaderIn: readonly number[]
  readonly directLeaders: readonly string[]
  readonly position: string
  readonly status: number
  /** Extended attributes that are texts, by name; web links give their address. */
  readonly attributes: Readonly<Record<string, string>>
}

/** Documents 90213 and 90216. */
export interface WireMemberTag {
  readonly tagId: number
  readonly name: string
}
export interface WireTagHolders {
  readonly name: string
  readonly userIds: readonly string[]
  readonly departmentIds: readonly number[]
}
/** Document 90214: what of a request was left out although the call succeeded. */
export interface PartialFailure {
  readonly invalidUserIds: readonly string[]
  readonly invalidDepartmentIds: readonly number[]
}

/** Document 90227: the app's visible range. */
export interface WireAgent {
  readonly agentId: number
  readonly name: string
  readonly closed: boolean
  readonly userIds: readonly string[]
  readonly departmentIds: readonly number[]
  readonly tagIds: readonly number[]
}

/** Document 92117. */
export interface WireCorpTag {
  readonly id: string
  readonly name: string
  readonly deleted: boolean
}
export interface WireCorpTagGroup {
  readonly id: string
  readonly name: string
  readonly deleted: boolean
  readonly tags: readonly WireCorpTag[]
}

/** Document 92228. `type` 1 = one member, 2 = several; `scene` 1 = in a mini program, 2 = QR code. */
export interface WireContactWay {
  readonly configId: string
  readonly type: number
  readonly scene: number
  readonly remark: string
  readonly skipVerify: boolean
  readonly state: string
  readonly qrCode: string
  readonly userIds: readonly string[]
  readonly departmentIds: readonly number[]
  readonly isTemporary: boolean
}
export interface ContactWayDraft {
  readonly type: 1 | 2
  readonly scene: 1 | 2
  readonly remark?: string | undefined
  /** The platform's default is true. */
  readonly skipVerify?: boolean | undefined
  readonly state?: string | undefined
  readonly userIds?: readonly string[] | undefined
  readonly departmentIds?: readonly number[] | undefined
}
export type ContactWayChange = Omit<ContactWayDraft, 'type' | 'scene'>

/** Document 92366. Images read back as an address, never as the media id they were made with. */
export interface WireGroupWelcome {
  readonly text: string
  readonly parts: readonly MessagePart[]
}
export interface GroupWelcomeDraft {
  /** At most 3000 bytes; `%NICKNAME%` stands for the joining customer. */
  readonly text: string
  /** The platform keeps one part and drops the rest without a word. */
  readonly part?: MessagePart | undefined
}

/** Document 90253: `file` up to 20 MB, `image` and `video` 10 MB, `voice` 2 MB. */
export type MediaType = 'image' | 'voice' | 'video' | 'file'
export interface UploadFile {
  readonly fileName: string
  readonly bytes: Uint8Array
  readonly contentType?: string | undefined
}
export interface WireMedia {
  readonly mediaId: string
  /** Unix seconds; the id dies three days later. */
  readonly createdAtSeconds: number
}

/** Document 92114. */
export interface WireCustomer {
  readonly externalUserId: string
  /** The WeChat nickname for type 1. */
  readonly name: string
  /** 1 = WeChat user, 2 = WeCom user. */
  readonly type: number
  readonly gender: number
  readonly followers: readonly WireFollower[]
}
export interface WireFollower {
  readonly userId: string
  readonly state: string
  readonly addWay: number
  readonly createdAtSeconds: number
  readonly tagIds: readonly string[]
}

/** Documents 92125, 94081 and 92124. */
export interface TransferDraft {
  readonly fromUserId: string
  readonly toUserId: string
  /** At most 100. */
  readonly externalUserIds: readonly string[]
  /** Only for members who have not left; at most 200 characters. */
  readonly message?: string | undefined
}
export interface WireTransfer {
  readonly externalUserId: string
  /** 0 = under way. */
  readonly errcode: number
}
export interface WireUnassigned {
  readonly fromUserId: string
  readonly externalUserId: string
  readonly leftAtSeconds: number
}

/** Document 90236. */
export interface AppMessage {
  readonly userIds: readonly string[]
  readonly markdown: string
  /** Seconds in which the platform drops an equal message (at most 4 h); with it a lost answer may be sent again. */
  readonly duplicateCheckSeconds?: number | undefined
}
export interface AppMessageReceipt {
  readonly messageId: string
  readonly invalidUserIds: readonly string[]
}
/** Document 91770. The key is the secret of the robot. */
export interface RobotMessage {
  readonly key: string
  readonly markdown: string
}

/** Documents 90262 and 93380. Times are unix seconds, at most 30 days and 100 members a call. */
export interface CheckInQuery {
  readonly userIds: readonly string[]
  readonly fromSeconds: number
  readonly untilSeconds: number
}
export interface WireCheckIn {
  readonly userId: string
  /** As the platform writes it: 上班打卡, 下班打卡, 外出打卡. */
  readonly type: string
  /** Empty = normal. */
  readonly exception: string
  readonly atSeconds: number
  readonly scheduleId: number
}
export interface WireShiftDay {
  readonly userId: string
  /** Such as 202611. */
  readonly yearMonth: number
  readonly day: number
  /** 0 = rest. */
  readonly scheduleId: number
  readonly scheduleName: string
  readonly sections: readonly {readonly fromSecondOfDay: number; readonly untilSecondOfDay: number}[]
}

/** Document 100179. At most 7 days a query; what is done through the API is not logged. */
export interface OperationQuery {
  readonly fromSeconds: number
  readonly untilSeconds: number
  /** 13 = external-contact management. */
  readonly operationType?: number | undefined
}
export interface WireOperation {
  readonly atSeconds: number
  readonly userId: string
  readonly operationType: number
  readonly detailType: number
  readonly detail: string
}
