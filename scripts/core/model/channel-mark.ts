import {sha256} from './canonical.js'
import type {ContactWayValue} from './plan.js'

const MARK_DIGITS = 12
export const MARK_PREFIX = 'yb:'
const OUR_MARK = /^yb:[0-9a-f]+$/

/** At most 30 characters (92228); names the channel without telling what it is, so that a lost create is found again. */
export const channelMark = (id: string): string => `${MARK_PREFIX}${sha256(id).slice(0, MARK_DIGITS)}`

export const isOurMark = (remark: string): boolean => OUR_MARK.test(remark)

/**
 * Whoever edits a code in the console may write a customer's name into its remark: that is shown to nobody. Codes that were
 * taken over carry such a remark until the next apply.
 */
export const shownWay = (way: ContactWayValue): ContactWayValue => ({
  ...way,
  remark: isOurMark(way.remark) ? way.remark : '…',
})
