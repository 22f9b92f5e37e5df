import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {load} from 'js-yaml'
import {ROOT} from '../support/launch.js'

export const WORKFLOWS = join(ROOT, '.github/workflows')

export interface Step {
  readonly id?: string
  readonly name?: string
  readonly uses?: string
  readonly run?: string
  readonly if?: string
  readonly with?: Readonly<Record<string, string | number | boolean>>
  readonly env?: Readonly<Record<string, string>>
  readonly shell?: string
}

/** What steps without a shell of their own run in. */
interface Defaults {
  readonly run?: {readonly shell?: string}
}

interface Concurrency {
  readonly group: string
  readonly 'cancel-in-progress'?: boolean
}

export interface Job {
  readonly name?: string
  readonly 'runs-on'?: string | readonly string[]
  readonly environment?: string
  readonly permissions?: Readonly<Record<string, string>>
  readonly needs?: string | readonly string[]
  readonly if?: string
  readonly env?: Readonly<Record<string, string>>
  readonly outputs?: Readonly<Record<string, string>>
  readonly steps: readonly Step[]
  readonly 'timeout-minutes'?: number
  readonly concurrency?: Concurrency
  readonly defaults?: Defaults
}

export interface Workflow {
  readonly name?: string
  readonly on: unknown
  readonly permissions?: unknown
  readonly concurrency?: Concurrency
  readonly defaults?: Defaults
  readonly env?: Readonly<Record<string, string>>
  readonly jobs: Readonly<Record<string, Job>>
}

export const workflowFiles = (): string[] =>
  readdirSync(WORKFLOWS)
    .filter((file) => file.endsWith('.yml'))
    .sort()

export const readWorkflow = (file: string): Workflow => load(readFileSync(join(WORKFLOWS, file), 'utf8')) as Workflow

/** `needs` as a list. */
export const needsOf = ({needs}: Job): readonly string[] =>
  needs === undefined ? [] : typeof needs === 'string' ? [needs] : needs

/** The names of the events a workflow starts on. */
export function eventsOf({on}: Workflow): string[] {
  if (typeof on === 'string') return [on]
  return Array.isArray(on) ? on.map(String) : Object.keys(on as object)
}
