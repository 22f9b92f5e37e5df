/**
 * Switches of the sandbox. Those marked "unconfirmed" stand for facts nobody could prove from WeCom's documentation; each
 * defaults to what the project plans for, and a test can turn it round to see that the client survives the other world.
 */
export interface SandboxSettings {
  /** Unconfirmed: `expires_in` of a repeated gettoken is the time that is left. false = always the full lifetime. */
  expiresInCountsDown: boolean
  /** Unconfirmed: resetting a secret also ends the tokens issued with the old one. */
  secretResetEndsTokens: boolean
  /** gettoken's own error list names 60020; unconfirmed whether it is really checked there. */
  tokenCallChecksIp: boolean
  /** Unconfirmed (staff reply of 2021): so many wrong secrets in an hour block the calling address for an hour. */
  badSecretsPerHour: number
  /** Unconfirmed: no number is published for gettoken today; an old page had 300 an hour per address. null = none. */
  tokenCallsPerHour: number | null
  /** A changed trusted-IP list acts after about a minute. */
  trustedIpDelayMs: number
  /** Literal \uXXXX escapes "can be refused" with 40033. */
  refuseUnicodeEscapes: boolean
  /** Unconfirmed: whether the frequency window slides or follows the clock's minutes and hours. */
  frequencyWindow: 'sliding' | 'clock'
  /** Unconfirmed: the general number of concurrent calls of one API is not published. null = none but mark_tag's. */
  concurrencyPerApi: number | null
  /** How long mark_tag stays in flight, so that its limit of concurrent calls can be met at all. */
  markTagHoldMs: number
  /** How long every call takes at least. */
  latencyMs: number

  /** Unconfirmed: whether several apps get the same code string for one add. */
  welcomeCodes: 'per-app' | 'shared'
  /** How long a welcome stays "being sent", during which others are answered 41096. */
  welcomeSendingMs: number
  /** Unconfirmed: whether an add that comes from a transfer (add_way 202) carries a code. */
  transferCarriesCode: boolean
  /** Community, unconfirmed: after a half add externalcontact/get answers 84061 until the member adds back. */
  halfAddHidesCustomer: boolean
  /** Community, unconfirmed: a customer who deleted the member and comes back may show the old State. */
  readdKeepsOldState: boolean
  /** Unconfirmed: the errcode for a member who has not logged in for a long time. */
  inactiveMemberErrcode: number
  /** Unconfirmed: the errcode for an image.pic_url that does not come from media/uploadimg. */
  foreignPicUrlErrcode: number

  /** Unconfirmed: editing a group template drops the parts that were not sent. */
  templateEditReplaces: boolean
  /** Unconfirmed: templates made in the console count towards the cap. */
  consoleTemplatesCount: boolean
  /** Unconfirmed: update_contact_way keeps omitted fields. */
  contactWayUpdateKeeps: boolean
  /** Unconfirmed: default of mark_source. */
  markSourceDefault: boolean
  /** Unconfirmed: uploading the same image again gives another URL. */
  uploadimgNewUrlEachTime: boolean

  /** The receiver has so long to answer an event before the push counts as failed (90930). */
  callbackPatienceMs: number
  /** Pushes after the first one (90930). */
  callbackRepeats: number
  /** Unconfirmed: the pause between a failed push and the next. */
  callbackRepeatGapMs: number
  callbackConcurrency: number
  /** Every n-th event is pushed twice; 0 = never. */
  callbackDuplicateEvery: number
  /** Every n-th event is lost; 0 = never. */
  callbackLoseEvery: number
  /** So many events are collected and pushed in reverse order; 0 or 1 = in order. */
  callbackReorderGroup: number
  /** An event travels so long before it reaches the receiver; its code ages meanwhile. */
  callbackDelayMs: number

  /** Delivered welcomes and messages kept for reading; older ones are only counted. */
  historyKept: number
}

export const DEFAULT_SETTINGS: Readonly<SandboxSettings> = {
  expiresInCountsDown: true,
  secretResetEndsTokens: true,
  tokenCallChecksIp: true,
  badSecretsPerHour: 2000,
  tokenCallsPerHour: null,
  trustedIpDelayMs: 60_000,
  refuseUnicodeEscapes: true,
  frequencyWindow: 'sliding',
  concurrencyPerApi: null,
  markTagHoldMs: 5,
  latencyMs: 0,
  welcomeCodes: 'per-app',
  welcomeSendingMs: 0,
  transferCarriesCode: false,
  halfAddHidesCustomer: true,
  readdKeepsOldState: false,
  inactiveMemberErrcode: 41054,
  foreignPicUrlErrcode: 40007,
  templateEditReplaces: true,
  consoleTemplatesCount: true,
  contactWayUpdateKeeps: true,
  markSourceDefault: true,
  uploadimgNewUrlEachTime: true,
  callbackPatienceMs: 5000,
  callbackRepeats: 3,
  callbackRepeatGapMs: 1000,
  callbackConcurrency: 64,
  callbackDuplicateEvery: 0,
  callbackLoseEvery: 0,
  callbackReorderGroup: 0,
  callbackDelayMs: 0,
  historyKept: 20_000,
}
