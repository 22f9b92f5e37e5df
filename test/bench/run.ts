/** `npm run bench -- --only V1,C1 --rounds 5 --templates 10000 --members 1000000 --seconds 60` prints ratios and which bars hold. */
import {parseArgs} from 'node:util'
import {holds, renderRows} from './bars.js'
import type {Bench} from './bench.js'
import {canary} from './canary-bench.js'
import {
  compileRelease,
  compileRules,
  decideBesideEngines,
  decideBesideTable,
  decisionGrowth,
  findConflicts,
} from './decision-bench.js'
import {fleet} from './fleet-bench.js'
import {burst, load} from './load-bench.js'
import {loadOrganization} from './organization-bench.js'
import {planChanges} from './plan-bench.js'
import {applyAlone, applyBeside, applyMany} from './quota-bench.js'
import {acknowledge, sendAll} from './respond-bench.js'
import {checkRights, reviewChange} from './rights-bench.js'
import {rollback} from './rollback-bench.js'
import {startReading, startShort} from './start-bench.js'
import {validateAgain, validateCold, validateCommand, validateGrowth} from './validate-bench.js'
import {openWorkspace} from './workspace.js'

const BENCHES: readonly Bench[] = [
  validateCold,
  validateCommand,
  validateAgain,
  validateGrowth,
  loadOrganization,
  decideBesideTable,
  decideBesideEngines,
  decisionGrowth,
  compileRules,
  compileRelease,
  findConflicts,
  planChanges,
  applyAlone,
  applyBeside,
  applyMany,
  checkRights,
  reviewChange,
  acknowledge,
  sendAll,
  load,
  burst,
  fleet,
  canary,
  rollback,
  startShort,
  startReading,
]

const print = (text: string): void => void process.stdout.write(`${text}\n`)

async function main(): Promise<void> {
  const {values} = parseArgs({
    options: {
      only: {type: 'string'},
      rounds: {type: 'string', default: '5'},
      templates: {type: 'string', default: '10000'},
      members: {type: 'string', default: '1000000'},
      seconds: {type: 'string', default: '60'},
      events: {type: 'string', default: '1000000'},
    },
  })
  const asked = values.only?.split(',')
  const chosen = BENCHES.filter(({bar}) => asked?.includes(bar) ?? true)
  const workspace = await openWorkspace()
  try {
    const options = {
      workspace,
      rounds: Number(values.rounds),
      templates: Number(values.templates),
      members: Number(values.members),
      seconds: Number(values.seconds),
      events: Number(values.events),
      print,
    }
    const rows = chosen.flatMap((bench) => bench.run(options))
    print(renderRows(rows))
    const missed = [...new Set(rows.filter((row) => !holds(row)).map(({bar}) => bar))]
    print(missed.length === 0 ? 'every bar measured holds' : `bars that do not hold: ${missed.join(', ')}`)
  } finally {
    workspace.close()
  }
}

await main()
