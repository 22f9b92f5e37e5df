import type {Words} from './words.js'

export type Level = 'error' | 'warning' | 'info'

/** Where a value stands: a file under the configuration folder and a JSON pointer into it. */
export interface Pointer {
  readonly file: string
  /** RFC 6901; empty for the whole document. */
  readonly pointer: string
  /** True when the key itself is meant, not its value. */
  readonly atKey?: boolean
}

/** A place already known by line and column, counted from 1. */
export interface Spot {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** What a check says before its place is looked up: only files with findings are parsed a second time for positions. */
export interface Remark {
  readonly rule: string
  readonly level: Level
  readonly at: Pointer | Spot
  readonly says: Words
  readonly fix: Words
}

/** A remark with its place; line and column count from 1. */
export interface Finding {
  readonly rule: string
  readonly level: Level
  readonly file: string
  readonly line: number
  readonly column: number
  readonly says: Words
  readonly fix: Words
}

export const hasErrors = (findings: readonly {level: Level}[]): boolean => findings.some(({level}) => level === 'error')
