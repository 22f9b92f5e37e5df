/**
 * Calls of one API in flight at once where WeCom publishes no number (errcode 45033, document 90313). Fifty use up a
 * minute's 10,000 calls (90312) in ten seconds when an answer takes 50 ms; where WeCom allows fewer, the client learns it
 * from 45033.
 */
export const CALLS_AT_ONCE = 50
