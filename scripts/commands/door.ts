import type {Command} from 'commander'
import type {Language, Words} from '../core/model/words.js'

/** 0 fine, 1 the answer is no, 2 could not run. */
export type ExitCode = 0 | 1 | 2

/** What a command may touch of the process; built once in `cli.ts`, so that nothing else reads the environment. */
export interface Door {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Where this program stands, to start further processes of itself. */
  readonly self: {readonly execPath: string; readonly script: string; readonly execArgv: readonly string[]}
  /** stdout: the answer. */
  out(text: string): void
  /** stderr: logs and progress. */
  err(text: string): void
  readonly isTerminal: boolean
  nowMs(): number
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal
}

/** The flags every command has. */
export interface CommonOptions {
  /** Absolute path of the configuration folder. */
  readonly config: string
  readonly json: boolean
  readonly lang?: Language
}

/** One verb: its name, what it is for, its flags, an example, and what it does. */
export interface CommandSpec {
  readonly name: string
  readonly summary: Words
  readonly example: string
  /** Adds the verb's own flags, with their help in `language`; the common ones are added by the door. */
  configure(command: Command, language?: Language): Command
  /** `options` holds the parsed flags as commander names them. */
  run(
    door: Door,
    options: Readonly<Record<string, unknown>> & CommonOptions,
    language: Language | undefined,
  ): Promise<ExitCode>
}

/** Could not run: wrong use, unreachable, unreadable. Printed as one line without a stack, exit 2. */
export class CouldNotRun extends Error {
  override readonly name = 'CouldNotRun'
  constructor(
    readonly says: Words,
    readonly fix: Words,
    options?: ErrorOptions,
  ) {
    super(says.en, options)
  }
}
