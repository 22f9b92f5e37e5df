import type {Config} from '../model/config.js'
import type {Lock} from '../model/lock.js'
import {isAbove} from './compare-facts.js'
import type {HeldGrant} from './held-rights.js'
import {measureLock} from './measure-locks.js'

/** Files of one kind, or holdings of roles, of which too many go at once. Grown ones do not make up for gone ones. */
export function deletionLocks(
  base: Config,
  head: Config,
  held: {readonly before: readonly HeldGrant[]; readonly after: readonly HeldGrant[]},
  limit: number,
): Lock[] {
  const kinds = [
    ['template', base.templates, head.templates],
    ['schedule', base.schedules, head.schedules],
    ['channel', base.channels, head.channels],
    ['group-welcome', base.groupWelcomes, head.groupWelcomes],
  ] as const
  const locks = kinds.flatMap(([kind, old, now]) => {
    const renamed = renamedFrom(now)
    const gone = [...old.values()].filter(({id}) => !now.has(id) && !renamed.has(id))
    const places = gone.map(({file, id}) => ({file, pointer: '', before: id, after: null}))
    places.sort((a, b) => (a.file < b.file ? -1 : 1))
    return lockAbove(kind, gone.length, old.size, limit, places)
  })
  const left = new Set(held.after.map(({key}) => key))
  const distinct = [...new Map(held.before.map((grant) => [grant.key, grant])).values()]
  const lost = distinct.filter(({key}) => !left.has(key))
  const places = lost.map(({file, pointer, role, subject}) => ({
    file,
    pointer,
    before: `${role} → ${subject}`,
    after: null,
  }))
  return [...locks, ...lockAbove('grant', lost.length, distinct.length, limit, places)]
}

/** Ids that something new says it was before. */
export const renamedFrom = (resources: ReadonlyMap<string, {readonly value: object}>): ReadonlySet<string> =>
  new Set(
    [...resources.values()].flatMap(({value}) =>
      'was' in value && typeof value.was === 'string' ? [value.was.normalize('NFC')] : [],
    ),
  )

const lockAbove = (kind: string, changed: number, total: number, limit: number, places: Lock['places']): Lock[] =>
  isAbove(changed, total, limit) ? [measureLock(kind, 'deletions', {changed, total}, limit, places)] : []
