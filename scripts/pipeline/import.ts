import {valueOfSeen} from '../core/apply/seen-group-welcome.js'
import type {AskedWelcome} from '../core/import/import-group-welcomes.js'
import {addToState, planImport} from '../core/import/plan-import.js'
import {type ImportPart, keyOf} from '../core/import/taken-over.js'
import type {Finding} from '../core/model/finding.js'
import type {State} from '../core/model/plan.js'
import type {Clock, SeenContactWay, Store, WaySeer, WeComWriter} from '../core/ports.js'
import {type HeldLock, holdLock} from './apply-steps/hold-lock.js'
import {checkLoaded} from './check-loaded.js'
import {type LoadedConfig, understandConfig} from './load.js'
import {recoverState} from './recover-state.js'

export const IMPORTED = 'imported'

/** Codes are read one by one (92228), a few at a time. */
const CONCURRENCY = 10

export interface ImportPorts {
  readonly store: Store
  readonly clock: Pick<Clock, 'nowMs'>
  readonly reader: Pick<WeComWriter, 'listContactWays' | 'listCorpTags' | 'getGroupWelcome'> & WaySeer
  /** Writes a file by its path under the configuration folder; `false` when there is one already. */
  readonly writeNew: (path: string, text: string) => Promise<boolean>
}

export interface ImportRequest {
  /** Templates of group welcomes by the id they get. */
  readonly groupWelcomes: readonly {readonly templateId: string; readonly id: string}[]
  /** Nothing is written, neither files nor state. */
  readonly isDry: boolean
  /** Who holds the lock, as another runner will read it. */
  readonly holder: string
  /** For the audit. */
  readonly who: string
  readonly reason?: string
}

export interface ImportOutcome extends ImportPart {
  /** Errors the new files would bring; then nothing was written. */
  readonly findings: readonly Finding[]
  /** A file that stands in the way; what was written before it is found again by the next run. */
  readonly inTheWay: string | null
}

/**
 * Takes over what exists in WeCom: first the files, then the state. A run that dies in between is finished by the next one,
 * which finds the channel written and takes over its code. Until its file is merged and applied, no plan deletes what was
 * taken over. Throws StoreLocked while an apply runs, Refused and AnswerLost where WeCom did not tell.
 */
export const importExisting = (
  ports: ImportPorts,
  loaded: LoadedConfig,
  request: ImportRequest,
): Promise<ImportOutcome> =>
  request.isDry
    ? look(ports, loaded, request, null).then(({outcome}) => outcome)
    : holdLock(ports, request.holder, async (lock) => {
        const {outcome, state, serial} = await look(ports, loaded, request, lock)
        return outcome.findings.length > 0 ? outcome : write(ports, request, outcome, {state, serial})
      })

interface Looked {
  readonly outcome: ImportOutcome
  readonly state: State
  readonly serial: number
}

async function look(
  {store, clock, reader}: ImportPorts,
  loaded: LoadedConfig,
  {groupWelcomes}: ImportRequest,
  lock: HeldLock | null,
): Promise<Looked> {
  const {state, serial} = await recoverState(store)
  const ways = await readWays(reader, state, lock)
  const asked = await Promise.all(
    groupWelcomes.map(async ({templateId, id}): Promise<AskedWelcome> => {
      const seen = await reader.getGroupWelcome(templateId)
      return {templateId, id, seen, value: seen && valueOfSeen(seen)}
    }),
  )
  const corpTags = ways.length > 0 ? await reader.listCorpTags() : []
  const part = planImport({config: loaded.config, state, ways, asked, corpTags})
  const findings = errorsOf(loaded, part, clock.nowMs())
  return {outcome: {...part, findings, inTheWay: null}, state, serial}
}

async function readWays(
  reader: ImportPorts['reader'],
  {resources}: State,
  lock: HeldLock | null,
): Promise<SeenContactWay[]> {
  const known = new Set(Object.values(resources).map(({remoteId}) => remoteId))
  const strangers = (await reader.listContactWays(0)).filter((configId) => !known.has(configId))
  const ways: SeenContactWay[] = []
  for (let from = 0; from < strangers.length; from += CONCURRENCY) {
    await lock?.renewIfDue()
    const seen = await Promise.all(strangers.slice(from, from + CONCURRENCY).map((id) => reader.seeContactWay(id)))
    ways.push(...seen.filter((way) => way !== null))
  }
  return ways
}

/** The configuration had none before. */
function errorsOf({folder}: LoadedConfig, {taken}: ImportPart, nowMs: number): Finding[] {
  const files = taken.flatMap(({file}) => file ?? [])
  if (files.length === 0) return []
  const together = understandConfig({...folder, files: [...folder.files, ...files]})
  return checkLoaded(together, nowMs).findings.filter(({level}) => level === 'error')
}

async function write(
  {store, clock, writeNew}: ImportPorts,
  {who, reason}: ImportRequest,
  outcome: ImportOutcome,
  {state, serial}: Omit<Looked, 'outcome'>,
): Promise<ImportOutcome> {
  const {taken} = outcome
  if (taken.length === 0) return outcome
  for (const {file} of taken) {
    if (file === null || (await writeNew(file.path, file.text))) continue
    return {...outcome, taken: [], inTheWay: file.path}
  }
  const keys = taken.map(({resource}) => keyOf(resource)).join(' ')
  const details = {keys, ...(reason === undefined ? {} : {reason})}
  await store.appendAudit({atMs: clock.nowMs(), what: IMPORTED, who, details})
  await store.writeState(addToState(state, outcome), serial)
  return outcome
}
