import type {CorpTagValue} from '../../core/model/plan.js'
import {AnswerLost, type CorpTag, type WeComWriter} from '../../core/ports.js'

/** Customer tags by name: one list a run, one change at a time, since two creates of one new group could make it twice. */
export interface CorpTagDesk {
  /** The tag's id; a tag that exists already, whoever made it, is taken as it is. */
  ready(tag: CorpTagValue): Promise<string>
}

export function createCorpTagDesk(writer: Pick<WeComWriter, 'listCorpTags' | 'addCorpTags'>): CorpTagDesk {
  let known: Promise<readonly CorpTag[]> | null = null
  let last: Promise<unknown> = Promise.resolve()

  const find = (tags: readonly CorpTag[], {group, name}: CorpTagValue): string | undefined =>
    tags.find((tag) => tag.group === group && tag.name === name)?.id

  async function findListed(tag: CorpTagValue): Promise<string | undefined> {
    known ??= writer.listCorpTags()
    try {
      return find(await known, tag)
    } catch (error) {
      known = null
      throw error
    }
  }

  async function ready(tag: CorpTagValue): Promise<string> {
    const listed = await findListed(tag)
    if (listed !== undefined) return listed
    known = null
    try {
      const added = find(await writer.addCorpTags(tag.group, [tag.name]), tag)
      if (added !== undefined) return added
    } catch (error) {
      if (!(error instanceof AnswerLost)) throw error
    }
    // No answer, or one without the tag: names are unique in a group, so the list tells (92117).
    const found = await findListed(tag)
    if (found === undefined) throw new AnswerLost(`the answer about customer tag ${tag.group}/${tag.name} was lost`)
    return found
  }

  return {
    ready(tag) {
      const next = last.then(() => ready(tag))
      last = next.catch(() => undefined)
      return next
    },
  }
}
