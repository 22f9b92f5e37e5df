import type {GateReport} from '../../pipeline/gate.js'
import type {Language} from '../../core/model/words.js'
import type {VerdictNode} from '../../core/gate/verdict-node.js'
import type {ShownFinding} from '../show-findings.js'

/** The verdict as `--json` prints it and `gate.json` keeps it. */
export function gateDocument(
  {pull, verdict, guarded, plan, digestShownAtMs}: GateReport,
  findings: readonly ShownFinding[],
  more: {readonly isNewlyLocked: boolean; readonly security: readonly string[]; readonly url: string | null},
  language: Language,
) {
  const tree = (nodes: readonly VerdictNode[]): object[] =>
    nodes.map(({name, holds, says, children}) => ({name, holds, says: says[language], children: tree(children)}))
  return {
    command: 'gate',
    verdict: verdict.holds ? 'ok' : 'refused',
    findings,
    pull: {
      number: pull.number,
      state: pull.state,
      author: pull.author.login,
      head: pull.head,
      base: pull.base,
    },
    url: more.url,
    planDigest: plan?.digest ?? null,
    digestShownAt: digestShownAtMs === null ? null : new Date(digestShownAtMs).toISOString(),
    isEmpty: verdict.isEmpty,
    tree: tree(verdict.tree),
    needs: verdict.needs.map(({rule, need, filledBy, missing, couldBe}) => ({
      rule,
      need,
      filledBy: filledBy.map(({login}) => login),
      missing,
      couldBe,
    })),
    voided: verdict.voided.map(({login, reason, says}) => ({login, reason, says: says[language]})),
    locks: verdict.unlocks.states.map(({lock, isOpen, by, missing, expiresAtMs}) => ({
      scope: lock.scope,
      kind: lock.kind,
      changed: lock.changed,
      total: lock.total,
      limit: lock.limit,
      ...(lock.days === undefined ? {} : {days: lock.days}),
      places: lock.places.map(({file, before, after}) => ({file, before, after})),
      says: lock.says[language],
      isOpen,
      by,
      missing,
      expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs).toISOString(),
    })),
    people: guarded.result?.people ?? {before: 0, after: 0},
    isNewlyLocked: more.isNewlyLocked,
    security: more.security,
  }
}

export type GateDocument = ReturnType<typeof gateDocument>
