import {MARK_PREFIX} from '../core/model/channel-mark.js'
import type {ContactWayValue, LiveFacts, State} from '../core/model/plan.js'
import type {StrayWay} from '../core/observe/find-drifts.js'
import type {SeenGroupWelcome, WeComWriter} from '../core/ports.js'

/** The calls that only look. */
export type WeComReader = Pick<
  WeComWriter,
  'listCorpTags' | 'listContactWays' | 'getContactWay' | 'getGroupWelcome' | 'listMemberTags' | 'getMemberTagUsers'
>

/** Codes of other systems are looked at one by one to find those with our mark; a company may have thousands. */
const MOST_STRANGERS = 200

/** What WeCom has now of everything the state knows. */
export async function readLive(reader: WeComReader, {resources}: State): Promise<LiveFacts> {
  const ofKind = (...kinds: readonly string[]) => Object.values(resources).filter(({kind}) => kinds.includes(kind))
  const contactWays: Record<string, ContactWayValue | null> = {}
  for (const {remoteId} of ofKind('contact-way'))
    if (remoteId !== undefined) contactWays[remoteId] = await reader.getContactWay(remoteId)
  const corpTags = ofKind('corp-tag').length > 0 ? await reader.listCorpTags() : []
  const names = new Set(ofKind('member-tag', 'member-tag-users').map(({id}) => id))
  const memberTags: Record<string, readonly string[]> = {}
  if (names.size > 0)
    for (const {id, name} of await reader.listMemberTags())
      if (names.has(name)) memberTags[name] = await reader.getMemberTagUsers(id)
  return {contactWays, corpTags: corpTags.map(({group, name}) => `${group}/${name}`), memberTags}
}

/** Group welcomes by template id; `null` where WeCom has none of that id. */
export async function readWelcomes(
  reader: WeComReader,
  {resources}: State,
): Promise<Record<string, SeenGroupWelcome | null>> {
  const welcomes: Record<string, SeenGroupWelcome | null> = {}
  for (const {kind, remoteId} of Object.values(resources))
    if (kind === 'group-welcome' && remoteId !== undefined) welcomes[remoteId] = await reader.getGroupWelcome(remoteId)
  return welcomes
}

/** Codes with our mark that the state does not know, and how many strangers were not looked at. */
export async function findStrays(
  reader: WeComReader,
  {resources}: State,
): Promise<{readonly strays: StrayWay[]; readonly unread: number}> {
  const known = new Set(Object.values(resources).map(({remoteId}) => remoteId))
  const strangers = (await reader.listContactWays(0)).filter((configId) => !known.has(configId))
  const strays: StrayWay[] = []
  for (const configId of strangers.slice(0, MOST_STRANGERS)) {
    const value = await reader.getContactWay(configId)
    if (value?.remark.startsWith(MARK_PREFIX)) strays.push({configId, value})
  }
  return {strays, unread: Math.max(0, strangers.length - MOST_STRANGERS)}
}
