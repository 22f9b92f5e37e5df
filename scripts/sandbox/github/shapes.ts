import {createCommitShapes} from './shape-commits.js'
import {createIssueShapes} from './shape-issues.js'
import {createPullShapes} from './shape-pulls.js'
import {createRepositoryShapes, type ShapeContext} from './shape-repository.js'
import {createStatusShapes} from './shape-statuses.js'

/** GitHub's JSON of everything it is asked for here, with every field its description requires. */
export function createShapes(context: ShapeContext) {
  const repository = createRepositoryShapes(context)
  const issues = createIssueShapes(repository)
  return {
    ...repository,
    ...createCommitShapes(repository),
    ...issues,
    ...createPullShapes(repository, issues),
    ...createStatusShapes(repository),
  }
}

export type Shapes = ReturnType<typeof createShapes>
