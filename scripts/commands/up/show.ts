import pc from 'picocolors'
import type {CanaryDecision} from '../../core/canary/evaluate-canary.js'
import type {Language, Words} from '../../core/model/words.js'
import type {Progress} from '../../pipeline/apply-steps/run-steps.js'
import {createLookPrinter} from '../canary.js'
import type {Door, ExitCode} from '../door.js'

/** How `up` speaks: one line a stage, indented lines below it. */
export interface Show {
  readonly language: Language
  stage(name: string, words: Words): void
  line(words: Words): void
  block(text: string): void
  look(decision: CanaryDecision): void
  progress(progress: Progress): void
  refused(reason: Words): ExitCode
  end(verdict: 'ok' | 'refused', result: object): ExitCode
}

/** Progress goes to stderr with `--json`, else to stdout; one line a stage. */
export function createShow(door: Door, json: boolean, language: Language): Show {
  const print = (text: string): void => (json ? door.err(text) : door.out(text))
  const colours = pc.createColors(door.isTerminal && !json)
  const look = createLookPrinter((text) => print(`    ${text}`), language)
  const end = (verdict: 'ok' | 'refused', result: object): ExitCode => {
    if (json) door.out(`${JSON.stringify({command: 'up', verdict, findings: [], ...result})}\n`)
    return verdict === 'ok' ? 0 : 1
  }
  return {
    language,
    stage: (name, words) => print(`${colours.bold(colours.cyan(name.padEnd(11)))} ${words[language]}\n`),
    line: (words) => print(`            ${words[language]}\n`),
    block: (text) => print(`${text}\n`),
    look,
    progress: ({finished, total, report}) => {
      if (report.status !== 'done')
        print(`    [${finished}/${total}] ${report.key} ${report.status}: ${report.says[language]}\n`)
    },
    refused: (reason) => {
      print(`${reason[language]}\n`)
      return end('refused', {reason: reason[language]})
    },
    end,
  }
}
