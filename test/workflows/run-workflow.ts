import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, relative} from 'node:path'
import {needsOf, type Workflow} from './read-workflows.js'
import {filesBelow} from './runner/actions.js'
import {type JobRun, orderJobs, runJob} from './runner/run-job.js'
import {fillIn} from './runner/expressions.js'
import type {Machine} from './runner/machine.js'
import {githubContext} from './runner/github-context.js'
import {type Happening, inputsOf, startsOn} from './runner/triggers.js'

export type {Happening} from './runner/triggers.js'
export type {Machine} from './runner/machine.js'

export interface WorkflowRun {
  readonly conclusion: 'success' | 'failure' | 'skipped'
  /** The group in which the whole run would wait. */
  readonly concurrency: string | null
  readonly jobs: Readonly<Record<string, JobRun>>
  /** By artifact, the text of each file by its path. */
  readonly artifacts: Readonly<Record<string, Readonly<Record<string, string>>>>
}

const KEYS = new Set(['name', 'on', 'permissions', 'concurrency', 'defaults', 'env', 'jobs'])

/**
 * Runs a workflow as its file says, for something that happened; `null` when it does not start on it. Jobs run one after the
 * other in fresh folders that are gone afterwards. Approvals of environments and waiting in groups are not played; what
 * else the runner does not know throws, so that nothing is left out unseen.
 */
export async function runWorkflow(
  workflow: Workflow,
  happening: Happening,
  machine: Machine,
): Promise<WorkflowRun | null> {
  const stranger = Object.keys(workflow).find((key) => !KEYS.has(key))
  if (stranger !== undefined) throw new Error(`${stranger} of a workflow is not played`)
  if (!startsOn(workflow, happening)) return null
  const inputs = inputsOf(workflow, happening)
  const folder = mkdtempSync(join(tmpdir(), 'yingbin-run-'))
  try {
    const artifacts = join(folder, 'artifacts')
    mkdirSync(artifacts)
    const event = join(folder, 'event.json')
    writeFileSync(event, JSON.stringify(happening.payload))
    const github = githubContext(workflow, happening, machine)
    const run = {workflow, happening, machine, inputs, github, folder, artifacts, event}
    const jobs: Record<string, JobRun> = {}
    for (const [id, job] of orderJobs(workflow)) {
      const before = Object.fromEntries(needsOf(job).map((name) => [name, jobs[name] as JobRun]))
      jobs[id] = await runJob(id, job, run, {needs: before, ancestors: ancestorsOf(id, workflow, jobs)})
    }
    const results = Object.values(jobs).map(({result}) => result)
    return {
      conclusion: results.includes('failure') ? 'failure' : results.includes('success') ? 'success' : 'skipped',
      concurrency: groupOf(workflow.concurrency, {github, inputs}),
      jobs,
      artifacts: readArtifacts(artifacts),
    }
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

const groupOf = (
  written: Workflow['concurrency'],
  contexts: Parameters<typeof fillIn>[1]['contexts'],
): string | null => (written === undefined ? null : fillIn(written.group, {contexts, standing: null}))

function ancestorsOf(id: string, workflow: Workflow, jobs: Readonly<Record<string, JobRun>>): JobRun[] {
  const job = workflow.jobs[id]
  return (job ? needsOf(job) : []).flatMap((name) => [
    ...(jobs[name] ? [jobs[name]] : []),
    ...ancestorsOf(name, workflow, jobs),
  ])
}

const readArtifacts = (folder: string): WorkflowRun['artifacts'] =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [
      name,
      Object.fromEntries(
        filesBelow(join(folder, name)).map((file) => [relative(join(folder, name), file), readFileSync(file, 'utf8')]),
      ),
    ]),
  )
