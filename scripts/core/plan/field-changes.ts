import {isDeepStrictEqual} from 'node:util'
import {sortedUnique} from './plan-part.js'

/** One value inside a thing, before and after; `undefined` where it is not there. */
export interface FieldChange {
  /** `attachments[1].url`; empty for the thing itself. */
  readonly path: string
  readonly before: unknown
  readonly after: unknown
}

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isListOfThings = (value: unknown): value is readonly unknown[] =>
  Array.isArray(value) && value.some((item) => typeof item === 'object')

/** The innermost differences, in the order of their names. Lists of plain values count as one value. */
export function fieldChanges(before: unknown, after: unknown, path = ''): FieldChange[] {
  if (isDeepStrictEqual(before, after)) return []
  if (isFields(before) || isFields(after)) {
    const from: Fields = isFields(before) ? before : {}
    const to: Fields = isFields(after) ? after : {}
    if ((isFields(before) || isMissing(before)) && (isFields(after) || isMissing(after)))
      return sortedUnique([...Object.keys(from), ...Object.keys(to)]).flatMap((name) =>
        fieldChanges(from[name], to[name], path === '' ? name : `${path}.${name}`),
      )
  }
  if (isListOfThings(before) || isListOfThings(after)) {
    const from: readonly unknown[] = Array.isArray(before) ? before : []
    const to: readonly unknown[] = Array.isArray(after) ? after : []
    return Array.from({length: Math.max(from.length, to.length)}, (_, index) => index).flatMap((index) =>
      fieldChanges(from[index], to[index], `${path}[${index}]`),
    )
  }
  return [{path, before, after}]
}

const isMissing = (value: unknown): boolean => value === undefined || value === null
