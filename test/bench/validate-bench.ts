import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {ratioRow, renderRounds, type Row} from './bars.js'
import {runCommand, runJob} from './child.js'
import type {Bench} from './bench.js'
import {takeTurns, type Variant} from './take-turns.js'
import {LAUNCHER, ROOT, type Workspace} from './workspace.js'

const job = ({jobs, folder}: Workspace, name: string, config: string, shown = name): Variant => ({
  name: shown,
  run: () => runJob(jobs, [name, config], folder),
})

/** Schema and cross checks of everything, from nothing, in a fresh process each time. */
export const validateCold: Bench = {
  bar: 'V1',
  run: ({workspace, rounds, templates, print}) => {
    const config = workspace.config(templates)
    const taken = takeTurns([job(workspace, 'parse', config), job(workspace, 'validate', config)], rounds)
    print(renderRounds(`validate ${templates} templates cold`, taken))
    return [ratioRow('V1', taken, 'validate', 'parse', 1.25)]
  },
}

const AJV_CLI = join(ROOT, '.bench/node_modules/ajv-cli/dist/index.js')

const ajvCli = ({folder}: Workspace, config: string): Variant => ({
  name: 'ajv-cli',
  run: () =>
    runCommand(
      [
        process.execPath,
        AJV_CLI,
        'validate',
        '--spec=draft2020',
        '--strict=false',
        '-c',
        join(ROOT, '.bench/node_modules/ajv-formats/dist/index.js'),
        '-r',
        join(ROOT, 'schemas/common.schema.json'),
        '-s',
        join(ROOT, 'schemas/template.schema.json'),
        '-d',
        join(config, 'templates/**/*.yaml'),
        '--errors=no',
      ],
      folder,
    ),
})

/** The command as a user starts it. ajv-cli reads the templates only and checks them against their schema only. */
export const validateCommand: Bench = {
  bar: 'V2',
  run: ({workspace, rounds, templates, print}) => {
    const {folder, jobs} = workspace
    const config = workspace.config(templates)
    const command = [process.execPath, LAUNCHER, 'validate', '--no-cache', '--lang', 'en', '--config', config]
    const hasPeer = existsSync(AJV_CLI)
    const taken = takeTurns(
      [
        {name: 'parsing process', run: () => runCommand([process.execPath, jobs, 'parse', config], folder)},
        {name: 'yingbin validate', run: () => runCommand(command, folder)},
        ...(hasPeer ? [ajvCli(workspace, config)] : []),
      ],
      rounds,
    )
    print(renderRounds(`validate ${templates} templates as a command`, taken))
    if (!hasPeer) print('ajv-cli is left out: it is not installed (see test/bench/peers/package.json)')
    return [
      ratioRow('V2', taken, 'yingbin validate', 'parsing process', 1.3),
      ...(hasPeer ? [ratioRow('V2', taken, 'yingbin validate', 'ajv-cli', 0.63)] : []),
    ]
  },
}

export const validateAgain: Bench = {
  bar: 'V3',
  run: ({workspace, rounds, templates, print}) => {
    const config = workspace.config(templates)
    const again = job(workspace, 'validate-kept', config, 'validate again')
    // The first one makes the entry that the others find.
    again.run()
    const taken = takeTurns([job(workspace, 'parse', config), again], rounds)
    print(renderRounds(`validate ${templates} templates again, nothing changed`, taken))
    return [ratioRow('V3', taken, 'validate again', 'parse', 0.45)]
  },
}

/** How the time grows from a tenth of the templates to all of them. */
export const validateGrowth: Bench = {
  bar: 'V5',
  run: ({workspace, rounds, templates, print}) => {
    const sizes = [templates / 10, templates].map(Math.ceil)
    const names = sizes.map((size) => `${size} templates`)
    const taken = takeTurns(
      sizes.map((size, index) => job(workspace, 'validate', workspace.config(size), names[index])),
      rounds,
    )
    print(renderRounds('growth of validate', taken))
    const [small = '', large = ''] = names
    const exponent = (more: number, less: number): number => Math.log10(more / less)
    const row: Row = ratioRow('V5', taken, large, small, 1.05, exponent)
    return [{...row, what: `exponent from ${small} to ${large}`}]
  },
}
