import type {OutcomeCode, OutcomeRecord} from '../../scripts/core/model/outcome.js'
import {type FaultCompany, type FaultCompanyOptions, startFaultCompany} from './fault-company.js'

/** One way in which one thing fails, while customers go on adding. */
export interface Fault extends FaultCompanyOptions {
  readonly what: string
  readonly how: string
  /** How long it lasts; a fault of no length is over at once. */
  readonly lastsMs: number
  /** How long customers go on adding after it. */
  readonly afterMs?: number
  begin(company: FaultCompany): Promise<void> | void
  end?(company: FaultCompany): Promise<void> | void
}

export interface FaultResult {
  readonly adds: number
  /** By their outcome within three seconds of the event, later but within the code's life, and not at all. */
  readonly prompt: number
  readonly late: number
  readonly fallback: number
  readonly lost: number
  /** WeCom found nobody to take the callback, four times: these have no outcome and are among the lost. */
  readonly unreached: number
  /** Outcomes of those who were not greeted. */
  readonly lostAs: Readonly<Partial<Record<OutcomeCode, number>>>
  /** Acknowledged adds that have no outcome, or more than one: none is the promise. */
  readonly miscounted: number
  /** From the fault's end to the first customer who came after it and was greeted promptly; `null`: none was. */
  readonly recoveredMs: number | null
}

const EVERY_MS = 100
const BEFORE_MS = 2000
const AFTER_MS = 6000
const PROMPT_MS = 3000
/** The budget of the last customer, and a little. */
const LAST_OUTCOME_MS = 21_000

const SAID = new Set<OutcomeCode>(['sent', 'sent_after_retry', 'sent_text_fallback'])
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

/** Customers add before, during and after the fault, ten a second; every one is looked up in the records at the end. */
export async function playFault(fault: Fault): Promise<FaultResult> {
  const company = await startFaultCompany(fault)
  try {
    const startMs = Date.now()
    const beginMs = startMs + BEFORE_MS
    const endMs = beginMs + fault.lastsMs
    const lastMs = endMs + (fault.afterMs ?? AFTER_MS)
    const adding: Promise<boolean>[] = []
    let [hasBegun, hasEnded] = [false, false]
    for (let number = 0; Date.now() < lastMs; number += 1) {
      if (!hasBegun && Date.now() >= beginMs) [hasBegun] = [true, await fault.begin(company)]
      if (hasBegun && !hasEnded && Date.now() >= endMs) [hasEnded] = [true, await fault.end?.(company)]
      adding.push(company.add(`wmFAULT${number}`))
      await pause(EVERY_MS)
    }
    const unreached = (await Promise.all(adding)).filter((isTaken) => !isTaken).length
    await settle(company, adding.length - unreached)
    return judge(company.records, adding.length, unreached, endMs)
  } finally {
    await company.close()
  }
}

async function settle(company: FaultCompany, adds: number): Promise<void> {
  const untilMs = Date.now() + LAST_OUTCOME_MS
  while (new Set(company.records.map(({key}) => key)).size < adds && Date.now() < untilMs) await pause(EVERY_MS)
}

function judge(records: readonly OutcomeRecord[], adds: number, unreached: number, endMs: number): FaultResult {
  const said = records.filter(({outcome}) => SAID.has(outcome))
  const isPrompt = ({receivedAtMs, finishedAtMs}: OutcomeRecord): boolean => finishedAtMs - receivedAtMs <= PROMPT_MS
  const lostAs: Partial<Record<OutcomeCode, number>> = {}
  for (const {outcome} of records) if (!SAID.has(outcome)) lostAs[outcome] = (lostAs[outcome] ?? 0) + 1
  const after = said.filter((record) => isPrompt(record) && record.receivedAtMs >= endMs)
  const first = Math.min(...after.map(({finishedAtMs}) => finishedAtMs))
  const distinct = new Set(records.map(({key}) => key)).size
  return {
    adds,
    prompt: said.filter((record) => isPrompt(record) && record.outcome !== 'sent_text_fallback').length,
    late: said.filter((record) => !isPrompt(record) && record.outcome !== 'sent_text_fallback').length,
    fallback: said.filter(({outcome}) => outcome === 'sent_text_fallback').length,
    lost: records.length - said.length + unreached,
    unreached,
    lostAs,
    miscounted: adds - unreached - distinct + (records.length - distinct),
    recoveredMs: after.length === 0 ? null : Math.max(0, first - endMs),
  }
}
