import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {load} from 'js-yaml'
import type {Step} from '../read-workflows.js'
import {ActionFailed, type ActionPlace, findAction} from './actions.js'
import {masksIn, readCommandFile} from './command-files.js'
import {fillIn, fillInAll, holds, type JsonObject, type Scope} from './expressions.js'
import {runScript} from './run-script.js'

export interface StepRun {
  readonly id: string | undefined
  readonly name: string
  readonly outcome: 'success' | 'failure' | 'skipped'
  /** Of its script; `null` for actions and skipped steps. */
  readonly code: number | null
  /** What it printed, with secrets starred out. */
  readonly log: string
  readonly outputs: Readonly<Record<string, string>>
  /** What it wrote into the summary of the run. */
  readonly summary: string
}

/** What the steps of one job share. */
export interface JobPlace extends ActionPlace {
  readonly temporary: string
  /** Everything a step finds in its environment beside what the workflow says. */
  readonly env: Readonly<Record<string, string>>
  readonly contexts: JsonObject
  /** Values that no log shows; steps may add some. */
  readonly masks: Set<string>
  /** What steps wrote into GITHUB_ENV. */
  readonly exported: Record<string, string>
  /** Steps run so far; each has its own command files. */
  count: number
}

interface Frame {
  /** `env` of the workflow and the job, or of the step that uses a local action. */
  readonly env: Readonly<Record<string, string>>
  readonly shell: string | undefined
}

const KEYS = new Set(['id', 'name', 'uses', 'run', 'if', 'with', 'env', 'shell'])

/** Throws on what would otherwise be silently left out. */
export function checkStep(step: Step): void {
  const stranger = Object.keys(step).find((key) => !KEYS.has(key))
  if (stranger !== undefined) throw new Error(`${stranger} of a step is not played`)
  if (step.uses !== undefined && !step.uses.startsWith('./')) findAction(step.uses, Object.keys(step.with ?? {}))
}

/** One step after the other; after a failure only those whose condition asks for it. */
export async function runSteps(steps: readonly Step[], place: JobPlace, frame: Frame): Promise<StepRun[]> {
  const done: StepRun[] = []
  for (const step of steps) {
    checkStep(step)
    const failure = done.some(({outcome}) => outcome === 'failure')
    const standing = {success: !failure, failure}
    const env = {...frame.env, ...place.exported}
    const contexts = {
      ...place.contexts,
      env,
      steps: Object.fromEntries(
        done.flatMap(({id, outcome, outputs}) =>
          id === undefined ? [] : [[id, {outputs: {...outputs}, outcome, conclusion: outcome}]],
        ),
      ),
      job: {status: failure ? 'failure' : 'success'},
    }
    const scope: Scope = {contexts, standing: null}
    const ran: Ran = holds(step.if, {contexts, standing})
      ? await runStep(step, place, {...frame, env: {...env, ...fillInAll(step.env, scope)}}, scope)
      : {outcome: 'skipped', code: null, log: ''}
    const name = fillIn(step.name ?? step.uses ?? step.run ?? '', scope)
    for (const mask of masksIn(ran.log)) place.masks.add(mask)
    done.push({
      ...{id: step.id, name, outputs: {}, summary: ''},
      ...ran,
      log: [...place.masks].reduce((text, mask) => text.replaceAll(mask, '***'), ran.log),
    })
  }
  return done
}

type Ran = Pick<StepRun, 'outcome' | 'code' | 'log'> & Partial<Pick<StepRun, 'outputs' | 'summary'>>

async function runStep(step: Step, place: JobPlace, frame: Frame, scope: Scope): Promise<Ran> {
  const inner = {...scope, contexts: {...scope.contexts, env: frame.env}}
  if (step.run !== undefined) return runShell(fillIn(step.run, inner), step.shell ?? frame.shell, place, frame)
  const {uses = ''} = step
  if (uses.startsWith('./')) return runLocal(uses, place, frame)
  const inputs = fillInAll(step.with, inner)
  try {
    return {outcome: 'success', code: null, log: await findAction(uses, Object.keys(inputs))(place, inputs)}
  } catch (error) {
    if (!(error instanceof ActionFailed)) throw error
    return {outcome: 'failure', code: null, log: error.message}
  }
}

async function runShell(text: string, shell: string | undefined, place: JobPlace, frame: Frame): Promise<Ran> {
  const temporary = join(place.temporary, String(place.count++))
  mkdirSync(temporary, {recursive: true})
  const file = (name: string): string => join(temporary, name)
  const files = {GITHUB_OUTPUT: 'output', GITHUB_ENV: 'env', GITHUB_STEP_SUMMARY: 'summary'}
  for (const name of Object.values(files)) writeFileSync(file(name), '')
  const commands = Object.fromEntries(Object.entries(files).map(([variable, name]) => [variable, file(name)]))
  const env = {...place.env, ...frame.env, ...commands}
  const {code, log} = await runScript({text, shell, cwd: place.workspace, env, temporary})
  Object.assign(place.exported, readCommandFile(file('env')))
  return {
    ...{outcome: code === 0 ? 'success' : 'failure', code, log},
    ...{outputs: readCommandFile(file('output')), summary: readFileSync(file('summary'), 'utf8')},
  }
}

/** A composite action of the repository, as it was checked out; it knows the job's environment and no inputs. */
async function runLocal(uses: string, place: JobPlace, frame: Frame): Promise<Ran> {
  const text = readFileSync(join(place.workspace, uses, 'action.yml'), 'utf8')
  const {runs, inputs} = load(text) as {runs: {using: string; steps: readonly Step[]}; inputs?: unknown}
  if (runs.using !== 'composite' || inputs !== undefined) throw new Error(`${uses} is not played`)
  const ran = await runSteps(runs.steps, place, {...frame, shell: undefined})
  return {
    outcome: ran.some(({outcome}) => outcome === 'failure') ? 'failure' : 'success',
    code: ran.find(({outcome}) => outcome === 'failure')?.code ?? null,
    log: ran.map(({log}) => log).join('\n'),
  }
}
