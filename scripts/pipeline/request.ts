import {classifyPath, KNOWN_NAMES} from '../core/load/kinds.js'
import type {Finding} from '../core/model/finding.js'
import type {Account} from '../core/model/review.js'
import type {Language} from '../core/model/words.js'
import type {WrittenGrant} from '../core/model/written.js'
import type {CodeHost} from '../core/ports.js'
import {checkRequest} from '../core/request/check-request.js'
import {renderAnswer, renderGrantFile, renderProposal} from '../core/request/render-request.js'
import {checkLoaded} from './check-loaded.js'
import {type LoadedConfig, placeRemarks, understandConfig} from './load.js'

const MARKER = '<!-- yingbin:request -->'

export interface RequestSource {
  readonly body: string
  /** Of the issue; `null` for a form that was read from a file. */
  readonly number: number | null
  readonly by?: Account | undefined
}

export interface RequestOutcome {
  /** Errors when `file` is `null`; otherwise what those who agree should know. */
  readonly findings: readonly Finding[]
  readonly grant: WrittenGrant | null
  /** Below the configuration folder. */
  readonly file: {readonly path: string; readonly text: string} | null
}

/** The form as a grant file, or everything that is wrong with it. */
export function readRequest({body, number, by}: RequestSource, loaded: LoadedConfig, nowMs: number): RequestOutcome {
  const {grant, remarks} = checkRequest({
    ...{body, by, config: loaded.config, kinds: KNOWN_NAMES, nowMs},
    ...(number === null ? {file: 'form', title: '权限申请'} : {file: `#${number}`, title: `权限申请 #${number}`}),
  })
  const findings = placeRemarks(remarks, [])
  if (grant === null) return {findings, grant: null, file: null}
  const file = {path: `grants/requests/${number ?? 'new'}.yaml`, text: renderGrantFile(grant)}
  const faults = faultsOf(file, loaded, nowMs)
  return faults.length > 0 ? {findings: [...findings, ...faults], grant: null, file: null} : {findings, grant, file}
}

/** What validate has against the file: nothing, or this program let something through. */
function faultsOf(
  file: {readonly path: string; readonly text: string},
  loaded: LoadedConfig,
  nowMs: number,
): Finding[] {
  const {folder} = loaded
  const id = classifyPath(file.path)?.id
  const files = [...folder.files.filter(({path}) => path !== file.path), file]
  const {findings} = checkLoaded(understandConfig({...folder, files}), nowMs, 'structure')
  return findings.filter((finding) => finding.level === 'error' && classifyPath(finding.file)?.id === id)
}

export interface RequestTarget {
  readonly number: number
  /** Where the configuration lies in the repository. */
  readonly folder: string
  readonly baseRef: string
  readonly language: Language
}

/** Proposes the grant and answers below the issue; a second run brings the same proposal and the same answer up to date. */
export async function proposeRequest(
  host: Pick<CodeHost, 'propose' | 'keepComment'>,
  {findings, grant, file}: RequestOutcome,
  {number, folder, baseRef, language}: RequestTarget,
): Promise<number | null> {
  const proposed =
    file === null || grant === null
      ? null
      : await host.propose({
          ...{branch: `yingbin/grant-${number}`, baseRef},
          title: language === 'zh' ? `授权：权限申请 #${number}` : `Grant: permission request #${number}`,
          body: renderProposal(grant, number, findings, language),
          files: {[`${folder}/${file.path}`]: file.text},
          labels: ['权限申请'],
        })
  const proposal = proposed?.number ?? null
  await host.keepComment(number, MARKER, `${MARKER}\n${renderAnswer({proposal, findings}, language)}`)
  return proposal
}
