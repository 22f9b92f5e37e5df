import {createHash} from 'node:crypto'
import {readFileSync} from 'node:fs'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {Octokit} from '@octokit/rest'
import {type ARepository, GATE, openRepository, OWNER, REPO, START_MS, TOKEN} from './a-repository.js'
import {type CheckedStandIn, createCheckedStandIn} from './checked-stand-in.js'
import {SLICE} from './cut-openapi.js'

const HERE = {owner: OWNER, repo: REPO}
let repository: ARepository
let checked: CheckedStandIn
let first = ''

beforeEach(async () => {
  repository = await openRepository([], async (settings) => (checked = await createCheckedStandIn(settings)))
  first = repository.standIn.control.push({
    branch: 'main',
    files: {'config/a.yaml': 'a: 1\n'},
    message: 'first',
    by: 'lin',
  })
})
afterEach(() => repository.close())

const quiet = (): void => undefined
const as = (auth: string) =>
  new Octokit({
    auth,
    baseUrl: checked.url,
    log: {debug: quiet, info: quiet, warn: quiet, error: quiet},
  }).rest
const statusOf = (work: Promise<{readonly status: number}>): Promise<number> =>
  work.then(({status}) => status).catch((error: {readonly status: number}) => error.status)

describe('every operation of the slice', () => {
  it('is answered as GitHub describes it', async () => {
    const [author, reviewer, gate] = [as('token-of-lin'), as('token-of-chen'), as(TOKEN)]
    checked.control.push({branch: 'change', from: first, files: {'config/a.yaml': 'a: 2\n'}, message: 'x', by: 'lin'})
    const opened = await author.pulls.create({...HERE, head: 'change', base: 'main', title: 'a change', body: 'why'})
    const {number} = opened.data
    const pull = {...HERE, pull_number: number}
    const issue = {...HERE, issue_number: number}
    await author.users.getAuthenticated()
    await author.repos.get(HERE)
    await author.repos.getBranch({...HERE, branch: 'main'})
    await author.repos.listCommits(HERE)
    expect(await statusOf(author.repos.getCommit({...HERE, ref: 'b'.repeat(40)}))).toBe(422)
    await author.repos.compareCommitsWithBasehead({...HERE, basehead: 'main...change'})
    await author.repos.getContent({...HERE, path: 'config/a.yaml'})
    await author.actions.createWorkflowDispatch({...HERE, workflow_id: 'deploy.yml', ref: 'main'})
    const {data: deployment} = await gate.repos.createDeployment({...HERE, ref: 'main', environment: 'production'})
    if (!('id' in deployment)) throw new Error('expected a deployment')
    const {id} = deployment
    await gate.repos.createDeploymentStatus({...HERE, deployment_id: id, state: 'success'})
    expect((await gate.repos.listDeploymentStatuses({...HERE, deployment_id: id})).data).toMatchObject([
      {state: 'success'},
    ])
    await gate.repos.listDeployments(HERE)
    await author.pulls.list(HERE)
    await author.pulls.update({...pull, title: 'better'})
    await author.pulls.listCommits(pull)
    await author.pulls.listFiles(pull)
    const approval = (await reviewer.pulls.createReview({...pull, event: 'APPROVE', body: 'good'})).data.id
    repository.advance(60_000)
    await reviewer.pulls.updateReview({...pull, review_id: approval, body: 'very good'})
    await author.issues.addLabels({...issue, labels: ['locked']})
    await author.issues.createLabel({...HERE, name: '新', color: 'ffffff'})
    await author.issues.getLabel({...HERE, name: '新'})
    await author.issues.removeLabel({...issue, name: 'locked'})
    await reviewer.pulls.dismissReview({...pull, review_id: approval, message: 'changed'})
    expect((await reviewer.pulls.listReviews(pull)).data).toMatchObject([{state: 'DISMISSED', body: 'very good'}])
    const comment = (await author.issues.createComment({...issue, body: 'hm'})).data.id
    await author.issues.getComment({...HERE, comment_id: comment})
    await author.issues.updateComment({...HERE, comment_id: comment, body: 'well'})
    const timeline = (await author.issues.listEventsForTimeline(issue)).data.map(({event}) => event)
    expect(timeline).toEqual(
      expect.arrayContaining(['committed', 'reviewed', 'labeled', 'unlabeled', 'review_dismissed']),
    )
    await author.issues.listComments(issue)
    await author.issues.deleteComment({...HERE, comment_id: comment})
    await author.issues.listForRepo(HERE)
    const other = (await author.issues.create({...HERE, title: 'an issue', labels: ['新']})).data.number
    await author.issues.update({...HERE, issue_number: other, state: 'closed'})
    await author.issues.get({...HERE, issue_number: other})
    const blob = (await author.git.createBlob({...HERE, content: '你好\n'})).data.sha
    expect(blob).toBe(createHash('sha1').update('blob 7\0你好\n').digest('hex'))
    await author.git.getBlob({...HERE, file_sha: blob})
    const entry = {path: 'config/n.yaml', mode: '100644', type: 'blob', sha: blob} as const
    const tree = (await author.git.createTree({...HERE, base_tree: first, tree: [entry]})).data.sha
    await author.git.getTree({...HERE, tree_sha: tree})
    const commit = (await author.git.createCommit({...HERE, message: 'n', tree, parents: [first]})).data.sha
    await author.git.getCommit({...HERE, commit_sha: commit})
    await author.git.createRef({...HERE, ref: 'refs/heads/a/b', sha: commit})
    await author.git.updateRef({...HERE, ref: 'heads/a/b', sha: commit})
    await author.git.getRef({...HERE, ref: 'heads/a/b'})
    await author.git.deleteRef({...HERE, ref: 'heads/a/b'})
    expect(await statusOf(author.git.getRef({...HERE, ref: 'heads/a/b'}))).toBe(404)
    await gate.repos.createCommitStatus({...HERE, sha: commit, state: 'success', description: '好', context: 'x'})
    expect((await gate.repos.listCommitStatusesForRef({...HERE, ref: commit})).data).toMatchObject([
      {creator: {login: GATE}, created_at: new Date(START_MS + 60_000).toISOString().replace('.000', '')},
    ])
    const merged = (await reviewer.pulls.merge(pull)).data.sha
    await author.pulls.get(pull)
    await author.repos.getCommit({...HERE, ref: merged})
    expect((await author.repos.listPullRequestsAssociatedWithCommit({...HERE, commit_sha: merged})).data).toMatchObject(
      [{number}],
    )
    await author.apps.revokeInstallationAccessToken()
    const described = JSON.parse(readFileSync(SLICE, 'utf8')) as {
      readonly paths: Readonly<Record<string, Readonly<Record<string, {readonly operationId: string}>>>>
    }
    // An app's own two are asked for where it signs in.
    const rest = Object.values(described.paths)
      .flatMap((methods) => Object.values(methods))
      .map(({operationId}) => operationId)
      .filter((operation) => !checked.operations.has(operation))
    expect(rest).toEqual(['apps/get-authenticated', 'apps/create-installation-access-token'])
    expect(checked.violations).toEqual([])
  })
  it('an operation that GitHub does not describe is told at the end', async () => {
    await fetch(`${checked.url}/repos/${OWNER}/${REPO}/nothing`)
    await expect(repository.close()).rejects.toThrow('no such operation')
    repository = await openRepository()
  })
})
