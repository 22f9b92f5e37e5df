import {ratioRow, renderRounds} from './bars.js'
import type {Bench, BenchOptions} from './bench.js'
import {runJob} from './child.js'
import {takeTurns, type Variant} from './take-turns.js'

const ACKNOWLEDGED = 20_000
const SENT = 6_000
/** 0.85 of the other's pace is 1 / 0.85 of its time. */
const SLOWEST = 1 / 0.85

const variant = ({workspace}: BenchOptions, what: string, kind: string, count: number): Variant => ({
  name: kind,
  run: () => runJob(workspace.respond, [what, kind, String(count)], workspace.folder),
})

function beside(bar: string, title: string, what: string, count: number): Bench {
  return {
    bar,
    run: (options) => {
      const taken = takeTurns(
        ['ours', 'bare'].map((kind) => variant(options, what, kind, count)),
        options.rounds,
      )
      options.print(renderRounds(title, taken))
      return [ratioRow(bar, taken, 'ours', 'bare', SLOWEST)]
    },
  }
}

/** Verify, decrypt, parse, keep, dedupe, decide, queue, answer; beside node:http, @wecom/crypto and fast-xml-parser. */
export const acknowledge = beside('R1', `${ACKNOWLEDGED} deliveries acknowledged`, 'acknowledge', ACKNOWLEDGED)

/** The same with sending by the same HTTP client, until every welcome has arrived. */
export const sendAll = beside('R2', `${SENT} welcomes sent`, 'send', SENT)
