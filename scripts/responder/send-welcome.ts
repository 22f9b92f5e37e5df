import type {WelcomeMessage} from '../core/respond/assemble-message.js'
import {
  advanceSend,
  LAST_TRY_STARTS_MS,
  outcomeOutOfTime,
  type SendAnswer,
  type SendProgress,
  startSend,
  tryTimeoutMs,
} from '../core/respond/send-progress.js'
import type {OutcomeCode} from '../core/model/outcome.js'
import type {ResponderPorts} from './ports.js'
import type {SendDesk} from './send-desk.js'
import {withDeadline} from './with-deadline.js'

export interface SendRequest {
  readonly welcomeCode: string
  readonly full: WelcomeMessage
  /** Said when the platform refuses `full`. */
  readonly plain: WelcomeMessage
  readonly startedAtMs: number
  /** An earlier run, or another responder, may have sent it already: the code tells. */
  readonly isResumed: boolean
}

export interface SendEnd {
  readonly outcome: OutcomeCode
  /** No try was ever made: there was no room in the quota in time. */
  readonly isShed: boolean
  readonly payloadRefused: boolean
  readonly errcode?: number
}

type Ports = Pick<ResponderPorts, 'clock' | 'wecom'>

async function tryOnce(
  {clock, wecom}: Ports,
  request: SendRequest,
  progress: SendProgress,
  refreshToken: boolean,
): Promise<SendAnswer> {
  const timeoutMs = tryTimeoutMs(progress, clock.nowMs())
  const message = progress.payload === 'full' ? request.full : request.plain
  const answer = await withDeadline(clock, timeoutMs, (signal) =>
    wecom.sendWelcome(request.welcomeCode, message, {timeoutMs, signal, refreshToken}),
  )
  return answer.ended ? answer.value : {kind: 'lost'}
}

/**
 * Tries until the message is out, is refused for good, or the budget of 18 seconds is spent. Only calls take a turn at the
 * desk, waits do not; a turn that would come too late is not waited for.
 */
export async function sendWelcome(ports: Ports, desk: SendDesk, request: SendRequest): Promise<SendEnd> {
  let progress = startSend(request.startedAtMs, request.isResumed)
  let refreshToken = false
  for (let tries = 0; ; tries += 1) {
    const attempt = progress
    const turn = await desk.run(request.startedAtMs + LAST_TRY_STARTS_MS, () =>
      tryOnce(ports, request, attempt, refreshToken),
    )
    if (!turn.came) {
      const isShed = tries === 0 && turn.why === 'no-room' && !request.isResumed
      return endOf(progress, isShed ? 'rate_limited' : outcomeOutOfTime(progress), isShed)
    }
    const next = advanceSend(progress, turn.value, ports.clock.nowMs())
    progress = next.progress
    if (next.step.do === 'stop') return endOf(progress, next.step.outcome)
    refreshToken = next.step.refreshToken
    if (next.step.waitMs > 0) await ports.clock.sleep(next.step.waitMs)
  }
}

const endOf = ({payloadRefused, errcode}: SendProgress, outcome: OutcomeCode, isShed = false): SendEnd => ({
  outcome,
  isShed,
  payloadRefused,
  ...(errcode !== undefined && {errcode}),
})
