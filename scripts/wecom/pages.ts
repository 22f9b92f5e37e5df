import {recordsOf, textOf, type Answer} from './answer.js'
import type {CallName} from './calls.js'
import {WeComUnreachable} from './errors.js'

type Fields = Readonly<Record<string, unknown>>

/**
 * Reads a cursor-paged list to its end: an empty `next_cursor` is the last page, a short page is not. A cursor that comes
 * back a second time would loop for ever and is refused.
 */
export async function fetchPages<T>(
  call: CallName,
  fetchPage: (cursor: string) => Promise<Answer>,
  key: string,
  read: (row: Fields) => T,
): Promise<T[]> {
  const rows: T[] = []
  const seen = new Set<string>()
  let cursor = ''
  do {
    const {fields} = await fetchPage(cursor)
    rows.push(...recordsOf(fields, key).map(read))
    cursor = textOf(fields, 'next_cursor')
    if (seen.has(cursor))
      throw new WeComUnreachable({call, reason: 'malformed', ambiguous: false, symptom: 'repeated cursor'})
    seen.add(cursor)
  } while (cursor !== '')
  return rows
}

/** The id a create must answer with. Without it the thing exists under a name nobody knows: the outcome is open. */
export function requireText({fields}: Answer, key: string, orElse: () => Error): string {
  const id = textOf(fields, key)
  if (id === '') throw orElse()
  return id
}
