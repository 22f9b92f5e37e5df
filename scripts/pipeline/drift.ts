import type {Config} from '../core/model/config.js'
import {findFreeze, type Freeze} from '../core/model/freeze.js'
import type {Words} from '../core/model/words.js'
import {addDays, zoneOf} from '../core/model/zone.js'
import {codeNotes} from '../core/observe/code-notes.js'
import type {ConsoleEdit} from '../core/observe/console-edits.js'
import {type Drift, findDrifts} from '../core/observe/find-drifts.js'
import {findMissingCodes, type MissingCodes} from '../core/observe/find-missing-codes.js'
import type {AdminLog, Clock, Store} from '../core/ports.js'
import {makePlan} from './plan.js'
import {planSources} from './plan-sources.js'
import {readConsole} from './read-console.js'
import {findStrays, readLive, readWelcomes, type WeComReader} from './read-live.js'
import type {RecoveredState} from './recover-state.js'

export interface DriftPorts {
  readonly store: Pick<
    Store,
    'readState' | 'readDocument' | 'readJournal' | 'readMedia' | 'readManifest' | 'readReports'
  >
  readonly reader: WeComReader
  /** Without it the console's log is not looked at. */
  readonly adminLog?: AdminLog
  readonly clock: Pick<Clock, 'nowMs'>
}

/** Since when the console's log is looked at; the last 24 hours unless said otherwise. */
export interface DriftSpan {
  readonly sinceMs?: number
}

export interface DriftReport {
  readonly drifts: readonly Drift[]
  /** What administrators did in the console that may be behind a difference; none of it need be one. */
  readonly consoleEdits: readonly ConsoleEdit[]
  /** Members whom a welcome of the console may cover. */
  readonly missingCodes: readonly MissingCodes[]
  /** What was not compared, and what a reader should know. */
  readonly notes: readonly Words[]
  /** The name of the freeze window in force. */
  readonly freeze: string | null
}

const DAY_MS = 86_400_000

/** Compares without writing anything, in WeCom or in the store. Throws Refused and AnswerLost where WeCom did not tell. */
export const observeDrift = async (ports: DriftPorts, config: Config, span: DriftSpan = {}): Promise<DriftReport> =>
  (await lookForDrift(ports, config, span)).report

/** The same, with the state it was compared with. */
export async function lookForDrift(
  {store, reader, adminLog, clock}: DriftPorts,
  config: Config,
  {sinceMs}: DriftSpan = {},
): Promise<{readonly report: DriftReport; readonly recovered: RecoveredState}> {
  const nowMs = clock.nowMs()
  const {plan, recovered} = await makePlan({store, clock}, await planSources(config, store, nowMs))
  const {state} = recovered
  const live = await readLive(reader, state)
  const welcomes = await readWelcomes(reader, state)
  const {strays, unread} = await findStrays(reader, state)
  const manifest = (await store.readManifest())?.manifest ?? null
  const freeze = findFreeze(config.policy.value, nowMs)
  const seen = await readConsole(adminLog, sinceMs ?? nowMs - DAY_MS, nowMs)
  const codes = await judgeCodes(store, config, nowMs)
  const report = {
    drifts: findDrifts({state, live, welcomes, strays, manifest, steps: plan.steps}),
    consoleEdits: seen.consoleEdits,
    missingCodes: codes.rows,
    notes: [
      ...seen.notes,
      ...codes.notes,
      ...NOT_COMPARED,
      ...(unread > 0 ? [notLookedAt(unread)] : []),
      ...Object.keys(state.ambiguous).sort().map(stillOpen),
      ...(manifest?.canary ? [CANARY_RUNS] : []),
      ...(freeze ? [frozen(freeze)] : []),
    ],
    freeze: freeze?.name ?? null,
  }
  return {report, recovered}
}

/** Reports hold the last three days; those of a responder that has stopped may be older. */
async function judgeCodes(
  store: Pick<Store, 'readReports'>,
  {enterprise, organization}: Config,
  nowMs: number,
): Promise<{readonly rows: readonly MissingCodes[]; readonly notes: readonly Words[]}> {
  const today = zoneOf(enterprise.value.timezone).localTime(nowMs).date
  const greeters = organization.value.members?.length ?? 0
  const judgement = findMissingCodes(await store.readReports(), {sinceDate: addDays(today, -2), greeters})
  return {rows: judgement.rows, notes: codeNotes(judgement)}
}

const NOT_COMPARED: readonly Words[] = [
  {
    zh: '入群欢迎语里的图片、封面和文件，企业微信不还原内容，换了看不出来；素材 id 三天一换，不比',
    en: 'WeCom does not give back pictures, covers and files of group welcomes, so another one in their place is not seen; media ids change every three days and are not compared',
  },
]
const CANARY_RUNS: Words = {zh: '有一个灰度正在进行', en: 'a canary is running'}
const notLookedAt = (count: number): Words => ({
  zh: `还有 ${count} 个不是系统建的活码没有逐个查看`,
  en: `${count} more codes that are not ours were not looked at one by one`,
})
const stillOpen = (key: string): Words => ({
  zh: `「${key}」上次创建没有收到答复，等待人工认领`,
  en: `the create of "${key}" got no answer and waits for a person`,
})
const frozen = ({name, until}: Freeze): Words => ({
  zh: `正在冻结期「${name}」，到 ${until} 为止只报告、不应用`,
  en: `in the freeze window "${name}" until ${until}: drift is reported and nothing is applied`,
})
