import {findErrcode} from './errcodes.js'

/** What to do next with a call that was answered with this errcode. */
export type ErrcodeDecision = 'done' | 'refresh' | 'wait' | 'retry' | 'give-up'

export interface ErrcodeClass {
  readonly decision: ErrcodeDecision
  /** False when the list does not have the code: it is not retried, and somebody should be told. */
  readonly known: boolean
}

const DECISIONS = {no: 'give-up', yes: 'retry', 'after-refresh': 'refresh', 'after-wait': 'wait'} as const

/**
 * Says what an errcode asks for. `refresh` = a new token and one more try, `wait` = a pause first, `retry` = try again
 * with a short delay. An unknown code is never retried (document 90313).
 */
export function classifyErrcode(code: number): ErrcodeClass {
  if (code === 0) return {decision: 'done', known: true}
  const entry = findErrcode(code)
  if (entry === undefined) return {decision: 'give-up', known: false}
  return {decision: DECISIONS[entry.retryable], known: true}
}
