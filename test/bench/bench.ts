import type {Row} from './bars.js'
import type {Workspace} from './workspace.js'

export interface BenchOptions {
  readonly workspace: Workspace
  readonly rounds: number
  readonly templates: number
  readonly members: number
  /** How long load lasts. */
  readonly seconds: number
  /** Events the fleet plays. */
  readonly events: number
  print(text: string): void
}

/** One thing measured: it prints what each variant took and answers with its rows. */
export interface Bench {
  readonly bar: string
  run(options: BenchOptions): readonly Row[]
}
