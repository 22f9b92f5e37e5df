import type {CommitNote, ReviewComment} from '../core/model/review.js'
import type {CodeHost} from '../core/ports.js'
import {accountOf} from './accounts.js'
import {type Kit, orNotFound, type Repository, told} from './kit.js'

const PAGE = 100
/** Characters GitHub takes in a commit status. */
const MAX_DESCRIPTION = 140
/** Characters GitHub takes in a comment. */
const MAX_BODY = 65_536
const LABEL_COLOUR = 'b60205'

type TalkCalls = Pick<
  CodeHost,
  | 'readComments'
  | 'readStatuses'
  | 'writeStatus'
  | 'keepComment'
  | 'addComment'
  | 'setLabel'
  | 'keepIssue'
  | 'readIssue'
>

/** Comments, statuses, labels and issues: what is said about a change. */
export function createTalkCalls(kit: Kit, repository: Repository, ownLogin: () => Promise<string>): TalkCalls {
  const {issues, repos} = kit.rest
  const commentsOf = (number: number) =>
    told(() => kit.paginate(issues.listComments, {...repository, issue_number: number, per_page: PAGE}))
  const addComment = async (number: number, body: string): Promise<void> => {
    const text = fitting(body)
    await told(() => issues.createComment({...repository, issue_number: number, body: text}))
  }
  return {
    readComments: async (number): Promise<ReviewComment[]> =>
      (await commentsOf(number)).map(({id, user, body, created_at: created, updated_at: updated}) => ({
        id,
        by: accountOf(user),
        body: body ?? '',
        createdAtMs: Date.parse(created),
        isEdited: updated !== created,
      })),
    readStatuses: async (commit, context): Promise<CommitNote[]> => {
      const statuses = await told(() =>
        kit.paginate(repos.listCommitStatusesForRef, {...repository, ref: commit, per_page: PAGE}),
      )
      return statuses
        .filter((status) => status.context === context)
        .map(({state, description, creator, created_at: created}) => ({
          context,
          state: state as CommitNote['state'],
          description: description ?? '',
          by: accountOf(creator),
          atMs: Date.parse(created),
        }))
    },
    writeStatus: async (commit, {context, state, description}) => {
      const short = [...description].slice(0, MAX_DESCRIPTION).join('')
      await told(() => repos.createCommitStatus({...repository, sha: commit, context, state, description: short}))
    },
    keepComment: async (number, marker, body) => {
      const own = (await ownLogin()).toLowerCase()
      const ours = (await commentsOf(number)).find(
        (comment) => comment.user?.login.toLowerCase() === own && comment.body?.includes(marker),
      )
      if (!ours) return addComment(number, body)
      const text = fitting(body)
      if (ours.body !== text) await told(() => issues.updateComment({...repository, comment_id: ours.id, body: text}))
    },
    addComment,
    setLabel: async (number, label, isOn) => {
      const {labels} = await told(() => issues.get({...repository, issue_number: number}).then(({data}) => data))
      const has = labels.some(
        (one) => (typeof one === 'string' ? one : (one.name ?? '')).toLowerCase() === label.toLowerCase(),
      )
      if (has === isOn) return
      if (!isOn) {
        await orNotFound(() => issues.removeLabel({...repository, issue_number: number, name: label}))
        return
      }
      if ((await orNotFound(() => issues.getLabel({...repository, name: label}))) === null)
        await told(() => issues.createLabel({...repository, name: label, color: LABEL_COLOUR}))
      await told(() => issues.addLabels({...repository, issue_number: number, labels: [label]}))
    },
    keepIssue: async (marker, {title, body, labels}) => {
      const own = (await ownLogin()).toLowerCase()
      const open = await told(() => kit.paginate(issues.listForRepo, {...repository, state: 'open', per_page: PAGE}))
      const ours = open.find(
        (issue) =>
          issue.pull_request === undefined && issue.user?.login.toLowerCase() === own && issue.body?.includes(marker),
      )
      if (body === null) {
        if (ours) await told(() => issues.update({...repository, issue_number: ours.number, state: 'closed'}))
        return
      }
      const marked = fitting(`${marker}\n${body}`)
      if (!ours) await told(() => issues.create({...repository, title, body: marked, labels: [...labels]}))
      else if (ours.title !== title || ours.body !== marked)
        await told(() => issues.update({...repository, issue_number: ours.number, title, body: marked}))
    },
    readIssue: async (number) => {
      const issue = await told(() => issues.get({...repository, issue_number: number}).then(({data}) => data))
      return {
        by: accountOf(issue.user),
        body: issue.body ?? '',
        labels: issue.labels.map((label) => (typeof label === 'string' ? label : (label.name ?? ''))),
      }
    },
  }
}

/** Whoever writes more has to cut it himself, where he knows what matters. */
function fitting(body: string): string {
  if (body.length > MAX_BODY) throw new RangeError(`a comment takes ${MAX_BODY} characters, this has ${body.length}`)
  return body
}
