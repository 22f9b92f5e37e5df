import {cp, readdir, readFile, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {assembleRelease} from '../core/release/assemble-release.js'
import {hasErrors} from '../core/model/finding.js'
import {digestOf} from '../core/model/canonical.js'
import type {Words} from '../core/model/words.js'
import {assembleHistory} from '../core/observe/history.js'
import {renderRevert, type Revert} from '../core/observe/render-revert.js'
import type {Clock, CodeHost, ProposedFiles, Store} from '../core/ports.js'
import type {ReadingPorts} from './read-config-at.js'
import {validateConfig} from './validate.js'

export interface RevertPorts extends ReadingPorts {
  readonly host: Pick<CodeHost, 'readFolder' | 'readTip' | 'propose'>
  readonly store: Pick<Store, 'readState' | 'readAudit'>
  readonly clock: Pick<Clock, 'nowMs'>
}

export interface RevertRequest {
  /** Where the configuration lies in the repository, without a slash at its end. */
  readonly folder: string
  readonly baseRef: string
}

export type RevertOutcome =
  /** The branch does not hold what was taken back. */
  | {readonly kind: 'nothing'}
  | {readonly kind: 'impossible'; readonly reason: Words}
  | {readonly kind: 'proposed'; readonly number: number; readonly isNew: boolean; readonly files: readonly string[]}

/** Who may do what, and who is who, did not cause what was taken back, and going back in it could give rights back. */
const STAYS = /^(organization\.yaml|policy\.yaml|roles\.yaml|enterprise\.yaml|grants\/)/

/**
 * Where the branch still holds a release that was taken back, proposes the configuration of the release that is said now, so
 * that git tells the truth again. It looks at what is, not at what happened: it may run at any time, and again and again.
 * Throws HostRefused.
 */
export async function proposeRevert(ports: RevertPorts, request: RevertRequest): Promise<RevertOutcome> {
  const {host, store, clock, inFolder} = ports
  const state = await store.readState()
  const said = state.promoted.findLast(({digest}) => digest === state.stable)
  if (!said) return {kind: 'nothing'}
  const tip = await host.readTip(request.baseRef)
  return inFolder((tipFolder) =>
    inFolder(async (saidFolder) => {
      await host.readFolder(tip, request.folder, tipFolder)
      const held = await releaseOf(tipFolder, clock.nowMs())
      if (held === null || held === said.digest || !state.quarantined.includes(held)) return {kind: 'nothing'}
      if (said.commit === null) return {kind: 'impossible', reason: NO_COMMIT}
      await host.readFolder(said.commit, request.folder, saidFolder)
      const files = await difference(tipFolder, saidFolder)
      await keepRights(tipFolder, saidFolder)
      const becomes = await releaseOf(saidFolder, clock.nowMs())
      const revert: Revert = {
        ...{takenBack: held, said, becomes},
        rollback: assembleHistory(state, await store.readAudit()).rollbacks.find(({from}) => from === held) ?? null,
        files: Object.keys(files).sort(),
      }
      return propose(host, request, revert, files)
    }),
  )
}

async function propose(
  host: Pick<CodeHost, 'propose'>,
  {folder, baseRef}: RevertRequest,
  revert: Revert,
  files: ProposedFiles,
): Promise<RevertOutcome> {
  const proposed = await host.propose({
    branch: `yingbin/revert-${revert.takenBack.slice(0, 12)}`,
    baseRef,
    ...renderRevert(revert),
    files: Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content])),
    labels: ['revert'],
  })
  return proposed === null ? {kind: 'nothing'} : {kind: 'proposed', ...proposed, files: revert.files}
}

/** `null` for a configuration that makes no release. */
async function releaseOf(folder: string, nowMs: number): Promise<string | null> {
  const {loaded, findings} = await validateConfig(folder, nowMs, 'structure')
  return hasErrors(findings) ? null : digestOf(assembleRelease(loaded.config))
}

/** The folder as it would be after the merge: the mirror and the rights are those of now. */
async function keepRights(tipFolder: string, saidFolder: string): Promise<void> {
  const staying = async (folder: string): Promise<string[]> =>
    Object.keys(await contents(folder)).filter((path) => STAYS.test(path))
  for (const path of await staying(saidFolder)) await rm(join(saidFolder, path))
  for (const path of await staying(tipFolder)) await cp(join(tipFolder, path), join(saidFolder, path))
}

/** What has to be written or deleted (`null`) in the first folder to make it the second. */
async function difference(folder: string, wanted: string): Promise<ProposedFiles> {
  const [now, then] = [await contents(folder), await contents(wanted)]
  const paths = [...new Set([...Object.keys(now), ...Object.keys(then)])].filter((path) => !STAYS.test(path))
  const differing = paths.filter((path) => {
    const [one, other] = [now[path], then[path]]
    return one === undefined || other === undefined || !one.equals(other)
  })
  return Object.fromEntries(differing.map((path) => [path, then[path] ?? null]))
}

async function contents(folder: string): Promise<Record<string, Buffer>> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true})
  const files: Record<string, Buffer> = {}
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    files[path.slice(folder.length + 1)] = await readFile(path)
  }
  return files
}

const NO_COMMIT: Words = {
  zh: '现在说的发布没有记下提交，还原要手工提',
  en: 'no commit is written down for the release that is said now: propose the way back by hand',
}
