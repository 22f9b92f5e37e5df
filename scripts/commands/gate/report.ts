import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {type CommentFacts, renderReport} from '../../core/gate/render-comment.js'
import {createRights} from '../../core/gate/rights.js'
import {saysLocked} from '../../core/gate/summary.js'
import type {CodeHost} from '../../core/ports.js'
import type {Language} from '../../core/model/words.js'
import {GATE_CONTEXT, type GateReport, readOwnStatuses} from '../../pipeline/gate.js'
import type {GateDocument} from './document.js'

interface Kept {
  readonly report: GateReport
  readonly facts: CommentFacts
  readonly document: GateDocument
}

/** Everything the comment leaves out, the document for machines, and the plan that was looked at. */
export function writeReport(folder: string, {report, facts, document}: Kept, language: Language): void {
  mkdirSync(folder, {recursive: true})
  writeFileSync(join(folder, 'report.md'), renderReport(facts, language))
  writeFileSync(join(folder, 'gate.json'), `${JSON.stringify(document, null, 2)}\n`)
  if (report.plan !== null) writeFileSync(join(folder, 'plan.json'), `${JSON.stringify(report.plan, null, 2)}\n`)
}

/** Something is locked on this head, and no earlier verdict on it said so: the security group is told once a push. */
export async function isNewlyLocked(host: CodeHost, {pull, verdict}: GateReport): Promise<boolean> {
  if (!verdict.unlocks.states.some(({isOpen}) => !isOpen)) return false
  const notes = await readOwnStatuses(host, pull.head, GATE_CONTEXT)
  return !notes.some(({description}) => saysLocked(description))
}

/** Userids of active members who may unlock: whom a notice goes to. */
export function securityPeople({guarded}: GateReport, nowMs: number): string[] {
  const rights = createRights(guarded.base.config, nowMs)
  return rights
    .holders({capability: 'unlock'}, [])
    .flatMap((login) => rights.memberOf(login)?.member.id ?? [])
    .sort()
}
