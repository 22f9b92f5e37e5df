import type {Arm, LessBecause, OutcomeCode, OutcomeRecord} from '../core/model/outcome.js'
import {assembleMessage, plainMessage} from '../core/respond/assemble-message.js'
import {boundEventTime, type CallbackEvent} from '../core/respond/callback-event.js'
import type {Tally} from '../core/respond/create-tally.js'
import {
  decideGreeting,
  type Decision,
  type GreetingFacts,
  type Said,
  sayGreeting,
} from '../core/respond/decide-greeting.js'
import {keyedHash} from '../core/respond/keyed-hash.js'
import {LAST_TRY_STARTS_MS} from '../core/respond/send-progress.js'
import type {DutyKeeper} from './duty-keeper.js'
import type {ExposureBook} from './exposure-book.js'
import type {ResponderPorts} from './ports.js'
import type {ReleaseKeeper, Running} from './release-keeper.js'
import type {SendDesk} from './send-desk.js'
import {sendWelcome, type SendEnd} from './send-welcome.js'
import type {ResponderSettings} from './settings.js'
import {withDeadline} from './with-deadline.js'

export interface GreetingParts {
  readonly ports: Pick<ResponderPorts, 'clock' | 'wecom' | 'log'>
  readonly settings: Pick<ResponderSettings, 'builtIn' | 'customerKey' | 'nicknameTimeoutMs'>
  readonly keeper: ReleaseKeeper
  readonly duty: Pick<DutyKeeper, 'isOnDuty'>
  readonly book: ExposureBook
  readonly desk: SendDesk
  readonly tally: Tally
}

export interface Arrival {
  readonly event: CallbackEvent
  readonly key: string
  readonly receivedAtMs: number
  /** Begun by an earlier run, or by a responder that fell silent. */
  readonly isResumed: boolean
}

/** The budget counts from the event, never from later than its arrival. */
const startOf = ({event, receivedAtMs}: Arrival): number =>
  Math.min(receivedAtMs, boundEventTime(event.createTimeSeconds, receivedAtMs))

interface Placement {
  readonly running: Running | null
  readonly arm: Arm
  readonly diverted: boolean
  readonly customerHash: string
}

/** What was decided, or the built-in text when deciding itself broke. */
interface Plan {
  readonly decision: Decision
  readonly say: (nickname: string | undefined) => Said
  readonly decidedAtMs: number
}

/** From one event to its one outcome. It never throws: what breaks on the way ends in an outcome of its own. */
export async function greetCustomer(parts: GreetingParts, arrival: Arrival): Promise<OutcomeRecord> {
  const placement = await placeCustomer(parts, arrival.event)
  const placedAtMs = parts.ports.clock.nowMs()
  try {
    return await answer(parts, arrival, placement)
  } catch (error) {
    trouble(parts, 'answer_failed', error)
    const plan = {decision: NOTHING_DECIDED, decidedAtMs: placedAtMs}
    return recordOf(parts, arrival, placement, plan, {outcome: 'transport_unknown'})
  }
}

const NOTHING_DECIDED: Decision = {release: null, choice: null, end: null, wantsNickname: false, isTextOnly: false}

async function answer(parts: GreetingParts, arrival: Arrival, placement: Placement): Promise<OutcomeRecord> {
  const plan = planGreeting(parts, arrival, placement)
  if (plan.decision.end !== null) return recordOf(parts, arrival, placement, plan, {outcome: plan.decision.end})
  const mayStillSend = parts.ports.clock.nowMs() - startOf(arrival) <= LAST_TRY_STARTS_MS
  const nickname =
    plan.decision.wantsNickname && mayStillSend ? await findNickname(parts, arrival.event.customer) : undefined
  const said = sayOrFallBack(parts, plan, nickname)
  const {end, leftOut} = await sendSaid(parts, arrival, placement, said)
  return recordOf(parts, arrival, placement, plan, {...end, said, leftOut})
}

async function placeCustomer({keeper, book, settings}: GreetingParts, {customer}: CallbackEvent): Promise<Placement> {
  const {running} = keeper
  const customerHash = keyedHash(settings.customerKey, customer)
  const canary = running?.manifest.canary ?? null
  if (canary === null) return {running, customerHash, arm: 'stable', diverted: false}
  return {running, customerHash, ...(await book.place(customer, customerHash, canary))}
}

function planGreeting(parts: GreetingParts, {event, receivedAtMs}: Arrival, {running, arm}: Placement): Plan {
  const {ports, keeper, duty, settings} = parts
  const {member} = event
  const atMs = boundEventTime(event.createTimeSeconds, receivedAtMs)
  const facts: GreetingFacts = {
    member,
    state: event.state,
    hasCode: event.welcomeCode !== undefined && event.welcomeCode !== '',
    atMs,
    onDuty: duty.isOnDuty(member, atMs),
    loaded: (arm === 'canary' ? running?.canary : running?.stable) ?? null,
    lockdown: running?.manifest.lockdown ?? [],
    isExpired: keeper.isExpired(ports.clock.nowMs()),
    builtIn: settings.builtIn,
  }
  const decide = (): Plan => {
    const decision = decideGreeting(facts)
    return {decision, say: (nickname) => sayGreeting(decision, facts, nickname), decidedAtMs: ports.clock.nowMs()}
  }
  try {
    const plan = decide()
    for (const notice of plan.decision.choice?.notices ?? []) parts.tally.count(`notice_${notice}`)
    if (facts.isExpired) parts.tally.count('release_expired')
    return plan
  } catch (error) {
    trouble(parts, 'decision_failed', error)
    return {...builtInPlan(facts), decidedAtMs: ports.clock.nowMs()}
  }
}

