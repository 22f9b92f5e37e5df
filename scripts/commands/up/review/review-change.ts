import {parseDocument} from 'yaml'
import {createRights} from '../../../core/gate/rights.js'
import type {Change} from '../../../core/model/change.js'
import type {Config} from '../../../core/model/config.js'
import {guardLoaded} from '../../../pipeline/guard.js'
import {validateConfig} from '../../../pipeline/validate.js'
import {inTemporaryFolder} from '../../../runtime/temporary-folder.js'
import type {Show} from '../show.js'
import type {Run} from '../stages.js'
import {shipLastWeek} from '../last-week.js'
import {makeEarlier} from './earlier-config.js'
import {findAuthor} from './find-author.js'
import {filesOf} from './folder-files.js'
import {type Merged, playAttack, playReview} from './play-review.js'
import {MAIN, type ReviewDesk} from './review-desk.js'

const FOLDER = 'config'

export type Reviewed = {readonly kind: 'unchanged' | 'refused'} | {readonly kind: 'merged'; readonly merged: Merged}

export interface Proposals {
  /** Folders whose content becomes the configuration, one pull request after the other. */
  readonly folders: readonly string[]
  /** Whether security officers open what locks, to see what the canary makes of it. */
  readonly unlocks: boolean
}

/** Plays the review of what the folders hold against what was shipped last, on a repository with real history. */
export async function reviewChange(
  run: Run,
  desk: ReviewDesk,
  {folders, unlocks}: Proposals,
  show: Show,
): Promise<Reviewed> {
  const [first] = folders
  if (desk.isNew && first !== undefined) {
    await beginHistory(run, desk, first, unlocks)
    await shipLastWeek(run, desk, FOLDER, show)
  }
  let merged: Merged | null = null
  for (const [index, folder] of folders.entries()) {
    const change = await compareWithMain(run, desk, folder)
    if (change === null) continue
    if (index === 0) await showAttack(run, desk, change.base, show)
    const branch = `change-${index + 1}`
    desk.commit(branch, MAIN, change.files, change.author)
    const number = desk.standIn.control.openPull({
      head: branch,
      base: MAIN,
      title: '欢迎语改动',
      by: change.author,
    })
    merged = await playReview(run, desk, number, show, unlocks)
    if (merged === null) return {kind: 'refused'}
  }
  return merged === null ? {kind: 'unchanged'} : {kind: 'merged', merged}
}

/**
 * The first run has nothing to compare with: it begins from the first folder as it may have been last week, or as it is where
 * what comes after it shall be looked at.
 */
async function beginHistory({clock}: Run, desk: ReviewDesk, folder: string, isAsItIs: boolean): Promise<void> {
  const {config} = (await validateConfig(folder, clock.nowMs(), 'structure')).loaded
  const files = filesOf(folder, FOLDER)
  const isPossible = (template: string): boolean => {
    const change: Change = {
      on: 'text',
      kind: 'template',
      id: template,
      file: config.templates.get(template)?.file ?? '',
      action: 'update',
      before: null,
      after: null,
    }
    return findAuthor(config, config, [change], clock.nowMs())?.lacks === 0
  }
  const begun = isAsItIs ? files : makeEarlier(files, config, FOLDER, isPossible)
  desk.commit(MAIN, null, begun, firstAuthor(config))
  desk.markShipped()
}

const firstAuthor = (config: Config): string =>
  (config.organization.value.members ?? []).flatMap(({github}) => github ?? [])[0] ?? 'ghost'

interface Difference {
  readonly base: Config
  readonly author: string
  /** What to commit: whole files, `null` for those that go. */
  readonly files: Readonly<Record<string, Uint8Array | null>>
}

/** `null` where nothing changes in meaning. */
async function compareWithMain({clock}: Run, {host}: ReviewDesk, folder: string): Promise<Difference | null> {
  const nowMs = clock.nowMs()
  const tip = await host.readTip(MAIN)
  return inTemporaryFolder(async (target) => {
    await host.readFolder(tip, FOLDER, target)
    const [base, head] = [
      await validateConfig(target, nowMs, 'structure'),
      await validateConfig(folder, nowMs, 'structure'),
    ]
    const changes = guardLoaded(head.loaded, base.loaded, nowMs).result?.changes ?? []
    if (changes.length === 0) return null
    const files: Record<string, Uint8Array | null> = filesOf(folder, FOLDER)
    for (const path of Object.keys(filesOf(target, FOLDER))) files[path] ??= null
    const author =
      findAuthor(base.loaded.config, head.loaded.config, changes, nowMs)?.login ?? firstAuthor(base.loaded.config)
    return {base: base.loaded.config, author, files}
  })
}

/** Somebody who may not change links moves one to a host that only begins like a registered one. */
async function showAttack(run: Run, desk: ReviewDesk, base: Config, show: Show): Promise<void> {
  const target = [...base.templates.values()].find(({value}) => value.attachments?.some(({type}) => type === 'link'))
  const index = target?.value.attachments?.findIndex(({type}) => type === 'link') ?? -1
  const card = target?.value.attachments?.[index]
  const attacker = withoutRights(base, run.clock.nowMs())
  if (!target || card?.type !== 'link' || attacker === null) return
  const tip = await desk.host.readTip(MAIN)
  const written = await inTemporaryFolder(async (folder) => {
    await desk.host.readFolder(tip, FOLDER, folder)
    return filesOf(folder, FOLDER)[`${FOLDER}/${target.file}`]
  })
  const document = parseDocument(Buffer.from(written ?? []).toString('utf8'))
  const url = new URL(card.url)
  url.host = `${url.host}.bm-cn.example`
  document.setIn(['attachments', index, 'url'], url.href)
  const branch = 'tampered-link'
  const files = {[`${FOLDER}/${target.file}`]: new Uint8Array(Buffer.from(document.toString()))}
  desk.commit(branch, MAIN, files, attacker)
  const number = desk.standIn.control.openPull({head: branch, base: MAIN, title: '修正错别字', by: attacker})
  await playAttack(run, desk, number, show)
}

/** Somebody with an account and no grant at all. */
function withoutRights(config: Config, nowMs: number): string | null {
  const rights = createRights(config, nowMs)
  const anything = {file: '', departments: 'everywhere'} as const
  const logins = (config.organization.value.members ?? []).flatMap(({github}) => github ?? [])
  return (
    logins.find((login) =>
      (['edit-link', 'edit-text', 'approve'] as const).every(
        (capability) => rights.explainDenial(login, capability, anything).why === 'none',
      ),
    ) ?? null
  )
}
