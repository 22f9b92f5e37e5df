/**
 * The platform's numbers, from its documentation (path numbers in brackets). A sandbox may be made with lower ones to reach
 * a cap quickly; the defaults are what WeCom enforces. B = UTF-8 bytes, chars = code points.
 */
export interface Limits {
  /** Seconds a token lives (91039). */
  tokenSeconds: number
  /** Seconds a welcome code can be used, counted from the first push of its event (92137). */
  welcomeCodeSeconds: number
  welcomeTextBytes: number
  welcomeAttachments: number
  linkTitleBytes: number
  linkDescBytes: number
  /** From the text of errcode 40039; the welcome page itself prints no number. */
  urlBytes: number
  miniprogramTitleBytes: number
  /** 3000 for add; the edit section prints 4000, which the sandbox does not grant (92366). */
  templateTextBytes: number
  templatesPerCorp: number
  contactWaysPerCorp: number
  temporaryWaysPerDay: number
  contactWayRemarkChars: number
  contactWayStateChars: number
  contactWayMembers: number
  temporaryWaySeconds: number
  contactWayPage: number
  corpTagsPerCorp: number
  corpTagNameChars: number
  corpTagOrder: number
  tagsPerRelation: number
  markTagConcurrency: number
  followUserPage: number
  batchGetMembers: number
  batchGetPage: number
  remarkChars: number
  remarkDescriptionChars: number
  remarkCompanyChars: number
  behaviorMembers: number
  behaviorSpanDays: number
  behaviorHistoryDays: number
  transferCustomers: number
  transferMessageChars: number
  transferDelaySeconds: number
  transfersPerCustomer: number
  transferWindowDays: number
  transferResultPage: number
  unassignedPage: number
  unassignedReach: number
  listIdPage: number
  memberTagNameChars: number
  memberTags: number
  memberTagUsers: number
  memberTagParties: number
  mediaMinBytes: number
  imageBytes: number
  voiceBytes: number
  videoBytes: number
  fileBytes: number
  mediaSeconds: number
  uploadimgMinBytes: number
  uploadimgBytes: number
  uploadimgPerDay: number
  uploadimgPerMonth: number
  mediaChunkBytes: number
  messageUsers: number
  messageParties: number
  messageTags: number
  messageTextBytes: number
  messageMarkdownBytes: number
  textcardTitleChars: number
  textcardDescriptionChars: number
  textcardUrlBytes: number
  cardRows: number
  cardJumps: number
  cardTaskIdBytes: number
  duplicateCheckSeconds: number
  messagePerMemberMinute: number
  messagePerMemberHour: number
  webhookPerMinute: number
  webhookTextBytes: number
  webhookMarkdownBytes: number
  webhookImageBytes: number
  webhookArticles: number
  checkinMembers: number
  checkinSpanDays: number
  scheduleSpanDays: number
  checkinPerMinute: number
  schedulePerMinute: number
  operLogSpanDays: number
  operLogHistoryDays: number
  operLogPage: number
  operLogPerMinute: number
  corpApiPerMinute: number
  corpApiPerHour: number
  ipApiPerMinute: number
  ipApiPerHour: number
  debugPerMinute: number
  /** Unconfirmed: no number is published for 40206. */
  jsonBodyBytes: number
}

const DAY = 86_400
const MIB = 1_048_576

export const PLATFORM_LIMITS: Readonly<Limits> = {
  tokenSeconds: 7200,
  welcomeCodeSeconds: 20,
  welcomeTextBytes: 4000,
  welcomeAttachments: 9,
  linkTitleBytes: 128,
  linkDescBytes: 512,
  urlBytes: 1024,
  miniprogramTitleBytes: 64,
  templateTextBytes: 3000,
  templatesPerCorp: 100,
  contactWaysPerCorp: 500_000,
  temporaryWaysPerDay: 100_000,
  contactWayRemarkChars: 30,
  contactWayStateChars: 30,
  contactWayMembers: 100,
  temporaryWaySeconds: 14 * DAY,
  contactWayPage: 1000,
  corpTagsPerCorp: 10_000,
  corpTagNameChars: 30,
  corpTagOrder: 4_294_967_295,
  tagsPerRelation: 3000,
  markTagConcurrency: 5,
  followUserPage: 500,
  batchGetMembers: 100,
  batchGetPage: 100,
  remarkChars: 20,
  remarkDescriptionChars: 150,
  remarkCompanyChars: 20,
  behaviorMembers: 100,
  behaviorSpanDays: 30,
  behaviorHistoryDays: 180,
  transferCustomers: 100,
  transferMessageChars: 200,
  transferDelaySeconds: DAY,
  transfersPerCustomer: 2,
  transferWindowDays: 90,
  transferResultPage: 1000,
  unassignedPage: 1000,
  unassignedReach: 50_000,
  listIdPage: 10_000,
  memberTagNameChars: 32,
  memberTags: 3000,
  memberTagUsers: 1000,
  memberTagParties: 100,
  mediaMinBytes: 6,
  imageBytes: 10 * MIB,
  voiceBytes: 2 * MIB,
  videoBytes: 10 * MIB,
  fileBytes: 20 * MIB,
  mediaSeconds: 3 * DAY,
  uploadimgMinBytes: 5,
  uploadimgBytes: 2 * MIB,
  uploadimgPerDay: 1000,
  uploadimgPerMonth: 3000,
  mediaChunkBytes: 20 * MIB,
  messageUsers: 1000,
  messageParties: 100,
  messageTags: 100,
  messageTextBytes: 2048,
  messageMarkdownBytes: 2048,
  textcardTitleChars: 128,
  textcardDescriptionChars: 512,
  textcardUrlBytes: 2048,
  cardRows: 6,
  cardJumps: 3,
  cardTaskIdBytes: 128,
  duplicateCheckSeconds: 14_400,
  messagePerMemberMinute: 30,
  messagePerMemberHour: 1000,
  webhookPerMinute: 20,
  webhookTextBytes: 2048,
  webhookMarkdownBytes: 4096,
  webhookImageBytes: 2 * MIB,
  webhookArticles: 8,
  checkinMembers: 100,
  checkinSpanDays: 30,
  scheduleSpanDays: 31,
  checkinPerMinute: 600,
  schedulePerMinute: 60,
  operLogSpanDays: 7,
  operLogHistoryDays: 180,
  operLogPage: 400,
  operLogPerMinute: 600,
  corpApiPerMinute: 10_000,
  corpApiPerHour: 150_000,
  ipApiPerMinute: 20_000,
  ipApiPerHour: 600_000,
  debugPerMinute: 5,
  jsonBodyBytes: 4 * MIB,
}
