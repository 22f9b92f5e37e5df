import {cpSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {ratioRow, renderRounds, type Row} from './bars.js'
import type {Bench} from './bench.js'
import {runJob} from './child.js'
import {type Rounds, type Sample, spreadOf, takeTurns, type Variant} from './take-turns.js'
import type {Workspace} from './workspace.js'

/** Templates in the large configuration, for each in the small one. */
const GROWTH = 5
const CHANGED_SHARE = 0.01
/** CPU microseconds a record that octoDNS took (shared figures of earlier measurements); it is not installed here. */
const OCTODNS_US = 730

interface Planned {
  readonly templates: number
  readonly folder: string
  readonly stored: string
  readonly changed: number
}

/** A configuration that was applied, and of which one template in a hundred has changed since. */
function prepare(workspace: Workspace, templates: number): Planned {
  const base = workspace.config(templates)
  const folder = `${base}-changed`
  const stored = `${base}-store`
  runJob(workspace.plan, ['settle', base, stored], workspace.folder)
  cpSync(base, folder, {recursive: true})
  const changed = Math.ceil(templates * CHANGED_SHARE)
  for (let index = 0; index < changed; index++) {
    const at = Math.floor(index / CHANGED_SHARE)
    const file = join(folder, `templates/region${at % 50}/t${at}.yaml`)
    writeFileSync(file, readFileSync(file, 'utf8').replace('您好，我是', '您好！我是'))
  }
  return {templates, folder, stored, changed}
}

const nameOf = (job: string, {templates}: Planned): string => `${job}, ${templates}`

function variant(workspace: Workspace, job: 'compare' | 'plan', planned: Planned): Variant {
  return {
    name: nameOf(job, planned),
    run: () => {
      const sample = runJob(workspace.plan, [job, planned.folder, planned.stored], workspace.folder)
      const {changed} = sample as Sample & {readonly changed: number}
      if (changed !== planned.changed) throw new Error(`${job} found ${changed} changes, not ${planned.changed}`)
      return sample
    },
  }
}

/**
 * The plan stage of a configuration of which 1 % changed: reading, parsing, schema, release, canonical texts and digests,
 * the stored release, people reached and the plan. The checks of validate are not in it, nor in the floor.
 */
export const planChanges: Bench = {
  bar: 'P1',
  run: ({workspace, rounds, templates, print}) => {
    const sizes = [templates, templates * GROWTH].map((size) => prepare(workspace, size))
    const variants = sizes.flatMap((each) => [variant(workspace, 'compare', each), variant(workspace, 'plan', each)])
    const taken = takeTurns(variants, rounds)
    print(renderRounds('load and plan, 1 % changed, without validate', taken))
    print(sizes.map((each) => perItem(taken, each)).join('\n'))
    return [
      ...sizes.map((each) => ratioRow('P1', taken, nameOf('plan', each), nameOf('compare', each), 1.25)),
      growth(taken, sizes),
    ]
  },
}

function perItem(taken: Rounds, planned: Planned): string {
  const us = spreadOf((taken.get(nameOf('plan', planned)) ?? []).map(({cpuMs}) => (cpuMs * 1000) / planned.templates))
  const times = (OCTODNS_US / us.median).toFixed(1)
  return `${planned.templates}: ${us.median.toFixed(0)} µs CPU a template (${times} times less than octoDNS a record: ${OCTODNS_US} µs, a peer figure quoted, not measured here)`
}

function growth(taken: Rounds, [small, large]: readonly Planned[]): Row {
  const [less, more] = [small, large].map((each) => (each ? nameOf('plan', each) : ''))
  const exponent = (many: number, few: number): number => Math.log(many / few) / Math.log(GROWTH)
  const row = ratioRow('P1', taken, more ?? '', less ?? '', 1.1, exponent)
  return {...row, what: `exponent from ${less} to ${more}`}
}
