import {parseInstant} from './instant.js'
import type {WrittenPolicy} from './written.js'

export type Freeze = NonNullable<WrittenPolicy['freeze']>[number]

/** The freeze window that holds at that instant; windows are half-open. */
export const findFreeze = ({freeze = []}: WrittenPolicy, nowMs: number): Freeze | null =>
  freeze.find(({from, until}) => parseInstant(from) <= nowMs && nowMs < parseInstant(until)) ?? null
