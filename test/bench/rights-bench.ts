import {cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {ratioRow, renderRounds} from './bars.js'
import type {Bench, BenchOptions} from './bench.js'
import {runJob} from './child.js'
import {takeTurns, type Variant} from './take-turns.js'
import {ROOT} from './workspace.js'

const CHANGED = 1000

const checking = ({workspace}: BenchOptions, engine: string, grants: number): Variant => ({
  name: `${engine}, ${grants} grants`,
  run: () => runJob(workspace.rights, ['check', engine, String(grants), ROOT], workspace.folder),
})

/** Whether an account may change a file, beside a table of all answers and beside casbin (see peers/package.json). */
export const checkRights: Bench = {
  bar: 'D5',
  run: (options) => {
    const hasCasbin = existsSync(join(ROOT, '.bench/node_modules/casbin'))
    if (!hasCasbin) options.print('D5 beside casbin needs test/bench/peers/package.json installed; it is not')
    return [100, 1000].flatMap((grants) => {
      const [ours, table] = [checking(options, 'yingbin', grants), checking(options, 'table', grants)]
      const peers = hasCasbin ? [checking(options, 'casbin', grants)] : []
      const taken = takeTurns([ours, table, ...peers], options.rounds)
      options.print(renderRounds('1,000 checks', taken))
      return [
        ratioRow('D5', taken, ours.name, table.name, 2),
        ...peers.map(({name}) => ratioRow('D5', taken, ours.name, name, 1 / 1000)),
      ]
    })
  },
}

/** Guard and rights of a change that touches 1,000 templates, beside validating all of them. */
export const reviewChange: Bench = {
  bar: 'review',
  run: ({workspace, rounds, templates, print}) => {
    const base = join(workspace.folder, 'review-base')
    const head = join(workspace.folder, 'review-head')
    cpSync(workspace.config(templates), base, {recursive: true})
    mkdirSync(join(base, 'grants'))
    writeFileSync(join(base, 'roles.yaml'), '评测编辑: {may: [edit-text]}\n')
    writeFileSync(
      join(base, 'grants/bench.yaml'),
      '- {role: 评测编辑, to: ["github:bench-editor"], over: {files: ["templates/**"]}, until: 2027-06-30, ticket: OA-1}\n',
    )
    cpSync(base, head, {recursive: true})
    changeTexts(join(head, 'templates'))
    const variants: Variant[] = [
      {name: 'guard and rights', run: () => runJob(workspace.rights, ['review', head, base], workspace.folder)},
      {name: 'validate', run: () => runJob(workspace.rights, ['validate', head], workspace.folder)},
    ]
    const taken = takeTurns(variants, rounds)
    print(renderRounds(`${CHANGED} of ${templates} templates`, taken))
    return [ratioRow('review', taken, 'guard and rights', 'validate', 2)]
  },
}

/** One more sentence in the title of the first thousand templates, by name. */
function changeTexts(folder: string): void {
  const files = readdirSync(folder, {recursive: true, encoding: 'utf8'}).filter((path) => path.endsWith('.yaml'))
  for (const path of files.sort().slice(0, CHANGED)) {
    const file = join(folder, path)
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^title: (.*)$/m, 'title: 新$1'))
  }
}
