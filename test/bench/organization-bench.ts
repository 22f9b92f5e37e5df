import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {ratioRow, renderRounds} from './bars.js'
import type {Bench} from './bench.js'
import {runJob} from './child.js'
import {generateDirectory} from './generate.js'
import {peakOf, takeTurns} from './take-turns.js'

/** A directory document read, parsed and indexed, against the same with a plain map from id to member. */
export const loadOrganization: Bench = {
  bar: 'O1',
  run: ({workspace, rounds, members, print}) => {
    const {folder, jobs} = workspace
    const file = join(folder, 'directory.json')
    writeFileSync(file, JSON.stringify(generateDirectory(members)))
    const taken = takeTurns(
      [
        {name: 'plain index', run: () => runJob(jobs, ['plain-index', file], folder)},
        {name: 'people', run: () => runJob(jobs, ['people', file], folder)},
      ],
      rounds,
    )
    print(renderRounds(`${members} members loaded and indexed`, taken))
    return [
      ratioRow('O1', taken, 'people', 'plain index', 1.2),
      {bar: 'O1', what: 'people: peak resident set', wall: peakOf(taken, 'people'), limit: 450, unit: 'MiB'},
    ]
  },
}
