import type {Words} from '../core/model/words.js'
import {type ConsoleEdit, keepConsoleEdits} from '../core/observe/console-edits.js'
import {type AdminLog, type AdminOperation, AnswerLost, Refused} from '../core/ports.js'

const DAY_MS = 86_400_000
/** A query spans at most seven days, both ends included (100179). */
const SPAN_MS = 7 * DAY_MS - 1000
/** WeCom keeps 180 days by its own clock, which may be some minutes off ours. */
const KEPT_MS = 180 * DAY_MS - 600_000

export interface ConsoleSeen {
  readonly consoleEdits: readonly ConsoleEdit[]
  readonly notes: readonly Words[]
}

/** What was done in the console since an instant. Without the right to look there is a note instead of a failure. */
export async function readConsole(log: AdminLog | undefined, sinceMs: number, nowMs: number): Promise<ConsoleSeen> {
  if (!log) return {consoleEdits: [], notes: []}
  const fromMs = Math.max(sinceMs, nowMs - KEPT_MS)
  try {
    const operations: AdminOperation[] = []
    for (let at = fromMs; at <= nowMs; at += SPAN_MS + 1000)
      operations.push(...(await log.listOperations(at, Math.min(at + SPAN_MS, nowMs))))
    return {consoleEdits: keepConsoleEdits(operations), notes: fromMs > sinceMs ? [HELD_180_DAYS] : []}
  } catch (error) {
    if (error instanceof Refused || error instanceof AnswerLost)
      return {consoleEdits: [], notes: [notRead(error.message)]}
    throw error
  }
}

const HELD_180_DAYS: Words = {
  zh: '后台操作日志只保留 180 天，更早的看不到',
  en: "the console's log is kept for 180 days; what is older cannot be seen",
}
const notRead = (message: string): Words => ({
  zh: `后台操作日志没有读到：${message}；要看，请在管理后台「使用分析 → API」里给应用开通`,
  en: `the console's log was not read: ${message}; to see it, let the app read it under 使用分析 → API in the console`,
})
