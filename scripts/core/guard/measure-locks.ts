import type {Config} from '../model/config.js'
import {parseShare} from '../model/instant.js'
import type {Lock, MeasureKind} from '../model/lock.js'
import type {Words} from '../model/words.js'
import {type FactComparison, isAbove} from './compare-facts.js'
import type {Measures} from './measures.js'

export interface Limits {
  readonly release: number
  readonly template: number
  readonly keyFacts: number
  readonly deletions: number
}

const DEFAULT_LIMIT = 0.2

/** Read from the base: a change cannot relax its own guard. */
export function limitsOf({policy}: Config): Limits {
  const {guard} = policy.value
  return {
    release: parseShare(guard?.linkChange?.release ?? DEFAULT_LIMIT),
    template: parseShare(guard?.linkChange?.template ?? DEFAULT_LIMIT),
    keyFacts: parseShare(guard?.keyFactChange?.template ?? DEFAULT_LIMIT),
    deletions: parseShare(guard?.deletions ?? DEFAULT_LIMIT),
  }
}

/** Links of the release, links and key facts of each template; `days` where they were measured over a window. */
export function measureLocks({release, templates, oneSided}: Measures, limits: Limits, days?: number): Lock[] {
  const found: Lock[] = []
  if (isAbove(release.changed, release.total, limits.release))
    found.push(
      measureLock(
        'release',
        'links',
        release,
        limits.release,
        [...templates, ...oneSided].flatMap(({links, file}) => placesOf(links, file)),
        days,
      ),
    )
  for (const {id, file, links, keyFacts} of templates) {
    const scope = `template:${id}`
    if (isAbove(links.changed, links.total, limits.template))
      found.push(measureLock(scope, 'links', links, limits.template, placesOf(links, file), days))
    if (isAbove(keyFacts.changed, keyFacts.total, limits.keyFacts))
      found.push(measureLock(scope, 'key-facts', keyFacts, limits.keyFacts, placesOf(keyFacts, file), days))
  }
  return found
}

const placesOf = ({changes}: FactComparison, file: string): Lock['places'] =>
  changes.map(({pointer, before, after}) => ({file, pointer, before, after}))

const NAMES: Readonly<Record<MeasureKind, Words>> = {
  links: {zh: '链接', en: 'links'},
  'key-facts': {zh: '关键信息', en: 'key facts'},
  deletions: {zh: '删除', en: 'deletions'},
}

const percent = (share: number): string => `${Number((share * 100).toFixed(1))}%`

/** `template:hello` in words; `release` is the whole of it. */
export function scopeWords(scope: string): Words {
  if (scope === 'release') return {zh: '整个发布', en: 'the whole release'}
  const colon = scope.indexOf(':')
  const [kind, id] = colon < 0 ? [scope, ''] : [scope.slice(0, colon), scope.slice(colon + 1)]
  const zh = KINDS[kind] ?? kind
  return id === '' ? {zh, en: kind} : {zh: `${zh} ${id} `, en: `${kind} ${id}`}
}

const KINDS: Readonly<Record<string, string>> = {
  template: '模板',
  schedule: '排班',
  channel: '渠道',
  'group-welcome': '入群欢迎语',
  grant: '授权',
  facts: '资料表 facts.yaml',
  links: '登记表 links.yaml',
  member: '成员',
  enterprise: '企业设置 enterprise.yaml',
  capability: '权限',
  bot: '机器人',
}

export function measureLock(
  scope: string,
  kind: MeasureKind,
  {changed, total}: {readonly changed: number; readonly total: number},
  limit: number,
  places: Lock['places'],
  days?: number,
): Lock {
  const where = scopeWords(scope)
  const window =
    days === undefined ? {zh: '', en: ''} : {zh: `${days} 天内累计，`, en: `over ${days} days taken together, `}
  const share = `${changed}/${total} = ${percent(changed / total)}`
  return {
    scope,
    kind,
    changed,
    total,
    limit,
    ...(days === undefined ? {} : {days}),
    places,
    fix: {
      zh: '改小这次改动，或由两个其他部门的安全员解锁',
      en: 'make the change smaller, or have it unlocked by holders of two other departments',
    },
    says: {
      zh: `${window.zh}${where.zh}的${NAMES[kind].zh}变化 ${share}，超过上限 ${percent(limit)}，已锁定`,
      en: `${window.en}${NAMES[kind].en} of ${where.en}: ${share} changed, above the limit of ${percent(limit)}: locked`,
    },
  }
}
