import type {History, PastRelease, PastRollback} from '../core/observe/history.js'
import {assembleHistory} from '../core/observe/history.js'
import type {Release} from '../core/model/release.js'
import type {Language, Words} from '../core/model/words.js'
import {renderInstant, type Zone, zoneOf} from '../core/model/zone.js'
import type {Store} from '../core/ports.js'
import {readWhole} from '../pipeline/read-whole.js'
import {recoverState} from '../pipeline/recover-state.js'
import type {CommandSpec} from './door.js'
import {auditDocument, renderAudit} from './show-audit.js'
import {languageFor} from './show-findings.js'
import {withStore} from './store-run.js'
import {STORE_WORDS} from './store-option.js'

const SUMMARY: Words = {
  zh: '曾经全量的发布和历次回退，最新的在前',
  en: 'releases that were once fully promoted and every rollback, newest first',
}

const AUDIT: Words = {
  zh: '审计全文：谁、什么时候、做了什么、为什么（链条断了会说）',
  en: 'the whole audit: who did what, when and why (a broken chain is told)',
}

export const command: CommandSpec = {
  name: 'history',
  summary: SUMMARY,
  example: 'yingbin history --json',
  configure: (command, language = 'zh') =>
    command.option('--audit', AUDIT[language], false).option('--store <address>', STORE_WORDS[language]),
  run: (door, options, language) =>
    withStore(door, options, async (store) => {
      const {state} = await recoverState(store)
      // Read whole, or not at all: every entry names the one before it.
      const audit = await store.readAudit()
      const history = assembleHistory(state, audit)
      const tongue = languageFor(language)
      const zone = await zoneOfStore(store, state.stable)
      const isAudit = options['audit'] === true
      const more = isAudit ? {audit: auditDocument(audit, zone)} : {}
      door.out(
        options.json
          ? `${JSON.stringify({command: 'history', verdict: 'ok', findings: [], ...documentOf(history, zone), ...more})}\n`
          : isAudit
            ? renderAudit(audit, zone)
            : render(history, zone, tongue),
      )
      return 0
    }),
}

/** The enterprise's zone stands in the release; without one that can be read, times are told in UTC. */
async function zoneOfStore(store: Pick<Store, 'readDocument'>, stable: string | null): Promise<Zone> {
  const release = stable === null ? null : await readWhole<Release>(store, stable)
  return zoneOf(release?.timezone ?? 'UTC')
}

const documentOf = ({releases, rollbacks}: History, zone: Zone) => ({
  releases: releases.map(({number, digest, atMs, commit, approvers, isStable, isQuarantined, planDigest, unlocks}) => ({
    ...{number, digest, at: renderInstant(atMs, zone), commit, approvers},
    ...(unlocks === undefined ? {} : {unlocks}),
    ...{planDigest, stable: isStable, quarantined: isQuarantined},
  })),
  rollbacks: rollbacks.map(({atMs, ...rest}) => ({at: renderInstant(atMs, zone), ...rest})),
})

const DIGEST_SHOWN = 12
const COMMIT_SHOWN = 10

/** One release a line, as `history` and a refused rollback show it. */
export function renderRelease(release: PastRelease, zone: Zone, language: Language): string {
  const {number, digest, atMs, commit, approvers, unlocks = [], isStable, isQuarantined} = release
  const zh = language === 'zh'
  const marks = [isStable ? (zh ? '现在' : 'now') : '', isQuarantined ? (zh ? '隔离' : 'quarantined') : ''].filter(
    Boolean,
  )
  const people = approvers.length > 0 ? approvers.join(zh ? '、' : ', ') : zh ? '（无记录）' : '(not recorded)'
  return [
    `  ${String(number).padStart(4)}  ${digest.slice(0, DIGEST_SHOWN)}  ${renderInstant(atMs, zone)}`,
    commit?.slice(0, COMMIT_SHOWN) ?? '-'.padEnd(COMMIT_SHOWN),
    people,
    ...(unlocks.length > 0 ? [`${zh ? '解锁' : 'unlocked'} ${unlocks.length}`] : []),
    ...(marks.length > 0 ? [`[${marks.join(' ')}]`] : []),
  ].join('  ')
}

function renderRollback({atMs, who, by, reason, to, version}: PastRollback, zone: Zone, language: Language): string {
  const zh = language === 'zh'
  const target = to?.slice(0, DIGEST_SHOWN) ?? (zh ? '内置用语' : 'the built-in text')
  const why = by === 'canary' ? (zh ? '灰度证据' : 'evidence of the canary') : (reason ?? '')
  return `  ${renderInstant(atMs, zone)}  ${who} → ${target}  ${zh ? `清单第 ${version} 版` : `manifest ${version}`}  ${why}`
}

function render({releases, rollbacks}: History, zone: Zone, language: Language): string {
  const zh = language === 'zh'
  if (releases.length === 0) return zh ? '还没有发布全量过\n' : 'no release was ever promoted\n'
  return [
    zh ? '发布（最新在前）：' : 'Releases, newest first:',
    ...releases.map((release) => renderRelease(release, zone, language)),
    ...(rollbacks.length > 0 ? ['', zh ? '回退：' : 'Rollbacks:'] : []),
    ...rollbacks.map((rollback) => renderRollback(rollback, zone, language)),
    '',
  ].join('\n')
}
