import {countTouchedPeople} from '../greet/touched-people.js'
import type {Change} from '../model/change.js'
import type {Config} from '../model/config.js'
import {parseShare} from '../model/instant.js'
import type {Lock, MeasureKind} from '../model/lock.js'
import type {Words} from '../model/words.js'
import {worldOf} from '../release/assemble-release.js'
import {compareFacts, type FactComparison, isAbove} from './compare-facts.js'
import {findChanges} from './find-changes.js'
import {type Fact, factsOfTemplate} from './template-facts.js'

export interface GuardResult {
  readonly changes: readonly Change[]
  readonly locks: readonly Lock[]
  /** Links of the whole release, whether they lock or not. */
  readonly links: Pick<FactComparison, 'kept' | 'changed' | 'total'>
  readonly templates: readonly {
    readonly id: string
    readonly links: {readonly changed: number; readonly total: number}
    readonly keyFacts: {readonly changed: number; readonly total: number}
  }[]
  /** Members whose welcome this change touches, before and after. */
  readonly people: {readonly before: number; readonly after: number}
}

const DEFAULT_LIMIT = 0.2

/** What changed from base to head, and what of it locks. Limits come from the base: a change cannot relax its own guard. */
export function evaluateGuard(base: Config, head: Config, nowMs: number): GuardResult {
  const changes = findChanges(base, head)
  const guard = base.policy.value.guard
  const limits = {
    release: parseShare(guard?.linkChange?.release ?? DEFAULT_LIMIT),
    template: parseShare(guard?.linkChange?.template ?? DEFAULT_LIMIT),
    keyFacts: parseShare(guard?.keyFactChange?.template ?? DEFAULT_LIMIT),
    deletions: parseShare(guard?.deletions ?? DEFAULT_LIMIT),
  }
  const before = allFacts(base)
  const after = allFacts(head)
  const release = compareFacts(linksOnly([...before.values()].flat()), linksOnly([...after.values()].flat()))
  const templates = [...after].flatMap(([id, facts]) => {
    const old = before.get(id)
    return old
      ? [
          {
            id,
            file: head.templates.get(id)?.file ?? '',
            links: compareFacts(linksOnly(old), linksOnly(facts)),
            keyFacts: compareFacts(old, facts),
          },
        ]
      : []
  })
  const placesOf = (comparison: FactComparison, file: string) =>
    comparison.changes.map(({pointer, before: old, after: fresh}) => ({file, pointer, before: old, after: fresh}))
  /** Links of templates that only one side has. */
  const oneSided = [
    ...[...before].flatMap(([id, facts]) =>
      after.has(id) ? [] : placesOf(compareFacts(linksOnly(facts), []), base.templates.get(id)?.file ?? ''),
    ),
    ...[...after].flatMap(([id, facts]) =>
      before.has(id) ? [] : placesOf(compareFacts([], linksOnly(facts)), head.templates.get(id)?.file ?? ''),
    ),
  ]
  const locks: Lock[] = [
    // Where nobody has agreed to anything yet, nothing has changed.
    ...(base.templates.size > 0 && isAbove(release.changed, release.total, limits.release)
      ? [
          lock('release', 'links', release, limits.release, [
            ...templates.flatMap(({links, file}) => placesOf(links, file)),
            ...oneSided,
          ]),
        ]
      : []),
    ...templates.flatMap(({id, file, links, keyFacts}) => [
      ...(isAbove(links.changed, links.total, limits.template)
        ? [lock(`template:${id}`, 'links', links, limits.template, placesOf(links, file))]
        : []),
      ...(isAbove(keyFacts.changed, keyFacts.total, limits.keyFacts)
        ? [lock(`template:${id}`, 'key-facts', keyFacts, limits.keyFacts, placesOf(keyFacts, file))]
        : []),
    ]),
    ...deletions(base, head, limits.deletions),
  ]
  return {
    changes,
    locks,
    links: {kept: release.kept, changed: release.changed, total: release.total},
    templates: templates
      .filter(({keyFacts}) => keyFacts.changed > 0)
      .map(({id, links, keyFacts}) => ({
        id,
        links: {changed: links.changed, total: links.total},
        keyFacts: {changed: keyFacts.changed, total: keyFacts.total},
      })),
    people: countTouchedPeople(worldOf(base), worldOf(head), nowMs),
  }
}

const linksOnly = (facts: readonly Fact[]): Fact[] => facts.filter(({kind}) => kind === 'link')

const allFacts = (config: Config): ReadonlyMap<string, Fact[]> =>
  new Map([...config.templates].map(([id, template]) => [id, factsOfTemplate(template, config)]))

const NAMES: Readonly<Record<MeasureKind, Words>> = {
  links: {zh: '链接', en: 'links'},
  'key-facts': {zh: '关键信息', en: 'key facts'},
  deletions: {zh: '删除', en: 'deletions'},
}

function lock(
  scope: string,
  kind: MeasureKind,
  {changed, total}: {readonly changed: number; readonly total: number},
  limit: number,
  places: Lock['places'],
): Lock {
  const percent = (share: number): string => `${Number((share * 100).toFixed(1))}%`
  const where =
    scope === 'release'
      ? {zh: '整个发布', en: 'the whole release'}
      : {zh: `${scope.replace('template:', '模板 ')} `, en: scope.replace(':', ' ')}
  return {
    scope,
    kind,
    changed,
    total,
    limit,
    places,
    fix: {
      zh: '改小这次改动，或由两个其他部门的安全员解锁',
      en: 'make the change smaller, or have it unlocked by holders of two other departments',
    },
    says: {
      zh: `${where.zh}的${NAMES[kind].zh}变化 ${changed}/${total} = ${percent(changed / total)}，超过上限 ${percent(limit)}，已锁定`,
      en: `${NAMES[kind].en} of ${where.en}: ${changed}/${total} = ${percent(changed / total)} changed, above the limit of ${percent(limit)}: locked`,
    },
  }
}

function deletions(base: Config, head: Config, limit: number): Lock[] {
  const kinds = [
    ['template', base.templates, head.templates],
    ['schedule', base.schedules, head.schedules],
    ['channel', base.channels, head.channels],
    ['group-welcome', base.groupWelcomes, head.groupWelcomes],
  ] as const
  return kinds.flatMap(([kind, old, now]) => {
    const renamed = new Set(
      [...now.values()].flatMap(({value}) => ('was' in value && typeof value.was === 'string' ? [value.was] : [])),
    )
    const gone = [...old.values()].filter(({id}) => !now.has(id) && !renamed.has(id))
    return isAbove(gone.length, old.size, limit)
      ? [
          lock(
            kind,
            'deletions',
            {changed: gone.length, total: old.size},
            limit,
            gone.map(({file, id}) => ({file, pointer: '', before: id, after: null})),
          ),
        ]
      : []
  })
}
