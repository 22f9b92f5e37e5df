import {eventsOf, type Job, needsOf, type Step, type Workflow} from './read-workflows.js'

const PINNED = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/
const LOCAL = /^\.\/\.github\/actions\/[\w-]+$/
/** Text that anybody can choose; only as the value of a variable may it come near a shell. */
const OUTSIDE_TEXT = /\$\{\{/
const HEAD = /github\.event\.(pull_request\.head|workflow_run\.head)|github\.head_ref|refs\/pull/
const SIGNING = 'YINGBIN_TOKEN_KEY'
const WECOM = 'WECOM_SECRET'
/** Events that anybody may cause and that come with secrets. */
const TRUSTED_EVENTS_OF_OTHERS = ['pull_request_target', 'workflow_run', 'issue_comment', 'issues']
const ENVIRONMENTS = ['gate', 'notice', 'production']

/** Faults of one workflow against our own rules; empty when it keeps them. */
export function policyFaults(name: string, workflow: Workflow): string[] {
  const events = eventsOf(workflow)
  const faults: string[] = []
  const say = (where: string, what: string): void => void faults.push(`${name} ${where}: ${what}`)
  if (!isEmptyObject(workflow.permissions)) say('permissions', 'the whole workflow has some; give them to jobs')
  for (const [id, job] of Object.entries(workflow.jobs)) {
    const text = JSON.stringify(job)
    if (job['timeout-minutes'] === undefined) say(id, 'no time limit')
    if (Object.values(job.permissions ?? {}).some((value) => value === 'write') && !mayWrite(events, job))
      say(id, 'writes with the token of Actions')
    if (text.includes(`secrets.${SIGNING}`) && text.includes(`secrets.${WECOM}`))
      say(id, 'holds the key that signs and the secret that writes')
    if (
      text.includes('secrets.') &&
      events.some((event) => event.startsWith('pull_request') && event !== 'pull_request_target')
    )
      say(id, 'a secret where the code of a proposal runs')
    if (text.includes('secrets.') && !ENVIRONMENTS.includes(job.environment ?? ''))
      say(id, 'a secret outside an environment')
    for (const [index, step] of job.steps.entries())
      for (const fault of stepFaults(step, events)) say(`${id}[${index}]`, fault)
    for (const needed of needsOf(job)) if (!(needed in workflow.jobs)) say(id, `needs ${needed}, which is not there`)
  }
  return faults
}

/** Only the issue that tells of drift is written with the token of Actions. */
const mayWrite = (events: readonly string[], {permissions}: Job): boolean =>
  events.includes('schedule') &&
  Object.entries(permissions ?? {}).every(([what, how]) => how !== 'write' || what === 'issues')

const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0

function stepFaults(step: Step, events: readonly string[]): string[] {
  const faults: string[] = []
  const {uses, run} = step
  if (uses !== undefined && !PINNED.test(uses) && !LOCAL.test(uses)) faults.push(`${uses} is not pinned by commit`)
  if (run !== undefined && OUTSIDE_TEXT.test(run)) faults.push('an expression inside a shell script')
  if (run !== undefined && /\$\w/.test(run.replace(/"[^"]*"/g, ''))) faults.push('a variable without quotes')
  if (run !== undefined && (run.match(/\byingbin\b/g) ?? []).length > 1) faults.push('more than one command in a step')
  if (uses?.startsWith('actions/checkout@')) {
    if (step.with?.['persist-credentials'] !== false) faults.push('checkout leaves the token behind')
    const isOthers = events.some((event) => TRUSTED_EVENTS_OF_OTHERS.includes(event))
    if (isOthers && HEAD.test(String(step.with?.['ref'] ?? ''))) faults.push('checks out what a proposal holds')
    if (events.includes('pull_request_target') && step.with?.['ref'] === undefined)
      faults.push('checkout without a ref')
  }
  return faults
}

/** Every `npx yingbin` of a workflow as its words, quoted variables standing for one word each. */
export function commandsOf(workflow: Workflow): readonly (readonly string[])[] {
  return Object.values(workflow.jobs).flatMap(({steps}) =>
    steps.flatMap(({run}) => {
      const [, words] = /\bnpx yingbin ([^>|]*)/.exec(run ?? '') ?? []
      return words === undefined
        ? []
        : [
            words
              .trim()
              .split(/\s+/)
              .map((word) => word.replaceAll('"', '')),
          ]
    }),
  )
}
