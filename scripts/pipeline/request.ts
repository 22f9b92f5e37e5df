import {checkRequest} from '../core/request/check-request.js'
import {renderAnswer, renderGrantFile} from '../core/request/render-request.js'
import type {Config} from '../core/model/config.js'
import type {Finding} from '../core/model/finding.js'
import type {Language} from '../core/model/words.js'
import type {CodeHost} from '../core/ports.js'
import {placeRemarks} from './load.js'

const MARKER = '<!-- yingbin:request -->'

export interface RequestTarget {
  readonly number: number
  /** Where the configuration lies in the repository. */
  readonly folder: string
  readonly baseRef: string
  readonly language: Language
}

export interface RequestOutcome {
  readonly findings: readonly Finding[]
  /** The grant as a file; `null` where something has to be mended first. */
  readonly file: {readonly path: string; readonly text: string} | null
}

/** The form as a grant file, or everything that is wrong with it. */
export function readRequest(body: string, number: number, config: Config, nowMs: number): RequestOutcome {
  const {grant, remarks} = checkRequest(body, number, config, nowMs)
  return {
    findings: placeRemarks(remarks, []),
    file: grant === null ? null : {path: `grants/requests/${number}.yaml`, text: renderGrantFile(grant)},
  }
}

/** Proposes the grant and answers below the issue; a second run brings the same proposal and the same answer up to date. */
export async function proposeRequest(
  host: CodeHost,
  {findings, file}: RequestOutcome,
  {number, folder, baseRef, language}: RequestTarget,
): Promise<number | null> {
  const proposed =
    file === null
      ? null
      : await host.propose({
          branch: `yingbin/grant-${number}`,
          baseRef,
          title: language === 'zh' ? `授权：权限申请 #${number}` : `Grant: permission request #${number}`,
          body: language === 'zh' ? `按权限申请 #${number} 生成。` : `Made from permission request #${number}.`,
          files: {[`${folder}/${file.path}`]: file.text},
          labels: ['权限申请'],
        })
  const proposal = proposed?.number ?? null
  const answer = renderAnswer({proposal, findings, isUnchanged: file !== null && proposed === null}, language)
  await host.keepComment(number, MARKER, `${MARKER}\n${answer}`)
  return proposal
}
