import type {Fields} from './fields.js'
import {Refusal} from './wire.js'

/** Opaque cursors: the offset in base64. What is not one of ours is refused with 50100 (or the errcode of the API). */

interface PageRules {
  usual: number
  most: number
  tooMany?: number
  badCursor?: number
}

export function pageOf<T>(rows: readonly T[], body: Fields, rules: PageRules): {rows: T[]; next_cursor: string} {
  const limit = body.integer('limit') ?? rules.usual
  if (limit < 1 || limit > rules.most) throw new Refusal(rules.tooMany ?? 40058, 'limit')
  return slicePage(rows, body.text('cursor') ?? '', limit, rules.badCursor)
}

export function slicePage<T>(
  rows: readonly T[],
  cursor: string,
  limit: number,
  badCursor = 50100,
): {rows: T[]; next_cursor: string} {
  const start = parseCursor(cursor, badCursor)
  const end = start + limit
  return {rows: rows.slice(start, end), next_cursor: end < rows.length ? cursorAt(end) : ''}
}

export const cursorAt = (offset: number): string => Buffer.from(`at ${offset}`).toString('base64url')

function parseCursor(cursor: string, badCursor: number): number {
  if (cursor === '') return 0
  const offset = /^at (\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'))?.[1]
  if (offset === undefined) throw new Refusal(badCursor)
  return Number(offset)
}
