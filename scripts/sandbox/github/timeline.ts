import {commitsOf} from './pull-requests.js'
import type {IssueRecord} from './records.js'
import type {World} from './world.js'

/** What happened to an issue or pull request, oldest first; a review shows here alone when its text was changed. */
export function timelineOf(world: World, {number, pull, events}: IssueRecord): object[] {
  const {git, shapes} = world
  const commits = pull ? git.readCommits(commitsOf(world, pull)) : []
  const comments = world.comments.filter(({on}) => on === number)
  const entries = [
    ...commits.map((made) => ({atMs: made.committer.atMs, shown: shapes.committed(made)})),
    ...comments.map((one) => ({atMs: one.createdAtMs, shown: shapes.commented(one)})),
    ...events.map((one) => ({atMs: one.atMs, shown: shapes.event(one)})),
    ...(pull?.reviews ?? []).map((one) => ({atMs: one.submittedAtMs, shown: shapes.reviewed(number, one)})),
  ]
  return entries.sort((a, b) => a.atMs - b.atMs).map(({shown}) => shown)
}
