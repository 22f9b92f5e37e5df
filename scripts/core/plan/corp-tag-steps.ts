import type {WrittenChannel} from '../model/written.js'
import type {CorpTagValue, LiveFacts, State, Step} from '../model/plan.js'
import {sortedUnique, type PlanPart} from './plan-part.js'

export const corpTagKey = (tag: string): string => `corp-tag/${tag}`

/** Customer tags of channels. A tag that no channel names any more stays: deleting it would take it off customers. */
export function corpTagSteps(channels: Iterable<WrittenChannel>, state: State, live: LiveFacts | null): PlanPart {
  const wanted = sortedUnique([...channels].flatMap(({tags = []}) => tags))
  const there = new Set(live?.corpTags ?? [])
  const steps = wanted
    .filter((tag) => (live ? !there.has(tag) : !state.resources[corpTagKey(tag)]))
    .map((tag): Step => {
      const slash = tag.indexOf('/')
      const after: CorpTagValue = {group: tag.slice(0, slash), name: tag.slice(slash + 1)}
      return {
        key: corpTagKey(tag),
        kind: 'corp-tag',
        id: tag,
        action: 'create',
        phase: 'expand',
        before: null,
        after,
        needs: [],
        calls: {add_corp_tag: 1},
      }
    })
  const wantedKeys = new Set(wanted.map(corpTagKey))
  const kept = Object.values(state.resources).filter(
    ({kind, id}) => kind === 'corp-tag' && !wantedKeys.has(corpTagKey(id)),
  )
  const notes = sortedUnique(kept.map(({id}) => id)).map((id) => ({
    zh: `客户标签「${id}」已没有渠道使用，保留不删：删除会把它从客户身上摘掉`,
    en: `customer tag "${id}" is used by no channel any more and stays: deleting it would take it off customers`,
  }))
  return {steps, notes}
}
