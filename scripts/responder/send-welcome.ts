import type PQueue from 'p-queue'
import type {WelcomeMessage} from '../core/respond/assemble-message.js'
import {
  advanceSend,
  mayStartTry,
  outcomeOutOfTime,
  type SendAnswer,
  type SendProgress,
  startSend,
  tryTimeoutMs,
} from '../core/respond/send-progress.js'
import type {OutcomeCode} from '../core/model/outcome.js'
import type {ResponderPorts} from './ports.js'
import {withDeadline} from './with-deadline.js'

export interface SendRequest {
  readonly welcomeCode: string
  readonly full: WelcomeMessage
  /** Said when the platform refuses `full`. */
  readonly plain: WelcomeMessage
  readonly startedAtMs: number
}

export interface SendEnd {
  readonly outcome: OutcomeCode
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
 * Tries until the message is out, is refused for good, or the budget of 18 seconds is spent. Only calls take a place in
 * the queue, waits do not; a place that comes too late is given back unused.
 */
export async function sendWelcome(ports: Ports, calls: PQueue, request: SendRequest): Promise<SendEnd> {
  let progress = startSend(request.startedAtMs)
  let refreshToken = false
  for (;;) {
    const attempt = progress
    const answer = await calls.add(async () =>
      mayStartTry(attempt, ports.clock.nowMs()) ? tryOnce(ports, request, attempt, refreshToken) : null,
    )
    if (answer === null) return endOf(progress, outcomeOutOfTime(progress))
    const next = advanceSend(progress, answer, ports.clock.nowMs())
    progress = next.progress
    if (next.step.do === 'stop') return endOf(progress, next.step.outcome)
    refreshToken = next.step.refreshToken
    if (next.step.waitMs > 0) await ports.clock.sleep(next.step.waitMs)
  }
}

const endOf = ({payloadRefused, errcode}: SendProgress, outcome: OutcomeCode): SendEnd => ({
  outcome,
  payloadRefused,
  ...(errcode !== undefined && {errcode}),
})
