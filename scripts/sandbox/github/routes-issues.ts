import {
  created,
  invalid,
  listOf,
  noContent,
  notFound,
  ok,
  optionalText,
  Refusal,
  type Routes,
  textOf,
} from './answer.js'
import {timelineOf} from './timeline.js'
import {addComment, checkBody, issueOf, labelNamed, openIssue, putLabel, setState, tell, type World} from './world.js'

const REPO = '/repos/:owner/:repo'
const ISSUE = `${REPO}/issues/:number`

/** Issues, comments, labels and the timeline. */
export function issueRoutes(world: World): Routes {
  const {shapes} = world
  const shown = (number: string | number): object => {
    const issue = issueOf(world, number)
    return shapes.issue(issue, world.comments.filter(({on}) => on === issue.number).length)
  }
  const commentOf = (id: string | undefined) => {
    const comment = world.comments.find((one) => one.id === Number(id))
    if (!comment) throw notFound()
    return comment
  }
  return {
    [`GET ${REPO}/issues`]: ({query}) => {
      const state = query.get('state') ?? 'open'
      const found = world.issues.filter((one) => state === 'all' || one.state === state)
      return {list: found.reverse().map(({number}) => shown(number))}
    },
    [`POST ${REPO}/issues`]: ({body, by}) => {
      const {number} = openIssue(world, {
        title: textOf(body, 'title'),
        body: checkBody('Issue', optionalText(body, 'body') ?? ''),
        by,
        labels: listOf(body, 'labels'),
        pull: null,
      })
      return created(shown(number))
    },
    [`GET ${ISSUE}`]: ({params}) => ok(shown(params['number'] ?? '')),
    [`PATCH ${ISSUE}`]: ({params, body, by}) => {
      const issue = issueOf(world, params['number'] ?? '')
      setState(world, issue, optionalText(body, 'state'), by)
      Object.assign(issue, {
        title: optionalText(body, 'title') ?? issue.title,
        body: checkBody('Issue', optionalText(body, 'body') ?? issue.body),
        updatedAtMs: world.nowMs(),
      })
      return ok(shown(issue.number))
    },
    [`GET ${ISSUE}/comments`]: ({params}) => {
      const {number} = issueOf(world, params['number'] ?? '')
      return {list: world.comments.filter(({on}) => on === number).map(shapes.comment)}
    },
    [`POST ${ISSUE}/comments`]: ({params, body, by}) =>
      created(shapes.comment(addComment(world, Number(params['number']), by, textOf(body, 'body')))),
    [`GET ${REPO}/issues/comments/:id`]: ({params}) => ok(shapes.comment(commentOf(params['id']))),
    [`PATCH ${REPO}/issues/comments/:id`]: ({params, body}) => {
      const comment = commentOf(params['id'])
      Object.assign(comment, {body: checkBody('IssueComment', textOf(body, 'body')), updatedAtMs: world.nowMs()})
      return ok(shapes.comment(comment))
    },
    [`DELETE ${REPO}/issues/comments/:id`]: ({params}) => {
      world.comments.splice(world.comments.indexOf(commentOf(params['id'])), 1)
      return noContent()
    },
    [`GET ${ISSUE}/timeline`]: ({params}) => ({list: timelineOf(world, issueOf(world, params['number'] ?? ''))}),
    [`POST ${ISSUE}/labels`]: ({params, body, by}) => {
      const issue = issueOf(world, params['number'] ?? '')
      for (const label of listOf(body, 'labels')) putLabel(world, issue, label, by)
      return ok(issue.labels.map(shapes.label))
    },
    [`DELETE ${ISSUE}/labels/*name`]: ({params, by}) => {
      const issue = issueOf(world, params['number'] ?? '')
      const label = labelNamed(world, params['name'] ?? '')
      if (label === undefined || !issue.labels.includes(label)) throw new Refusal(404, 'Label does not exist')
      issue.labels.splice(issue.labels.indexOf(label), 1)
      tell(world, issue, by, 'unlabeled', {label})
      return ok(issue.labels.map(shapes.label))
    },
    [`POST ${REPO}/labels`]: ({body}) => {
      const name = textOf(body, 'name')
      if (labelNamed(world, name) !== undefined) throw invalid('Label', 'name', 'already_exists')
      world.labels.add(name)
      return created(shapes.label(name))
    },
    [`GET ${REPO}/labels/*name`]: ({params}) => {
      const name = labelNamed(world, params['name'] ?? '')
      if (name === undefined) throw notFound()
      return ok(shapes.label(name))
    },
  }
}
