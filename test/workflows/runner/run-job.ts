import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {type Job, needsOf, type Workflow} from '../read-workflows.js'
import {fillIn, fillInAll, holds, type JsonObject} from './expressions.js'
import {comesFromFork, githubVariables} from './github-context.js'
import {type Machine, standInTools} from './machine.js'
import {checkStep, type JobPlace, runSteps, type StepRun} from './run-steps.js'
import type {Happening} from './triggers.js'

export interface JobRun {
  readonly result: 'success' | 'failure' | 'skipped'
  readonly environment: string | null
  readonly runsOn: readonly string[]
  /** The group in which the job would wait. */
  readonly concurrency: string | null
  readonly outputs: Readonly<Record<string, string>>
  readonly steps: readonly StepRun[]
}

/** What all jobs of a run share. */
export interface RunPlace {
  readonly workflow: Workflow
  readonly happening: Happening
  readonly machine: Machine
  readonly inputs: Readonly<Record<string, string | boolean>>
  readonly github: JsonObject
  readonly folder: string
  readonly artifacts: string
  readonly event: string
}

interface Before {
  readonly needs: Readonly<Record<string, JobRun>>
  /** Needed jobs, and those that they needed. */
  readonly ancestors: readonly JobRun[]
}

const KEYS = new Set(
  'name runs-on environment permissions needs if env outputs steps timeout-minutes concurrency defaults'.split(' '),
)

/** Jobs after those they need, else as the file has them. Throws on circles and strangers. */
export function orderJobs({jobs}: Workflow): [string, Job][] {
  const ordered: [string, Job][] = []
  const add = (id: string, path: readonly string[]): void => {
    const job = jobs[id]
    if (!job || path.includes(id)) throw new Error(`a job needs ${id}, which is not there or needs it back`)
    if (ordered.some(([other]) => other === id)) return
    for (const needed of needsOf(job)) add(needed, [...path, id])
    ordered.push([id, job])
  }
  for (const id of Object.keys(jobs)) add(id, [])
  return ordered
}

export async function runJob(id: string, job: Job, run: RunPlace, {needs, ancestors}: Before): Promise<JobRun> {
  const stranger = Object.keys(job).find((key) => !KEYS.has(key))
  if (stranger !== undefined) throw new Error(`${stranger} of a job is not played`)
  job.steps.forEach(checkStep)
  const {secrets, vars} = holdingsOf(job, run)
  const shared: JsonObject = {
    github: {...run.github, job: id},
    inputs: run.inputs,
    vars,
    needs: Object.fromEntries(
      Object.entries(needs).map(([name, {result, outputs}]) => [name, {result, outputs: {...outputs}}]),
    ),
  }
  const standing = {
    success: ancestors.every(({result}) => result === 'success'),
    failure: ancestors.some(({result}) => result === 'failure'),
  }
  const about = {
    environment: job.environment ?? null,
    runsOn: [job['runs-on'] ?? []].flat(),
    concurrency:
      job.concurrency === undefined ? null : fillIn(job.concurrency.group, {contexts: shared, standing: null}),
  }
  if (!holds(job.if, {contexts: shared, standing}))
    return {...about, result: 'skipped', concurrency: null, outputs: {}, steps: []}
  const place = openPlace(id, run, {...shared, secrets}, Object.values(secrets))
  const env = {
    ...fillInAll(run.workflow.env, {contexts: place.contexts, standing: null}),
    ...fillInAll(job.env, {contexts: place.contexts, standing: null}),
  }
  const shell = job.defaults?.run?.shell ?? run.workflow.defaults?.run?.shell
  const steps = await runSteps(job.steps, place, {env, shell})
  const result = steps.some(({outcome}) => outcome === 'failure') ? 'failure' : 'success'
  return {...about, result, outputs: outputsOf(job, place, steps), steps}
}

/** Its environment's secrets and variables, and no other's. Throws on an environment the test did not set up. */
function holdingsOf({environment}: Job, {machine, happening}: RunPlace) {
  const own = environment === undefined ? {} : machine.environments?.[environment]
  if (!own) throw new Error(`there is no environment ${environment}`)
  const isFork = comesFromFork(happening, machine)
  return {
    secrets: isFork ? {} : {...machine.common?.secrets, ...own.secrets},
    vars: {...machine.common?.vars, ...own.vars},
  }
}

function openPlace(id: string, run: RunPlace, contexts: JsonObject, masks: readonly string[]): JobPlace {
  const folder = join(run.folder, 'jobs', id)
  const [workspace, temporary, home] = ['work', 'temporary', 'home'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  for (const path of [workspace, temporary, home]) mkdirSync(path, {recursive: true})
  const machine = {HOME: home, LANG: 'C.UTF-8', TZ: 'UTC', CI: 'true', GITHUB_ACTIONS: 'true'}
  const files = {GITHUB_WORKSPACE: workspace, GITHUB_EVENT_PATH: run.event, RUNNER_TEMP: temporary}
  return {
    ...{workspace, temporary, contexts: {...contexts, runner: {os: 'Linux', temp: temporary}}},
    ...{repository: run.machine.repository, artifacts: run.artifacts, sha: run.happening.sha},
    env: {
      ...machine,
      ...standInTools(run.machine, join(folder, 'tools')),
      ...githubVariables(run.github),
      ...files,
      GITHUB_JOB: id,
      ...run.machine.env,
    },
    masks: new Set(masks.filter((value) => value !== '')),
    exported: {},
    count: 0,
  }
}

/** An output that holds something masked does not reach other jobs, as on GitHub. */
function outputsOf({outputs}: Job, {contexts, masks}: JobPlace, steps: readonly StepRun[]): Record<string, string> {
  const known = Object.fromEntries(steps.flatMap((step) => (step.id === undefined ? [] : [[step.id, step]])))
  const scope = {
    contexts: {
      ...contexts,
      steps: Object.fromEntries(Object.entries(known).map(([id, step]) => [id, {outputs: {...step.outputs}}])),
    },
    standing: null,
  }
  return Object.fromEntries(
    Object.entries(fillInAll(outputs, scope)).filter(([, value]) => ![...masks].some((mask) => value.includes(mask))),
  )
}
