import type {WrittenOrganization} from '../model/written.js'

export type ListName = 'departments' | 'members'

/** One edit of `organization.yaml`. Indexes are those of the file as it was, whatever other edits do. */
export type Edit =
  /** `undefined` takes the field away. */
  | {
      readonly op: 'set'
      readonly list: ListName | 'transfers'
      readonly index: number
      readonly field: string
      readonly value: unknown
    }
  /** Behind the entry of that index; `null` puts it at the start. */
  | {readonly op: 'insert'; readonly list: ListName; readonly after: number | null; readonly value: object}
  | {readonly op: 'remove'; readonly list: ListName; readonly index: number}

type Entry = Record<string, unknown>

/** What the file has to say once the edits are made. */
export function applyEdits(before: WrittenOrganization, edits: readonly Edit[]): WrittenOrganization {
  const after: Record<string, unknown> = {...before}
  for (const list of ['departments', 'members', 'transfers'] as const) {
    const own = edits.filter((edit) => edit.list === list)
    if (own.length > 0) after[list] = editList((before[list] ?? []) as readonly Entry[], own)
  }
  return after
}

function editList(entries: readonly Entry[], edits: readonly Edit[]): Entry[] {
  const behind = (at: number | null): Entry[] =>
    edits.flatMap((edit) => (edit.op === 'insert' && edit.after === at ? [edit.value as Entry] : []))
  const isRemoved = (index: number): boolean => edits.some((edit) => edit.op === 'remove' && edit.index === index)
  return [
    ...behind(null),
    ...entries.flatMap((entry, index) => [
      ...(isRemoved(index) ? [] : [editEntry(entry, index, edits)]),
      ...behind(index),
    ]),
  ]
}

function editEntry(entry: Entry, index: number, edits: readonly Edit[]): Entry {
  const after = {...entry}
  for (const edit of edits) {
    if (edit.op !== 'set' || edit.index !== index) continue
    if (edit.value === undefined) delete after[edit.field]
    else after[edit.field] = edit.value
  }
  return after
}
