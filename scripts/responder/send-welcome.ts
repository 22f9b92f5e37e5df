import type {OutcomeCode} from '../core/model/outcome.js'
import type {Clock} from '../core/ports.js'
import {plainMessage, type WelcomeMessage} from '../core/respond/assemble-message.js'
import {
  advanceSend,
  mayStartTry,
  outcomeOutOfTime,
  type SendAnswer,
  type SendProgress,
  startSend,
  tryTimeoutMs,
} from '../core/respond/send-progress.js'
import type {WeComPort} from './ports.js'
import {withDeadline} from './with-deadline.js'

export interface SendJob {
  readonly welcomeCode: string
  readonly message: WelcomeMessage
  /** Said when the platform refuses the parts. */
  readonly fallback: string
  /** The event's bounded time: the budget counts from here. */
  readonly startedAtMs: number
}

export interface SendEnd {
  readonly outcome: OutcomeCode
  readonly progress: SendProgress
}

/** Tries within the budget until the platform has said how it ends; never a second welcome for a code. */
export async function sendWelcome(
  {clock, wecom}: {readonly clock: Clock; readonly wecom: WeComPort},
  job: SendJob,
): Promise<SendEnd> {
  let progress = startSend(job.startedAtMs)
  let refreshToken = false
  for (;;) {
    if (!mayStartTry(progress, clock.nowMs())) return {outcome: outcomeOutOfTime(progress), progress}
    const message = progress.payload === 'full' && !progress.payloadRefused ? job.message : plainMessage(job.fallback)
    // The plain text is what the budget's next answer is about.
    if (progress.payloadRefused) progress = {...progress, payload: 'plain'}
    const answer = await tryOnce(
      {clock, wecom},
      job.welcomeCode,
      message,
      tryTimeoutMs(progress, clock.nowMs()),
      refreshToken,
    )
    const {progress: next, step} = advanceSend(progress, answer, clock.nowMs())
    progress = next
    if (step.do === 'stop') return {outcome: step.outcome, progress}
    refreshToken = step.refreshToken
    if (step.waitMs > 0) await clock.sleep(step.waitMs)
  }
}

async function tryOnce(
  {clock, wecom}: {readonly clock: Clock; readonly wecom: WeComPort},
  code: string,
  message: WelcomeMessage,
  timeoutMs: number,
  refreshToken: boolean,
): Promise<SendAnswer> {
  const ended = await withDeadline(clock, timeoutMs, (signal) =>
    wecom.sendWelcome(code, message, {timeoutMs, signal, refreshToken}),
  )
  return ended.ended ? ended.value : {kind: 'lost'}
}
