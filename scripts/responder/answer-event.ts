import type {OutcomeCode, OutcomeRecord} from '../core/model/outcome.js'
import {sha256} from '../core/model/canonical.js'
import {assembleMessage} from '../core/respond/assemble-message.js'
import {boundEventTime, type CallbackEvent, eventText} from '../core/respond/callback-event.js'
import {
  type Decision,
  decideGreeting,
  type GreetingFacts,
  type Said,
  sayGreeting,
} from '../core/respond/decide-greeting.js'
import {keyedHash} from '../core/respond/keyed-hash.js'
import type {Admitted, ExposureBook} from './exposure-book.js'
import type {ResponderPorts} from './ports.js'
import type {ReleaseKeeper} from './release-keeper.js'
import {type SendEnd, sendWelcome} from './send-welcome.js'
import type {ResponderSettings} from './settings.js'
import {withDeadline} from './with-deadline.js'

export interface AnswerTools {
  readonly ports: Pick<ResponderPorts, 'clock' | 'wecom' | 'log'>
  readonly settings: ResponderSettings
  readonly keeper: ReleaseKeeper
  readonly exposure: ExposureBook
}

interface Open {
  readonly event: CallbackEvent
  readonly receivedAtMs: number
  readonly customerHash: string
  readonly manifestVersion: number
  readonly admitted: Admitted
  readonly facts: GreetingFacts
}

/** Takes one add from memory to the platform; answers with its one outcome, whatever happens. */
export async function answerEvent(
  event: CallbackEvent,
  receivedAtMs: number,
  tools: AnswerTools,
): Promise<OutcomeRecord> {
  const open = await openEvent(event, receivedAtMs, tools)
  const {clock, log} = tools.ports
  let decision: Decision
  try {
    decision = decideGreeting(open.facts)
  } catch (error) {
    log.error(
      {reason: error instanceof Error ? error.message : String(error)},
      'a decision failed; the built-in text is said',
    )
    return say(
      open,
      null,
      {text: tools.settings.builtIn, attachments: [], fallback: tools.settings.builtIn, lessBecause: 'decision-failed'},
      clock.nowMs(),
      tools,
    )
  }
  const decidedAtMs = clock.nowMs()
  if (decision.end !== null)
    return recordOf(open, decision, {outcome: decision.end, decidedAtMs, finishedAtMs: decidedAtMs})
  const nickname = decision.wantsNickname ? await nicknameOf(event.customer, tools) : undefined
  return say(open, decision, sayGreeting(decision, open.facts, nickname), decidedAtMs, tools)
}

async function openEvent(
  event: CallbackEvent,
  receivedAtMs: number,
  {settings, keeper, exposure}: AnswerTools,
): Promise<Open> {
  const running = keeper.running
  const customerHash = keyedHash(settings.customerKey, event.customer)
  const admitted = await exposure.admit(running?.manifest.canary ?? null, event.customer, customerHash)
  const facts: GreetingFacts = {
    loaded: admitted.arm === 'canary' ? (running?.canary ?? null) : (running?.stable ?? null),
    lockdown: running?.manifest.lockdown ?? [],
    isExpired: keeper.isExpired(receivedAtMs),
    member: event.member,
    ...(event.state === undefined ? {} : {state: event.state}),
    hasCode: event.welcomeCode !== undefined && event.welcomeCode !== '',
    atMs: boundEventTime(event.createTimeSeconds, receivedAtMs),
    builtIn: settings.builtIn,
  }
  return {event, receivedAtMs, customerHash, manifestVersion: running?.manifest.version ?? 0, admitted, facts}
}

/** The callback lacks the nickname; asking for it may take one second and may fail, then a neutral text is said. */
async function nicknameOf(customer: string, {ports, settings}: AnswerTools): Promise<string | undefined> {
  const timeoutMs = settings.nicknameTimeoutMs
  try {
    const ended = await withDeadline(ports.clock, timeoutMs, (signal) =>
      ports.wecom.fetchNickname(customer, {timeoutMs, signal}),
    )
    return ended.ended ? (ended.value ?? undefined) : undefined
  } catch (error) {
    ports.log.warn(
      {reason: error instanceof Error ? error.name : 'unknown'},
      'the nickname could not be had; a neutral text is said',
    )
    return undefined
  }
}

async function say(
  open: Open,
  decision: Decision | null,
  said: Said,
  decidedAtMs: number,
  tools: AnswerTools,
): Promise<OutcomeRecord> {
  const {ports, keeper} = tools
  const {clock} = ports
  const {message, leftOut} = assembleMessage(said, open.facts.loaded?.release ?? null, keeper.media, clock.nowMs())
  const end = await sendWelcome(ports, {
    welcomeCode: open.event.welcomeCode ?? '',
    message,
    fallback: said.fallback,
    startedAtMs: open.facts.atMs,
  })
  return recordOf(open, decision, {
    outcome: outcomeOf(end, said),
    decidedAtMs,
    finishedAtMs: clock.nowMs(),
    said,
    leftOut,
    end,
  })
}

/** A fallback that was chosen, not forced, is told apart from the text as written. */
const outcomeOf = ({outcome}: SendEnd, {lessBecause}: Said): OutcomeCode =>
  lessBecause !== undefined && (outcome === 'sent' || outcome === 'sent_after_retry') ? 'sent_text_fallback' : outcome

interface Ending {
  readonly outcome: OutcomeCode
  readonly decidedAtMs: number
  readonly finishedAtMs: number
  readonly said?: Said
  readonly leftOut?: number
  readonly end?: SendEnd
}

function recordOf(
  open: Open,
  decision: Decision | null,
  {outcome, decidedAtMs, finishedAtMs, said, leftOut = 0, end}: Ending,
): OutcomeRecord {
  const {event, receivedAtMs, customerHash, manifestVersion, admitted} = open
  const choice = decision?.choice ?? null
  const payloadRefused = end?.progress.payloadRefused ?? false
  const lessBecause = payloadRefused ? 'payload-refused' : said?.lessBecause
  const errcode = end?.progress.errcode
  const [channel] = choice?.channels ?? []
  return {
    key: sha256(eventText(event)).slice(0, 32),
    arm: admitted.arm,
    release: open.facts.loaded?.digest ?? null,
    manifestVersion,
    member: event.member,
    customerHash,
    ...(channel === undefined ? {} : {channel}),
    template: choice?.template ?? null,
    schedule: choice?.schedule ?? null,
    slot: choice?.slot?.name ?? null,
    outcome,
    payloadRefused,
    ...(lessBecause === undefined ? {} : {lessBecause}),
    ...(leftOut > 0 ? {leftOut} : {}),
    ...(admitted.diverted ? {diverted: true as const} : {}),
    ...(errcode === undefined ? {} : {errcode}),
    receivedAtMs,
    decidedAtMs,
    finishedAtMs,
  }
}
