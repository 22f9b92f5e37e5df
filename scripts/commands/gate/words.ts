import {previewChanges} from '../../core/gate/preview-change.js'
import type {CommentFacts} from '../../core/gate/render-comment.js'
import type {VerdictNode} from '../../core/gate/verdict-node.js'
import {summaryOf} from '../../core/gate/summary.js'
import type {Language} from '../../core/model/words.js'
import {worldOf} from '../../core/release/assemble-release.js'
import type {GateReport} from '../../pipeline/gate.js'
import {renderFindings, type ShownFinding} from '../show-findings.js'

/** What the comment shows; previews are made only of what can be understood. */
export function commentFacts(
  {pull, verdict, guarded, findings, plan}: GateReport,
  nowMs: number,
  reportUrl: string | null,
): CommentFacts {
  const {result, base, head} = guarded
  return {
    pull,
    verdict,
    planDigest: plan?.digest ?? null,
    people: result?.people ?? {before: 0, after: 0},
    changes: result?.changes ?? [],
    facts: result?.facts ?? [],
    findings,
    previews: result
      ? previewChanges(worldOf(base.config), worldOf(head.config), result.changes, nowMs)
      : {texts: [], weeks: []},
    timezone: base.config.enterprise.value.timezone,
    reportUrl,
  }
}

/** Findings, then the tree of reasons, then approvals that count for nothing, then the verdict in a line. */
export function renderVerdict(
  {verdict, plan}: GateReport,
  findings: readonly ShownFinding[],
  language: Language,
): string {
  const lines = (node: VerdictNode, depth: number): string[] => [
    `${'  '.repeat(depth)}${node.holds ? '✔' : '✖'} ${node.says[language]}`,
    ...node.children.flatMap((child) => lines(child, depth + 1)),
  ]
  const voided = verdict.voided.map(({says}) => `○ ${says[language]}`)
  const digest = plan === null ? [] : [`${language === 'zh' ? '计划摘要' : 'plan digest'} ${plan.digest}`]
  return [
    ...(findings.length === 0 ? [] : [renderFindings(findings, language)]),
    ...verdict.tree.flatMap((node) => lines(node, 0)),
    ...voided,
    ...digest,
    summaryOf(verdict, language),
    '',
  ].join('\n')
}
