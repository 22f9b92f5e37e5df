/** What an answer to send_welcome_msg asks for (WeCom 92137, 90313). */
export type ErrcodeAction =
  /** 0: said. */
  | 'done'
  /** Somebody is sending for this add right now: ask again inside the budget. */
  | 'in-flight'
  /** The code is unknown or its 20 seconds are over. */
  | 'expired'
  /** Already welcomed or already talking. */
  | 'already'
  /** The customer must first agree to chat archive; a new code comes with that event. */
  | 'consent'
  /** The platform refuses the content: say the plain text at once. */
  | 'payload'
  /** One fresh access token, then once more. */
  | 'refresh-token'
  /** The secret itself is refused; asking again could block our address. */
  | 'token'
  /** The member or the app may not send. */
  | 'no-permission'
  /** A quota is spent; another call would lengthen the block. */
  | 'rate'
  /** Too many at once: turned away at the door, so asking again a little later is safe. */
  | 'crowded'
  /** The platform does not know how the call ended; the code can be spent only once, so asking again is safe. */
  | 'unknown-ending'
  /** Not in the table: the plain text is tried, since the content may be what is meant. */
  | 'unlisted'

const CODES: Readonly<Record<Exclude<ErrcodeAction, 'unlisted'>, readonly number[]>> = {
  done: [0],
  'in-flight': [41096],
  expired: [41050],
  already: [41051],
  consent: [41053],
  payload: [
    40004, 40007, 40008, 40033, 40035, 40039, 40058, 40063, 40094, 40127, 40201, 40206, 41006, 41010, 41016, 41064,
    41065, 41072, 44004, 45002, 45034, 82004, 85002, 90206, 90207, 90208,
  ],
  'refresh-token': [40001, 40014, 42001],
  token: [40013, 40091, 41001, 301002],
  'no-permission': [
    40003, 40096, 40098, 41049, 41054, 48001, 48002, 48006, 50002, 60011, 60020, 60021, 60111, 84061, 84074, 701008,
  ],
  rate: [45009],
  crowded: [45033],
  'unknown-ending': [-1, 6000],
}

const ACTION_BY_CODE: ReadonlyMap<number, ErrcodeAction> = new Map(
  (Object.keys(CODES) as (keyof typeof CODES)[]).flatMap((action) =>
    CODES[action].map((code) => [code, action] as const),
  ),
)

export const findErrcodeAction = (errcode: number): ErrcodeAction => ACTION_BY_CODE.get(errcode) ?? 'unlisted'

/** 40007 may also mean that a medium died early, so it alone does not convict the content. */
const NOT_ONLY_CONTENT = new Set([40007])

/** True for a refusal that can only come from what the release says. */
export const isHardRefusal = (errcode: number): boolean =>
  findErrcodeAction(errcode) === 'payload' && !NOT_ONLY_CONTENT.has(errcode)
