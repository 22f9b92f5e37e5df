import {ACCEPT_LARGE, checkSize} from '../core/directory/check-size.js'
import type {Change} from '../core/directory/changes.js'
import {type Compared, compareOrganization} from '../core/directory/compare-organization.js'
import {editOrganizationText} from '../core/directory/edit-organization-text.js'
import type {LiveCompany} from '../core/model/live-company.js'
import {syncBody, syncTitle} from '../core/directory/render-changes.js'
import type {Finding} from '../core/model/finding.js'
import type {Words} from '../core/model/words.js'
import {isZoneName, renderInstant, zoneOf} from '../core/model/zone.js'
import type {Clock, CodeHost} from '../core/ports.js'
import {checkLoaded} from './check-loaded.js'
import {type LoadedConfig, understandConfig} from './load.js'

export const ORGANIZATION_FILE = 'organization.yaml'

export interface SyncPorts {
  /** Who is not in the lists is asked about by name: a leaver is in none. */
  readonly readCompany: (suspects: readonly string[]) => Promise<LiveCompany>
  readonly clock: Pick<Clock, 'nowMs'>
}

export type SyncPlan =
  | {
      readonly kind: 'refused'
      readonly reason: Words
      readonly fix: Words
      readonly changes: readonly Change[]
      readonly findings: readonly Finding[]
    }
  | {
      readonly kind: 'ready'
      readonly changes: readonly Change[]
      /** The whole file; the very same text when nothing changed. */
      readonly text: string
      /** Errors that the new mirror would make in other files, which still use an old name. */
      readonly findings: readonly Finding[]
      readonly unseen: number
    }

/** What the mirror should say now. Writes nothing. */
export async function planSync(
  {readCompany, clock}: SyncPorts,
  loaded: LoadedConfig,
  {acceptLarge}: {readonly acceptLarge: boolean},
): Promise<SyncPlan> {
  const {config, folder} = loaded
  const mirror = config.organization.value
  const text = folder.files.find(({path}) => path === ORGANIZATION_FILE)?.text ?? ''
  const suspects = (mirror.members ?? []).filter(({status}) => status !== 'left').map(({id}) => id)
  const live = await readCompany(suspects)
  const nowMs = clock.nowMs()
  const {timezone} = config.enterprise.value
  const now = renderInstant(Math.floor(nowMs / 1000) * 1000, zoneOf(isZoneName(timezone) ? timezone : 'UTC'))
  const compared = compareOrganization({mirror, live, grantedTags: grantedTags(loaded), nowMs, now})
  if ('problem' in compared) return refused(compared.problem, compared.fix)
  const tooMany = checkSize(compared, config.policy.value)
  if (tooMany && !acceptLarge) return refused(tooMany, ACCEPT_LARGE, compared)
  const edited = editOrganizationText(text, compared.edits)
  if (edited === null) return refused(CANNOT_EDIT, EDIT_BY_HAND, compared)
  const findings = newErrors(loaded, edited, nowMs)
  const own = findings.filter(({file}) => file === ORGANIZATION_FILE)
  if (own.length > 0) return refused(NOT_SOUND, MEND_IN_WECOM, compared, own)
  return {kind: 'ready', changes: compared.changes, text: edited, findings, unseen: compared.unseen}
}

const refused = (reason: Words, fix: Words, compared?: Compared, findings: readonly Finding[] = []): SyncPlan => ({
  ...{kind: 'refused', reason, fix, findings},
  changes: compared?.changes ?? [],
})

/** Tags that apply gives to the holders of a role. */
const grantedTags = ({config}: LoadedConfig): ReadonlySet<string> =>
  new Set(
    Object.values(config.roles.value).flatMap((role) =>
      typeof role === 'object' && role.wecomTag !== undefined ? [role.wecomTag] : [],
    ),
  )

/** Errors of structure that were not there before. */
function newErrors(loaded: LoadedConfig, text: string, nowMs: number): Finding[] {
  const {folder} = loaded
  const files = folder.files.map((file) => (file.path === ORGANIZATION_FILE ? {...file, text} : file))
  const errorsOf = (config: LoadedConfig): Finding[] =>
    checkLoaded(config, nowMs, 'structure').findings.filter(({level}) => level === 'error')
  const nameOf = ({rule, file, says}: Finding): string => JSON.stringify([rule, file, says.en])
  const before = new Set(errorsOf(loaded).map(nameOf))
  return errorsOf(understandConfig({...folder, files})).filter((finding) => !before.has(nameOf(finding)))
}

/** Proposes the new mirror, or brings the open proposal up to date. `null` when the base branch says so already. */
export const proposeSync = (
  host: Pick<CodeHost, 'propose'>,
  {changes, text}: {readonly changes: readonly Change[]; readonly text: string},
  {path, baseRef}: {readonly path: string; readonly baseRef: string},
): ReturnType<CodeHost['propose']> =>
  host.propose({
    branch: 'yingbin/organization',
    baseRef,
    title: syncTitle(changes),
    body: syncBody(changes),
    files: {[path]: text},
    labels: ['organization'],
  })

const CANNOT_EDIT: Words = {
  zh: 'organization.yaml 的写法（例如锚点共用）没法安全地自动改，没有写',
  en: 'organization.yaml is written in a way that cannot be edited safely (shared anchors, for example); nothing was written',
}
const EDIT_BY_HAND: Words = {
  zh: '按下面的差别手工改，或先去掉锚点',
  en: 'make the changes below by hand, or take the anchors out first',
}
const NOT_SOUND: Words = {
  zh: '按企业微信改出来的镜像自相矛盾，没有写',
  en: 'the mirror as WeCom has it contradicts itself; nothing was written',
}
const MEND_IN_WECOM: Words = {
  zh: '先在企业微信通讯录里改正，再运行一次',
  en: "correct it in WeCom's contacts first, then run it again",
}
