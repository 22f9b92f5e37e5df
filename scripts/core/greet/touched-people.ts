import {canonicalText} from '../model/canonical.js'
import type {World} from '../model/world.js'
import {createPeople} from './member-context.js'
import {createReach} from './reach.js'
import {templatesOf} from './say-at.js'

function changedIds(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): Set<string> {
  const same = (id: string): boolean =>
    before[id] !== undefined && after[id] !== undefined && canonicalText(before[id]) === canonicalText(after[id])
  return new Set([...Object.keys(before), ...Object.keys(after)].filter((id) => !same(id)))
}

/** Members covered by a schedule that changed, or that may say a template that changed, on either side. */
export function countTouchedPeople(
  before: World | null,
  after: World,
  nowMs: number,
): {readonly before: number; readonly after: number} {
  const schedules = changedIds(before?.release.schedules ?? {}, after.release.schedules)
  const templates = changedIds(before?.release.templates ?? {}, after.release.templates)
  const count = ({release, directory}: World): number => {
    const reach = createReach(createPeople(directory, release), nowMs)
    const touched = Object.entries(release.schedules).filter(
      ([id, schedule]) => schedules.has(id) || templatesOf(schedule).some((id) => templates.has(id)),
    )
    return new Set(touched.flatMap(([, {audience}]) => reach.membersOf(audience).map(({id}) => id))).size
  }
  return {before: before ? count(before) : 0, after: count(after)}
}
