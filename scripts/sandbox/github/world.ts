import type {GitPerson} from './git-answers.js'
import type {GitRepository} from './git-repository.js'
import {invalid, notFound} from './answer.js'
import type {
  CommentRecord,
  DeploymentRecord,
  EventRecord,
  IssueRecord,
  PullRecord,
  StandInAccount,
  StatusRecord,
} from './records.js'
import type {Shapes} from './shapes.js'

/** Everything the stand-in remembers beside git. */
export interface World {
  readonly git: GitRepository
  readonly shapes: Shapes
  readonly owner: string
  readonly repo: string
  readonly nowMs: () => number
  readonly accounts: readonly StandInAccount[]
  readonly issues: IssueRecord[]
  readonly comments: CommentRecord[]
  readonly statuses: StatusRecord[]
  readonly deployments: DeploymentRecord[]
  readonly labels: Set<string>
  readonly required: Map<string, string>
  treeLimit: number
  nextId(): number
}

/** The branch that is asked for where none is named. */
export const DEFAULT_BRANCH = 'main'

export const accountOf = (world: World, login: string): StandInAccount | undefined =>
  world.accounts.find((one) => one.login.toLowerCase() === login.toLowerCase())

export function issueOf({issues}: World, written: string | number): IssueRecord {
  const found = issues.find(({number}) => number === Number(written))
  if (!found) throw notFound()
  return found
}

export function pullOf(
  world: World,
  written: string | number,
): {readonly issue: IssueRecord; readonly pull: PullRecord} {
  const issue = issueOf(world, written)
  if (!issue.pull) throw notFound()
  return {issue, pull: issue.pull}
}

/** By sha, branch or tag. */
export function commitOf({git}: World, name: string): string {
  const sha = git.resolve(name) ?? git.resolve(`refs/heads/${name}`)
  if (sha === null) throw notFound()
  return sha
}

export const branchTip = ({git}: World, branch: string): string | null => git.resolve(`refs/heads/${branch}`)

export function personOf(world: World, login: string, atMs: number): GitPerson {
  const account = accountOf(world, login)
  return {name: login, email: account?.email ?? `${login}@nowhere.example`, atMs}
}

/** GitHub itself commits merges. */
export const webFlow = (atMs: number): GitPerson => ({name: 'GitHub', email: 'noreply@github.com', atMs})

export function tell(
  world: World,
  issue: IssueRecord,
  by: string,
  event: EventRecord['event'],
  more: Pick<EventRecord, 'label' | 'commit' | 'review'> = {},
): void {
  issue.events.push({id: world.nextId(), event, by, atMs: world.nowMs(), ...more})
}

export function openIssue(
  world: World,
  {
    title,
    body,
    by,
    labels,
    pull,
  }: Pick<IssueRecord, 'title' | 'body' | 'by' | 'pull'> & {readonly labels: readonly string[]},
): IssueRecord {
  const atMs = world.nowMs()
  const issue: IssueRecord = {
    number: world.issues.length + 1,
    by,
    title,
    body,
    state: 'open',
    labels: [],
    createdAtMs: atMs,
    updatedAtMs: atMs,
    closedAtMs: null,
    events: [],
    pull,
  }
  world.issues.push(issue)
  for (const label of labels) putLabel(world, issue, label, by)
  return issue
}

/** GitHub tells labels apart without regard to case, and keeps the first writing. */
export const labelNamed = ({labels}: World, name: string): string | undefined =>
  [...labels].find((one) => one.toLowerCase() === name.toLowerCase())

/** Makes the label where there is none yet. */
export function putLabel(world: World, issue: IssueRecord, name: string, by: string): void {
  const label = labelNamed(world, name) ?? name
  world.labels.add(label)
  if (issue.labels.includes(label)) return
  issue.labels.push(label)
  tell(world, issue, by, 'labeled', {label})
}

export function setState(world: World, issue: IssueRecord, state: string | undefined, by: string): void {
  if (state === undefined || state === issue.state) return
  if (state !== 'open' && state !== 'closed') throw invalid('Issue', 'state')
  issue.state = state
  issue.closedAtMs = state === 'closed' ? world.nowMs() : null
  tell(world, issue, by, state === 'closed' ? 'closed' : 'reopened')
}

/** Characters of a comment or a body. */
const MAX_BODY = 65_536

export function checkBody(resource: string, body: string): string {
  if ([...body].length > MAX_BODY)
    throw invalid(resource, 'body', 'custom', `body is too long (maximum is ${MAX_BODY} characters)`)
  return body
}

export function addComment(world: World, on: number, by: string, body: string): CommentRecord {
  const {number} = issueOf(world, on)
  if (body.trim() === '') throw invalid('IssueComment', 'body', 'missing_field')
  checkBody('IssueComment', body)
  const atMs = world.nowMs()
  const comment = {id: world.nextId(), on: number, by, body, createdAtMs: atMs, updatedAtMs: atMs}
  world.comments.push(comment)
  return comment
}
