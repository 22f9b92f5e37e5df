import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {ratioRow, renderRounds} from './bars.js'
import type {Bench} from './bench.js'
import {runCommand} from './child.js'
import {takeTurns} from './take-turns.js'
import {LAUNCHER} from './workspace.js'

const EMPTY = [process.execPath, '-e', '0']

/** Starting only to say something short. */
export const startShort: Bench = {
  bar: 'C1',
  run: ({workspace: {folder}, rounds, print}) => {
    const said = ['--version', '--help']
    const taken = takeTurns(
      [
        {name: 'node -e 0', run: () => runCommand(EMPTY, folder)},
        ...said.map((flag) => ({name: flag, run: () => runCommand([process.execPath, LAUNCHER, flag], folder)})),
      ],
      rounds * STARTS_PER_ROUND,
    )
    print(renderRounds('start', taken))
    return said.map((flag) => ratioRow('C1', taken, flag, 'node -e 0', 1.2))
  },
}

/** Starts are short and noisy, so they take more turns than the others. */
const STARTS_PER_ROUND = 4

/** Ends the process when the first file of a configuration is opened; the floor carries the same preload. */
const STOP_AT_FIRST_FILE = `const fs = require('node:fs')
const open = fs.openSync
fs.openSync = (path, ...rest) => (String(path).endsWith('enterprise.yaml') ? process.exit(0) : open(path, ...rest))
require('node:module').syncBuiltinESMExports()
`

/** A command until it opens the first file of its configuration. */
export const startReading: Bench = {
  bar: 'C2',
  run: ({workspace: {folder}, rounds, print}) => {
    const preload = join(folder, 'stop-at-first-file.cjs')
    const config = join(folder, 'config-one')
    writeFileSync(preload, STOP_AT_FIRST_FILE)
    mkdirSync(config, {recursive: true})
    writeFileSync(join(config, 'enterprise.yaml'), 'corpId: wwbench0000000001\n')
    const verbs = ['validate', 'plan']
    const taken = takeTurns(
      [
        {name: 'node -e 0', run: () => runCommand([process.execPath, '-r', preload, '-e', '0'], folder)},
        ...verbs.map((verb) => ({
          name: verb,
          run: () => runCommand([process.execPath, '-r', preload, LAUNCHER, verb, '--config', config], folder),
        })),
      ],
      rounds * STARTS_PER_ROUND,
    )
    print(renderRounds('until the first configuration file is opened', taken))
    return verbs.map((verb) => ratioRow('C2', taken, verb, 'node -e 0', 1.35))
  },
}
