import type {State} from '../core/model/plan.js'
import type {Manifest, Release} from '../core/model/release.js'
import type {Words} from '../core/model/words.js'
import {type Asked, chooseRelease} from '../core/observe/choose-release.js'
import {assembleHistory, type PastRelease, ROLLED_BACK} from '../core/observe/history.js'
import type {Clock, Store} from '../core/ports.js'
import {holdLock} from './apply-steps/hold-lock.js'
import {changeState} from './change-state.js'
import {publishManifest, type PublishRequest} from './publish-manifest.js'
import {readWhole} from './read-whole.js'
import {recoverState} from './recover-state.js'

export interface RollbackPorts {
  readonly store: Store
  readonly clock: Pick<Clock, 'nowMs'>
}

export interface RollbackRequest {
  readonly asked: Asked
  /** In a person's words; kept in the audit. */
  readonly reason: string
  readonly who: string
  /** Who holds the lock, as another runner will read it. */
  readonly holder: string
  readonly manifest: Omit<PublishRequest, 'who' | 'reason'>
}

export type RollbackOutcome =
  | {readonly kind: 'refused'; readonly reason: Words; readonly choices: readonly PastRelease[]}
  | {readonly kind: 'already'; readonly to: PastRelease; readonly version: number}
  | {
      readonly kind: 'done'
      readonly to: PastRelease
      /** What was rolled away from: no longer to be promoted as it is. */
      readonly away: readonly string[]
      readonly endedCanary: string | null
      readonly version: number
      /** Contact ways that stay in WeCom and that the old release knows nothing of. */
      readonly strangers: readonly string[]
    }

/**
 * Points everybody at a release that was once promoted, by a higher manifest version; a canary ends. The release rolled
 * away from is quarantined. A run that died between manifest and state is finished by running it again. Throws StoreLocked
 * while an apply runs.
 */
export const rollBack = (ports: RollbackPorts, request: RollbackRequest): Promise<RollbackOutcome> =>
  holdLock(ports, request.holder, () => rollBackLocked(ports, request))

async function rollBackLocked({store, clock}: RollbackPorts, request: RollbackRequest): Promise<RollbackOutcome> {
  const {state} = await recoverState(store)
  const {releases, rollbacks} = assembleHistory(state, await store.readAudit())
  const chosen = chooseRelease({releases, rollbacks}, request.asked)
  if ('problem' in chosen) return {kind: 'refused', reason: chosen.problem, choices: releases}
  const to = chosen.release
  const running = (await store.readManifest())?.manifest ?? null
  const release = await readWhole<Release>(store, to.digest)
  if (release === null) return {kind: 'refused', reason: notWhole(to), choices: releases}
  const directory = running?.directory ?? state.directory
  if (directory !== null && (await readWhole(store, directory)) === null)
    return {kind: 'refused', reason: DIRECTORY_NOT_WHOLE, choices: releases}

  const left = findAway(to.digest, state, running)
  // Going forward again says nothing against what was gone back to meanwhile.
  const numberOf = (digest: string): number => releases.find((one) => one.digest === digest)?.number ?? Infinity
  const away = left.filter((digest) => numberOf(digest) > to.number)
  const isHeard = running !== null && running.stable === to.digest && running.canary === null
  if (isHeard && areBooksKept(state, to.digest, left)) return {kind: 'already', to, version: running.version}
  const version = isHeard ? running.version : await publish({store, clock}, request, to.digest, directory)
  // The manifest first: customers stop hearing what is bad before the books are kept.
  await keepBooks(store, to.digest, away)
  const {reason, who} = request
  const from = left[0] ?? null
  await store.appendAudit({
    atMs: clock.nowMs(),
    what: ROLLED_BACK,
    who,
    details: {reason, from, to: to.digest, toNumber: to.number, version},
  })
  return {
    kind: 'done',
    ...{to, away, version},
    endedCanary: running?.canary?.digest ?? null,
    strangers: findStrangers(state, release),
  }
}

async function publish(
  ports: RollbackPorts,
  {who, reason, manifest}: RollbackRequest,
  stable: string,
  directory: string | null,
): Promise<number> {
  const signed = await publishManifest(ports, {stable, canary: null, directory}, {...manifest, who, reason})
  return signed.manifest.version
}

/** What customers or the books have instead; when both are there already, the canary is what was rolled away from. */
function findAway(to: string, {stable}: State, running: Manifest | null): string[] {
  const others = [running?.stable ?? null, stable].filter((digest) => digest !== null && digest !== to)
  const away = others.length > 0 ? others : [running?.canary?.digest ?? null]
  return [...new Set(away)].filter((digest) => digest !== null && digest !== to) as string[]
}

const areBooksKept = ({stable, pending, quarantined}: State, to: string, away: readonly string[]): boolean =>
  stable === to && pending === null && away.length === 0 && !quarantined.includes(to)

/** Choosing a release on purpose takes it out of quarantine. */
const keepBooks = (store: Store, to: string, away: readonly string[]): Promise<State> =>
  changeState(store, (state) => ({
    ...state,
    stable: to,
    pending: null,
    quarantined: [...new Set([...state.quarantined, ...away])].filter((digest) => digest !== to).sort(),
  }))

const findStrangers = ({resources}: State, {channels}: Release): string[] =>
  Object.values(resources)
    .filter(({kind, id}) => kind === 'contact-way' && !Object.hasOwn(channels, id))
    .map(({id}) => id)
    .sort()

const notWhole = ({number}: PastRelease): Words => ({
  zh: `第 ${number} 号发布的文件在存储里缺失或损坏，不能退到它；请另选一个`,
  en: `the document of release ${number} is missing from the store or damaged: it cannot be gone back to; choose another`,
})
const DIRECTORY_NOT_WHOLE: Words = {
  zh: '通讯录镜像在存储里缺失或损坏，应答服务接不上新清单；请先恢复存储',
  en: 'the directory document is missing from the store or damaged: responders could not take a manifest over; restore the store first',
}
