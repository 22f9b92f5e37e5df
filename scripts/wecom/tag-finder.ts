import type {Clock} from '../core/ports.js'
import type {WeComClient} from './client.js'

/** A tag that a channel names and WeCom does not have. */
export class TagMissing extends Error {
  override readonly name = 'TagMissing'
  readonly code = 'E_TAG_MISSING'
  constructor(readonly tag: string) {
    super(`WeCom has no customer tag ${tag}; apply makes it`)
  }
}

const KEPT_MS = 10 * 60_000
/** A tag that is missing may have been made just now; the list is read again, but not for every customer. */
const AGAIN_AFTER_MS = 60_000

/** Ids of customer tags by `组/标签`, from a list that is read seldom (document 96320). */
export function createTagFinder(
  client: Pick<WeComClient, 'fetchCorpTags'>,
  clock: Pick<Clock, 'nowMs'>,
): (names: readonly string[]) => Promise<readonly string[]> {
  let known: {readonly readAtMs: number; readonly ids: Promise<ReadonlyMap<string, string>>} | null = null

  async function readIds(): Promise<ReadonlyMap<string, string>> {
    const groups = (await client.fetchCorpTags()).filter(({deleted}) => !deleted)
    return new Map(
      groups.flatMap(({name: group, tags}) =>
        tags.filter(({deleted}) => !deleted).map(({id, name}) => [`${group}/${name}`, id] as const),
      ),
    )
  }

  function idsNotOlderThan(ageMs: number): Promise<ReadonlyMap<string, string>> {
    const nowMs = clock.nowMs()
    if (known !== null && nowMs - known.readAtMs < ageMs) return known.ids
    const reading = {readAtMs: nowMs, ids: readIds()}
    known = reading
    reading.ids.catch(() => {
      if (known === reading) known = null
    })
    return reading.ids
  }

  return async (names) => {
    const ids = await idsNotOlderThan(KEPT_MS)
    const current = names.every((name) => ids.has(name)) ? ids : await idsNotOlderThan(AGAIN_AFTER_MS)
    return names.map((name) => {
      const id = current.get(name)
      if (id === undefined) throw new TagMissing(name)
      return id
    })
  }
}
