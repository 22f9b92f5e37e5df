import {nearestName} from '../core/model/nearest.js'
import type {Directory} from '../core/model/directory.js'
import type {Lockdown, Manifest, Release} from '../core/model/release.js'
import type {Words} from '../core/model/words.js'
import {changeLockdown, isNoChange, type LockdownChange} from '../core/observe/change-lockdown.js'
import {isHit} from '../core/respond/find-lockdown.js'
import type {Store} from '../core/ports.js'
import {readWhole} from './read-whole.js'
import {publishManifest, type PublishPorts, type PublishRequest} from './publish-manifest.js'

export interface LockdownPorts extends PublishPorts {
  readonly store: PublishPorts['store'] & Pick<Store, 'readDocument'>
}

export type LockdownOutcome =
  | {readonly kind: 'refused'; readonly reason: Words; readonly fix: Words}
  | {
      readonly kind: 'done' | 'already'
      readonly version: number
      /** Everything that is switched now. */
      readonly lockdown: readonly Lockdown[]
      /** What a person should know: the switch may hit nobody. */
      readonly remarks: readonly Words[]
    }

/**
 * Turns a kill switch on or off in a higher manifest version; stable release and canary stay as they are. It takes no lock:
 * an apply that runs for long must not keep it from being turned on.
 */
export async function switchLockdown(
  {store, clock}: LockdownPorts,
  change: LockdownChange,
  request: PublishRequest,
): Promise<LockdownOutcome> {
  const nowMs = clock.nowMs()
  if (change.turn === 'on' && (change.entry.untilMs ?? Number.POSITIVE_INFINITY) <= nowMs)
    return {kind: 'refused', ...OVER_ALREADY}
  const running = (await store.readManifest())?.manifest ?? null
  const reach = change.turn === 'on' ? await checkSwitch(store, running, change.entry) : {remarks: []}
  if ('reason' in reach) return {kind: 'refused', ...reach}
  if (isNoChange(running?.lockdown ?? [], change, nowMs)) {
    const lockdown = changeLockdown(running?.lockdown ?? [], change, nowMs)
    return {kind: 'already', version: running?.version ?? 0, lockdown, remarks: reach.remarks}
  }
  const {manifest} = await publishManifest(
    {store, clock},
    {lockdown: (last) => changeLockdown(last, change, nowMs)},
    request,
  )
  return {kind: 'done', version: manifest.version, lockdown: manifest.lockdown, remarks: reach.remarks}
}

type Reach = {readonly reason: Words; readonly fix: Words} | {readonly remarks: readonly Words[]}

/** The scope hits something, and the notice can be said everywhere. */
async function checkSwitch(
  store: Pick<Store, 'readDocument'>,
  running: Manifest | null,
  entry: Lockdown,
): Promise<Reach> {
  const releases = await releasesOf(store, running)
  const notice = entry.mode === 'pinned' ? checkNotice(releases, entry) : null
  return notice ?? checkReach(store, running, entry.scope, releases)
}

/** A notice is plain words that were approved, in every release that is heard. */
function checkNotice(releases: readonly (Release | null)[], {scope, notice = ''}: Lockdown): Reach | null {
  const whole = releases.filter((release) => release !== null)
  if (whole.length < releases.length || whole.length === 0) return {reason: UNREADABLE, fix: TEXT_ONLY_INSTEAD}
  for (const {templates} of whole) {
    const template = Object.hasOwn(templates, notice) ? templates[notice] : undefined
    if (!template) return {reason: noTemplate(notice), fix: didYouMean(notice, Object.keys(templates))}
    if (template.attachments.length > 0) return {reason: notPlain(notice), fix: TAKE_PLAIN}
    if (typeof scope === 'object' && 'host' in scope && isHit(scope, {departments: [], templateId: notice, template}))
      return {reason: namesIt(notice, scope.host), fix: TAKE_PLAIN}
  }
  return null
}

/** `null` for one that the store does not give. */
const releasesOf = (store: Pick<Store, 'readDocument'>, running: Manifest | null): Promise<(Release | null)[]> =>
  Promise.all(
    [running?.stable ?? null, running?.canary?.digest ?? null]
      .filter((digest) => digest !== null)
      .map((digest) => readWhole<Release>(store, digest)),
  )

