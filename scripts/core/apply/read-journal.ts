import type {JournalEntry} from '../model/plan.js'

/** How one step stands according to its journal lines. */
export type StepRecord =
  | {readonly status: 'done'; readonly atMs: number; readonly remoteId?: string; readonly value?: unknown}
  | {readonly status: 'failed'; readonly remoteId?: string; readonly value?: unknown}
  /** A call was begun and no result was written: it may have been carried out. */
  | {readonly status: 'in-doubt'; readonly sinceMs: number}

/** The last word on every key. `in-doubt` counts from the first call that was not answered. */
export function readRecords(entries: readonly JournalEntry[]): ReadonlyMap<string, StepRecord> {
  const records = new Map<string, StepRecord>()
  for (const entry of entries) {
    const before = records.get(entry.key)
    records.set(entry.key, nextRecord(entry, before))
  }
  return records
}

function nextRecord(entry: JournalEntry, before: StepRecord | undefined): StepRecord {
  switch (entry.event) {
    case 'intent':
    case 'ambiguous':
      return {status: 'in-doubt', sinceMs: before?.status === 'in-doubt' ? before.sinceMs : entry.at}
    case 'done':
      return {status: 'done', atMs: entry.at, ...whatHolds(entry)}
    case 'failed':
      return {status: 'failed', ...whatHolds(entry)}
  }
}

const whatHolds = ({remoteId, value}: {readonly remoteId?: string; readonly value?: unknown}) => ({
  ...(remoteId === undefined ? {} : {remoteId}),
  ...(value === undefined ? {} : {value}),
})
