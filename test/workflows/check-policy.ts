import {eventsOf, type Job, needsOf, type Step, type Workflow} from './read-workflows.js'

/** All that may be used: few actions, each by its commit. */
const ACTIONS = ['checkout', 'setup-node', 'upload-artifact', 'download-artifact']
const PINNED = new RegExp(`^actions/(${ACTIONS.join('|')})@[0-9a-f]{40}$`)
const LOCAL = /^\.\/\.github\/actions\/[\w-]+$/
const ONE_COMMAND = /^npx yingbin [^;&|`<>()\n]*\n?$/
/** What a trusted event may check out: the base, by a name that no proposal chooses. */
const BASE_REFS = ['${{ github.event.repository.default_branch }}', '${{ github.sha }}']
const SECRET = /\bsecrets\b/
/** Secrets that one job may never hold together: who signs may not write, who tells signs nothing. */
const APART = [
  ['YINGBIN_TOKEN_KEY', 'WECOM_SECRET'],
  ['YINGBIN_TOKEN_KEY', 'YINGBIN_RELEASE_KEY'],
  ['YINGBIN_TOKEN_KEY', 'YINGBIN_ROBOT_WEBHOOK'],
] as const
/** Events that anybody may cause and that come with secrets. */
const CAUSED_BY_OTHERS = ['pull_request_target', 'workflow_run', 'issue_comment', 'issues']
const WITHOUT_SECRETS = ['pull_request', 'pull_request_review', 'pull_request_review_comment']
const RUNNERS: Readonly<Record<string, string>> = {
  gate: 'yingbin-gate',
  notice: 'yingbin-deploy',
  production: 'yingbin-deploy',
}

/** Faults of one workflow against our own rules; empty when it keeps them. */
export function policyFaults(name: string, workflow: Workflow): string[] {
  const events = eventsOf(workflow)
  const {jobs, ...rest} = workflow
  const faults: string[] = []
  const say = (where: string, found: readonly string[]): void =>
    void faults.push(...found.map((what) => `${name} ${where}: ${what}`))
  if (!isEmptyObject(workflow.permissions)) say('permissions', ['the whole workflow has some; give them to jobs'])
  if (SECRET.test(JSON.stringify(rest))) say('env', ['a secret for the whole workflow'])
  for (const [id, job] of Object.entries(jobs)) {
    say(id, jobFaults(job, events, workflow))
    for (const [index, step] of job.steps.entries())
      say(`${id}[${index}]`, [...stepFaults(step), ...trustFaults(step, job, events)])
  }
  return faults
}

function jobFaults(job: Job, events: readonly string[], {jobs, concurrency}: Workflow): string[] {
  const {environment, permissions, steps, ...rest} = job
  const text = JSON.stringify(job)
  const runners = [job['runs-on'] ?? []].flat()
  const waits = job.concurrency ?? concurrency
  return [
    ...(job['timeout-minutes'] === undefined ? ['no time limit'] : []),
    ...(permissions === undefined ? ['no permissions of its own'] : []),
    ...(Object.values(permissions ?? {}).includes('write') && !mayWrite(events, job)
      ? ['writes with the token of Actions']
      : []),
    ...(waits === undefined ? ['no concurrency group'] : []),
    ...(environment !== undefined && waits?.['cancel-in-progress'] !== false ? ['can be cut off half way'] : []),
    ...APART.filter((pair) => pair.every((secret) => text.includes(secret))).map(
      ([one, other]) => `holds both ${one} and ${other}`,
    ),
    ...(environment !== undefined && RUNNERS[environment] === undefined ? [`the environment ${environment}`] : []),
    ...(environment !== undefined && !runners.includes(RUNNERS[environment] ?? '') ? ['not on its own runner'] : []),
    ...(environment === undefined && runners.includes('self-hosted')
      ? ['a runner of ours without an environment']
      : []),
    ...(environment === undefined && SECRET.test(text) ? ['a secret outside an environment'] : []),
    ...(SECRET.test(text) && events.some((event) => WITHOUT_SECRETS.includes(event))
      ? ['a secret where the code of a proposal runs']
      : []),
    ...(SECRET.test(JSON.stringify(rest)) ? ['a secret for every step, other people’s actions included'] : []),
    ...needsOf(job).flatMap((needed) => (needed in jobs ? [] : [`needs ${needed}, which is not there`])),
    ...(steps.length === 0 ? ['no steps'] : []),
  ]
}

/** Only the issue that tells of drift is written with the token of Actions. */
const mayWrite = (events: readonly string[], {permissions}: Job): boolean =>
  events.includes('schedule') &&
  Object.entries(permissions ?? {}).every(([what, how]) => how !== 'write' || what === 'issues')

const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0

/** Faults of a step wherever it stands, in a workflow or in an action of ours. */
export function stepFaults({uses, run = '', with: inputs = {}, env = {}}: Step): string[] {
  const isOurs = ONE_COMMAND.test(run)
  return [
    ...(uses !== undefined && !PINNED.test(uses) && !LOCAL.test(uses)
      ? [`${uses} is not one of ours, or not pinned`]
      : []),
    ...(run.includes('${{') ? ['an expression inside a shell script'] : []),
    ...(/\$\w/.test(run.replace(/"[^"]*"/g, '')) ? ['a variable without quotes'] : []),
    ...((run.match(/\byingbin\b/g) ?? []).length > 1 ? ['more than one command in a step'] : []),
    ...(uses?.startsWith('actions/checkout@') && inputs['persist-credentials'] !== false
      ? ['checkout leaves the token behind']
      : []),
    ...(SECRET.test(JSON.stringify(inputs)) ? ['a secret for an action'] : []),
    ...(SECRET.test(JSON.stringify(env)) && !isOurs ? ['a secret for something beside the program'] : []),
    ...(Object.values(env).some((value) => /secrets(?!\.[A-Z_]+ )/.test(value)) ? ['secrets in bulk'] : []),
  ]
}

/** Faults of a step where secrets are: it runs the program of the base and nothing else. */
function trustFaults({uses, run, with: inputs = {}}: Step, {environment}: Job, events: readonly string[]): string[] {
  const isByOthers = events.some((event) => CAUSED_BY_OTHERS.includes(event))
  const isBase = BASE_REFS.includes(String(inputs['ref'] ?? ''))
  // Under these events a checkout without a ref is the base already, but under this one it once was not.
  const mayLackRef = !events.includes('pull_request_target') && inputs['ref'] === undefined
  return [
    ...(run !== undefined && (isByOthers || environment !== undefined) && !ONE_COMMAND.test(run)
      ? ['not exactly one command of the program']
      : []),
    ...(uses?.startsWith('actions/checkout@') && (isByOthers || environment !== undefined) && !isBase && !mayLackRef
      ? ['checks out something that is not the base']
      : []),
    ...(uses?.startsWith('actions/checkout@') && inputs['repository'] !== undefined ? ['another repository'] : []),
  ]
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