/** A misspelt switch would switch nothing: template ids are known exactly, departments and hosts may be newer than the release. */
async function checkReach(
  store: Pick<Store, 'readDocument'>,
  running: Manifest | null,
  scope: Lockdown['scope'],
  asked: readonly (Release | null)[],
): Promise<Reach> {
  if (scope === 'corp') return {remarks: []}
  const releases = asked.filter((release) => release !== null)
  const templates = Object.assign({}, ...releases.map((release) => release.templates)) as Release['templates']
  if ('template' in scope) {
    if (Object.hasOwn(templates, scope.template)) return {remarks: []}
    // A store in trouble is no reason to keep a kill switch from being turned.
    if (releases.length < asked.length) return {remarks: [NOT_CHECKED]}
    return {reason: noTemplate(scope.template), fix: didYouMean(scope.template, Object.keys(templates))}
  }
  if ('department' in scope) {
    const directory = running?.directory ? await readWhole<Directory>(store, running.directory) : null
    const paths = (directory?.members ?? []).flatMap(({departments}) => departments)
    const departments = paths.filter((path) => path === scope.department || path.startsWith(`${scope.department}/`))
    return {remarks: departments.length > 0 ? [] : [nobodyThere(scope.department)]}
  }
  const named = Object.entries(templates).some(([templateId, template]) =>
    isHit(scope, {departments: [], templateId, template}),
  )
  return {remarks: named ? [] : [nothingNames(scope.host)]}
}

const OVER_ALREADY = {
  reason: {zh: '结束时刻已经过去，开关不会起作用', en: 'its end is over already: the switch would do nothing'},
  fix: {zh: '写一个将来的 --until，或不写', en: 'give an --until in the future, or none'},
} satisfies Record<string, Words>

const noTemplate = (id: string): Words => ({
  zh: `现在的发布里没有模板「${id}」，开关不会起作用，没有发布`,
  en: `no release in force has a template "${id}": the switch would do nothing and was not published`,
})

function didYouMean(id: string, known: readonly string[]): Words {
  const near = nearestName(id, known)
  return near === undefined
    ? {
        zh: '用 yingbin explain 查客户听到的是哪条模板，或用 --scope corp',
        en: 'yingbin explain tells which template is said; or use --scope corp',
      }
    : {zh: `是否想写「${near}」？`, en: `did you mean "${near}"?`}
}

const UNREADABLE: Words = {
  zh: '现在的发布读不到（或还没有），不知道公告能不能说，没有发布',
  en: 'no release in force can be read, so nobody knows whether the notice can be said; nothing was published',
}
const TEXT_ONLY_INSTEAD: Words = {
  zh: '急用就改 --mode text-only 或 silent',
  en: 'where it is urgent, use --mode text-only or silent',
}
const notPlain = (id: string): Words => ({
  zh: `公告「${id}」带附件；紧急公告只能是文字`,
  en: `the notice "${id}" has attachments; an emergency notice is plain text`,
})
const namesIt = (id: string, host: string): Words => ({
  zh: `公告「${id}」自己就提到 ${host}`,
  en: `the notice "${id}" names ${host} itself`,
})
const TAKE_PLAIN: Words = {
  zh: '另选一条只有文字的模板；平时就备一条，经审批发布好',
  en: 'take a template of plain text; keep one ready, approved and released',
}
const NOT_CHECKED: Words = {
  zh: '发布的文件读不到，没能核对模板是否存在：请自己核对',
  en: 'a release document could not be read, so nobody checked that the template exists: check it yourself',
}
const nobodyThere = (path: string): Words => ({
  zh: `镜像里「${path}」下没有成员：请核对路径`,
  en: `the mirror has no member at or below "${path}": check the path`,
})
const nothingNames = (host: string): Words => ({
  zh: `现在的发布里没有模板提到 ${host}：请核对域名`,
  en: `no template of the releases in force names ${host}: check the host`,
})
