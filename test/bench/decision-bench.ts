import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {ratioRow, renderRounds, type Row} from './bars.js'
import type {Bench, BenchOptions} from './bench.js'
import {runJob} from './child.js'
import {spreadOf, takeTurns, type Variant} from './take-turns.js'
import {ROOT} from './workspace.js'

const FEW = 100
const MANY = 1000
const COMPANY = 10_000

const deciding = ({workspace}: BenchOptions, engine: string, rules: number, members: number): Variant => ({
  name: `${engine}, ${rules} rules, ${members} members`,
  run: () =>
    runJob(
      workspace.decisions,
      ['decide', engine, String(rules), String(members), ROOT, workspace.folder],
      workspace.folder,
    ),
})

/** Decisions beside a table that holds every member's week; each engine's answers are compared before it is timed. */
export const decideBesideTable: Bench = {
  bar: 'D1',
  run: (options) =>
    [FEW, MANY].flatMap((rules) =>
      [COMPANY, options.members].flatMap((members): Row[] => {
        const [ours, table] = [deciding(options, 'yingbin', rules, members), deciding(options, 'table', rules, members)]
        const taken = takeTurns([ours, table], options.rounds)
        options.print(renderRounds('1,000 decisions', taken))
        return [ratioRow('D1', taken, ours.name, table.name, 2)]
      }),
    ),
}

const PEERS = ['flagd-core', 'unleash', 'json-rules-engine']
/** How many times fewer decisions flagd-core makes, by the number of rules. */
const FLAGD_BARS: Readonly<Record<number, number>> = {[FEW]: 50, [MANY]: 180}

/** Engines a user might reach for, where they are installed (see peers/package.json). */
export const decideBesideEngines: Bench = {
  bar: 'D2',
  run: (options) => {
    if (!existsSync(join(ROOT, '.bench/node_modules/@openfeature/flagd-core'))) {
      options.print('D2 needs the engines of test/bench/peers/package.json; they are not installed')
      return []
    }
    return [FEW, MANY].flatMap((rules) => {
      const ours = deciding(options, 'yingbin', rules, COMPANY)
      const peers = PEERS.map((engine) => deciding(options, engine, rules, COMPANY))
      const taken = takeTurns([ours, ...peers], options.rounds)
      options.print(renderRounds('1,000 decisions', taken))
      return [ratioRow('D2', taken, ours.name, peers[0]?.name ?? '', 1 / (FLAGD_BARS[rules] ?? 1))]
    })
  },
}

/** Growth from 100 to 1,000 rules as an exponent. */
export const decisionGrowth: Bench = {
  bar: 'D3',
  run: (options) => {
    const [few, many] = [deciding(options, 'yingbin', FEW, COMPANY), deciding(options, 'yingbin', MANY, COMPANY)]
    const taken = takeTurns([few, many], options.rounds)
    options.print(renderRounds('1,000 decisions', taken))
    return [ratioRow('D3', taken, many.name, few.name, 0.4, (large, small) => Math.log10(large / small))]
  },
}

/** A release made ready for every member, and again after one rule changed, beside making the table. */
export const compileRules: Bench = {
  bar: 'D4',
  run: ({workspace, rounds, print}) => {
    const variant = (name: string): Variant => ({
      name,
      run: () => runJob(workspace.decisions, ['set-up', name, String(MANY), String(COMPANY)], workspace.folder),
    })
    const taken = takeTurns(['compile', 'one rule changed', 'table'].map(variant), rounds)
    print(renderRounds('1,000 rules, 10,000 members', taken))
    return [ratioRow('D4', taken, 'compile', 'table', 0.5), ratioRow('D4', taken, 'one rule changed', 'table', 0.05)]
  },
}

const SCHEDULES = 10_000
const MEMBERS = 100_000

/** The conflict check of a large company: time, memory, and growth over schedules and over members. */
export const findConflicts: Bench = {
  bar: 'ties',
  run: ({workspace, rounds, print}) => {
    const sized = (schedules: number, members: number): Variant => ({
      name: `${schedules} schedules, ${members} members`,
      run: () => runJob(workspace.jobs, ['ties', `${schedules} ${members}`], workspace.folder),
    })
    const whole = sized(SCHEDULES, MEMBERS)
    const [fewSchedules, fewMembers] = [sized(SCHEDULES / 10, MEMBERS), sized(SCHEDULES, MEMBERS / 10)]
    const taken = takeTurns([whole, fewSchedules, fewMembers], rounds)
    print(renderRounds('the conflict check', taken))
    const samples = taken.get(whole.name) ?? []
    const exponent = (large: number, small: number): number => Math.log10(large / small)
    return [
      {bar: 'ties', what: whole.name, wall: spreadOf(samples.map(({wallMs}) => wallMs / 1000)), limit: 10, unit: 's'},
      {
        bar: 'ties',
        what: 'peak resident set',
        wall: spreadOf(samples.flatMap(({rssMiB}) => rssMiB ?? [])),
        limit: 1536,
        unit: 'MiB',
      },
      ratioRow('ties', taken, whole.name, fewSchedules.name, 1.2, exponent),
      ratioRow('ties', taken, whole.name, fewMembers.name, 1.2, exponent),
    ]
  },
}

/** Making the release of so many templates, beside reading and parsing them. */
export const compileRelease: Bench = {
  bar: 'compile',
  run: ({workspace, rounds, templates, print}) => {
    const {folder, jobs} = workspace
    const config = workspace.config(templates)
    const variant = (name: string): Variant => ({name, run: () => runJob(jobs, [name, config], folder)})
    const taken = takeTurns([variant('parse'), variant('release')], rounds)
    print(renderRounds(`a release of ${templates} templates`, taken))
    return [ratioRow('compile', taken, 'release', 'parse', 3)]
  },
}
