import type {CommentRecord, EventRecord, IssueRecord} from './records.js'
import {isoOf, nodeId, numberOf, type RepositoryShapes} from './shape-repository.js'

/** Issues, comments, labels, and what a timeline tells of them. */
export function createIssueShapes({root, html, user, userOrNull}: RepositoryShapes) {
  const label = (name: string) => ({
    id: numberOf(`label ${name}`),
    node_id: nodeId('Label', name),
    url: `${root}/labels/${encodeURIComponent(name)}`,
    name,
    description: '',
    color: 'b60205',
    default: false,
  })

  const issue = (one: IssueRecord, comments: number) => ({
    id: numberOf(`issue ${one.number}`),
    node_id: nodeId('Issue', one.number),
    url: `${root}/issues/${one.number}`,
    repository_url: root,
    labels_url: `${root}/issues/${one.number}/labels{/name}`,
    comments_url: `${root}/issues/${one.number}/comments`,
    events_url: `${root}/issues/${one.number}/events`,
    html_url: `${html}/issues/${one.number}`,
    number: one.number,
    state: one.state,
    title: one.title,
    user: userOrNull(one.by),
    body: one.body,
    labels: one.labels.map(label),
    assignee: null,
    assignees: [],
    milestone: null,
    locked: false,
    comments,
    closed_at: one.closedAtMs === null ? null : isoOf(one.closedAtMs),
    created_at: isoOf(one.createdAtMs),
    updated_at: isoOf(one.updatedAtMs),
    author_association: 'MEMBER',
    ...(one.pull
      ? {
          pull_request: {
            url: `${root}/pulls/${one.number}`,
            html_url: `${html}/pull/${one.number}`,
            diff_url: `${html}/pull/${one.number}.diff`,
            patch_url: `${html}/pull/${one.number}.patch`,
          },
        }
      : {}),
  })

  const comment = ({id, on, by, body, createdAtMs, updatedAtMs}: CommentRecord) => ({
    id,
    node_id: nodeId('IssueComment', id),
    url: `${root}/issues/comments/${id}`,
    html_url: `${html}/issues/${on}#issuecomment-${id}`,
    issue_url: `${root}/issues/${on}`,
    user: userOrNull(by),
    body,
    created_at: isoOf(createdAtMs),
    updated_at: isoOf(updatedAtMs),
    author_association: 'MEMBER',
  })

  return {
    label,
    issue,
    comment,
    commented: (one: CommentRecord) => ({...comment(one), event: 'commented', actor: user(one.by), user: user(one.by)}),
    event: ({id, event, by, atMs, label: name, commit, review}: EventRecord) => ({
      id,
      node_id: nodeId('Event', id),
      url: `${root}/issues/events/${id}`,
      actor: user(by),
      event,
      commit_id: commit ?? null,
      commit_url: commit === undefined ? null : `${root}/commits/${commit}`,
      created_at: isoOf(atMs),
      performed_via_github_app: null,
      ...(name === undefined ? {} : {label: {name, color: label(name).color}}),
      ...(review === undefined
        ? {}
        : {dismissed_review: {state: 'approved', review_id: review, dismissal_message: 'dismissed'}}),
    }),
  }
}
