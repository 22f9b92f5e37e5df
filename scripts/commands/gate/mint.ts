import {appendFileSync} from 'node:fs'
import {mintToken} from '../../core/gate/token.js'
import type {PullRequest} from '../../core/model/review.js'
import type {Words} from '../../core/model/words.js'
import type {GateReport} from '../../pipeline/gate.js'
import {createSystemRandomness} from '../../runtime/system-randomness.js'
import type {Door} from '../door.js'

/** Why no token is minted; `null` when one may be. */
export function notMintable({pull, verdict, plan}: GateReport): Words | null {
  if (pull.state !== 'merged')
    return {
      zh: '还没有合并，不签发令牌',
      en: 'it is not merged yet, so no token is minted',
    }
  if (verdict.isEmpty || plan === null)
    return {
      zh: '配置没有语义上的改动，没有可以批准的计划',
      en: 'the configuration does not change in meaning, so there is no plan to approve',
    }
  return verdict.holds ? null : {zh: '审批不成立，不签发令牌', en: 'it is not agreed to, so no token is minted'}
}

/** Signs what was just decided; only for a report that {@link notMintable} has nothing against. */
export function mintFor({pull, verdict, plan}: GateReport, privateKeyPem: string, nowMs: number): Promise<string> {
  if (plan === null) throw new TypeError('expected a report with a plan')
  return mintToken(
    {
      planDigest: plan.digest,
      head: pull.head,
      base: pull.base,
      approvers: verdict.approvers,
      unlocks: verdict.unlocked,
      jti: createSystemRandomness().hex(16),
      nowMs,
    },
    privateKeyPem,
  )
}

/**
 * Gives the token to the next job. It is no secret worth masking, and a masked output would not reach that job: it is good
 * once, for five minutes, for exactly this plan, and only in the hands of whoever holds the deploy job's own keys.
 */
export function handOverToken({env}: Door, token: string, {head, number}: PullRequest): void {
  const file = env['GITHUB_OUTPUT']
  if (file) appendFileSync(file, `token=${token}\nhead=${head}\npull=${number}\n`)
}
