import {notFound, ok, optionalText, type Routes, textOf} from './answer.js'
import {addReview, dismissReview} from './pull-requests.js'
import {pullOf, type World} from './world.js'

const REVIEWS = '/repos/:owner/:repo/pulls/:number/reviews'

/** Reviews of a pull request; their text may be changed and their word taken back. */
export function reviewRoutes(world: World): Routes {
  const {shapes} = world
  const reviewOf = ({number = '', review: id}: Readonly<Record<string, string>>) => {
    const {issue, pull} = pullOf(world, number)
    const review = pull.reviews.find((one) => one.id === Number(id))
    if (!review) throw notFound()
    return {issue, review}
  }
  return {
    [`GET ${REVIEWS}`]: ({params}) => {
      const {issue, pull} = pullOf(world, params['number'] ?? '')
      return {list: pull.reviews.map((review) => shapes.review(issue.number, review))}
    },
    [`POST ${REVIEWS}`]: ({params, body, by}) => {
      const {issue} = pullOf(world, params['number'] ?? '')
      const review = addReview(world, {
        pull: issue.number,
        by,
        event: textOf(body, 'event'),
        body: optionalText(body, 'body') ?? '',
        commit: optionalText(body, 'commit_id'),
      })
      return ok(shapes.review(issue.number, review))
    },
    [`GET ${REVIEWS}/:review`]: ({params}) => {
      const {issue, review} = reviewOf(params)
      return ok(shapes.review(issue.number, review))
    },
    [`PUT ${REVIEWS}/:review`]: ({params, body}) => {
      const {issue, review} = reviewOf(params)
      Object.assign(review, {body: textOf(body, 'body'), updatedAtMs: world.nowMs()})
      return ok(shapes.review(issue.number, review))
    },
    [`PUT ${REVIEWS}/:review/dismissals`]: ({params, body, by}) => {
      const {issue, review} = reviewOf(params)
      textOf(body, 'message')
      dismissReview(world, {issue, review, by})
      return ok(shapes.review(issue.number, review))
    },
  }
}