/** A kill switch for everybody still holds when choosing breaks: it needs no release. */
function builtInPlan(facts: GreetingFacts): Omit<Plan, 'decidedAtMs'> {
  const bare = {...facts, loaded: null}
  const decision = {...decideGreeting(bare), release: facts.loaded?.digest ?? null}
  return {decision, say: () => builtInSaid(facts.builtIn)}
}

const builtInSaid = (text: string): Said => ({text, attachments: [], fallback: text, lessBecause: 'decision-failed'})

function sayOrFallBack(parts: GreetingParts, plan: Plan, nickname: string | undefined): Said {
  try {
    return plan.say(nickname)
  } catch (error) {
    trouble(parts, 'decision_failed', error)
    return builtInSaid(parts.settings.builtIn)
  }
}

/** The callback lacks the nickname; a second is spent on it at most, and the neutral words stand in for it. */
async function findNickname(parts: GreetingParts, customer: string): Promise<string | undefined> {
  const {ports, settings, tally} = parts
  const timeoutMs = settings.nicknameTimeoutMs
  try {
    const found = await withDeadline(ports.clock, timeoutMs, (signal) =>
      ports.wecom.fetchNickname(customer, {timeoutMs, signal}),
    )
    if (found.ended) return found.value ?? undefined
    tally.count('nickname_late')
  } catch (error) {
    trouble(parts, 'nickname_failed', error)
  }
  return undefined
}

async function sendSaid(
  parts: GreetingParts,
  arrival: Arrival,
  {running, arm}: Placement,
  said: Said,
): Promise<{readonly end: SendEnd; readonly leftOut: number}> {
  const {ports, keeper, desk, tally} = parts
  const release = (arm === 'canary' ? running?.canary : running?.stable)?.release ?? null
  const {message, leftOut, coversLeftOut} = assembleMessage(said, release, keeper.media, ports.clock.nowMs())
  if (leftOut > 0) tally.count('media_missing', leftOut)
  if (coversLeftOut > 0) tally.count('cover_missing', coversLeftOut)
  const request = {
    welcomeCode: arrival.event.welcomeCode ?? '',
    full: message,
    plain: plainMessage(said.fallback),
    startedAtMs: startOf(arrival),
    isResumed: arrival.isResumed,
  }
  try {
    const end = await sendWelcome(ports, desk, request)
    if (end.isShed) tally.count('shed')
    return {end, leftOut}
  } catch (error) {
    trouble(parts, 'send_broke', error)
    return {end: {outcome: 'transport_unknown', isShed: false, payloadRefused: false}, leftOut}
  }
}

/** Less than the template said, although everything went out. */
const spokenOutcome = (outcome: OutcomeCode, said: Said | undefined): OutcomeCode =>
  outcome === 'sent' && said?.lessBecause !== undefined && said.lessBecause !== 'no-release'
    ? 'sent_text_fallback'
    : outcome

const lessBecauseOf = (payloadRefused: boolean, said: Said | undefined): LessBecause | undefined =>
  payloadRefused ? 'payload-refused' : said?.lessBecause

function recordOf(
  {ports}: GreetingParts,
  {event, key, receivedAtMs}: Arrival,
  {running, arm, diverted, customerHash}: Placement,
  {decision, decidedAtMs}: Pick<Plan, 'decision' | 'decidedAtMs'>,
  end: {outcome: OutcomeCode; payloadRefused?: boolean; errcode?: number; said?: Said; leftOut?: number},
): OutcomeRecord {
  const {payloadRefused = false, errcode, said, leftOut = 0} = end
  const lessBecause = lessBecauseOf(payloadRefused, said)
  return {
    key,
    arm,
    release: decision.release,
    manifestVersion: running?.manifest.version ?? 0,
    member: event.member,
    customerHash,
    ...(event.state !== undefined && event.state !== '' && {channel: event.state}),
    template: decision.choice?.template ?? null,
    schedule: decision.choice?.schedule ?? null,
    slot: decision.choice?.slot?.name ?? null,
    outcome: spokenOutcome(end.outcome, said),
    payloadRefused,
    ...(lessBecause !== undefined && {lessBecause}),
    ...(leftOut > 0 && {leftOut}),
    ...(diverted && {diverted: true as const}),
    ...(errcode !== undefined && {errcode}),
    receivedAtMs,
    decidedAtMs,
    finishedAtMs: ports.clock.nowMs(),
  }
}

function trouble({ports, tally}: GreetingParts, counter: string, error: unknown): void {
  tally.count(counter)
  // The class only: a message made from a customer's data could hold it.
  ports.log.error({kind: error instanceof Error ? error.name : typeof error}, counter.replaceAll('_', ' '))
}
