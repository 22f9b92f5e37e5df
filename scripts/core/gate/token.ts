import {createPrivateKey, createPublicKey} from 'node:crypto'
import {errors, jwtVerify, SignJWT, type JWTPayload} from 'jose'
import type {Words} from '../model/words.js'

export const TOKEN_TTL_SECONDS = 300
const ALGORITHM = 'EdDSA'
const TYPE = 'yingbin-approval+jwt'
const ISSUER = 'yingbin-gate'

export interface Approver {
  readonly login: string
  /** The place of the review rules this person fills. */
  readonly place: string
}

/** What a token says: these people agreed to exactly this plan, at this commit. */
export interface ApprovalClaims {
  readonly planDigest: string
  readonly head: string
  readonly base: string
  readonly approvers: readonly Approver[]
  /** Scoped unlocks the approval rests on. */
  readonly unlocks: readonly string[]
  readonly jti: string
}

export interface MintRequest extends ApprovalClaims {
  readonly nowMs: number
}

export interface TokenExpectations {
  readonly planDigest: string
  /** Compared only when given. */
  readonly head?: string
  readonly nowMs: number
  /** Ids of tokens that were used before: a token is good for one writing step. */
  readonly usedIds: ReadonlySet<string>
}

export type TokenVerdict =
  {readonly ok: true; readonly claims: ApprovalClaims} | {readonly ok: false; readonly reason: Words}

/** @param privateKeyPem Ed25519, PKCS#8 */
export function mintToken(request: MintRequest, privateKeyPem: string): Promise<string> {
  const {planDigest, head, base, approvers, unlocks, jti, nowMs} = request
  const issuedAt = Math.floor(nowMs / 1000)
  return new SignJWT({planDigest, head, base, approvers, unlocks})
    .setProtectedHeader({alg: ALGORITHM, typ: TYPE})
    .setIssuer(ISSUER)
    .setJti(jti)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + TOKEN_TTL_SECONDS)
    .sign(createPrivateKey(privateKeyPem))
}

/** Never throws for a bad token: the verdict says what is wrong with it. A token lives through its 300th second. */
export async function checkToken(
  jws: string,
  publicKeyPem: string,
  {planDigest, head, nowMs, usedIds}: TokenExpectations,
): Promise<TokenVerdict> {
  const verified = await verify(jws, publicKeyPem, nowMs)
  if ('reason' in verified) return {ok: false, reason: verified.reason}
  const claims = readClaims(verified.payload)
  if (!claims) return {ok: false, reason: NOT_OURS}
  if (claims.planDigest !== planDigest) return {ok: false, reason: otherPlan(claims.planDigest, planDigest)}
  if (head !== undefined && claims.head !== head) return {ok: false, reason: otherHead(claims.head, head)}
  if (usedIds.has(claims.jti)) return {ok: false, reason: USED}
  return {ok: true, claims}
}

type Verified = {readonly payload: JWTPayload} | {readonly reason: Words}

async function verify(jws: string, publicKeyPem: string, nowMs: number): Promise<Verified> {
  try {
    const {payload} = await jwtVerify(jws, createPublicKey(publicKeyPem), {
      algorithms: [ALGORITHM],
      typ: TYPE,
      issuer: ISSUER,
      currentDate: new Date(nowMs),
      maxTokenAge: TOKEN_TTL_SECONDS,
      // `exp` is refused from its own second on; one second of tolerance makes 300 s good and 301 s too late.
      clockTolerance: 1,
      requiredClaims: ['exp', 'iat', 'jti'],
    })
    return {payload}
  } catch (error) {
    if (error instanceof errors.JWTExpired) return {reason: EXPIRED}
    if (error instanceof errors.JWSSignatureVerificationFailed) return {reason: BAD_SIGNATURE}
    if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'iat') return {reason: FROM_THE_FUTURE}
    if (error instanceof errors.JOSEError) return {reason: NOT_OURS}
    throw error
  }
}

function readClaims(payload: JWTPayload): ApprovalClaims | null {
  const {planDigest, head, base, approvers, unlocks, jti} = payload
  if (typeof planDigest !== 'string' || typeof head !== 'string' || typeof base !== 'string') return null
  if (jti === undefined || !Array.isArray(approvers) || !Array.isArray(unlocks)) return null
  const people: unknown[] = approvers
  const names: unknown[] = unlocks
  if (!people.every(isApprover) || !names.every((name) => typeof name === 'string')) return null
  return {planDigest, head, base, approvers: people, unlocks: names, jti}
}

const isApprover = (value: unknown): value is Approver =>
  typeof value === 'object' &&
  value !== null &&
  'login' in value &&
  'place' in value &&
  typeof value.login === 'string' &&
  typeof value.place === 'string'

const short = (digest: string): string => digest.slice(0, 12)

const NOT_OURS: Words = {zh: '这不是本系统签发的审批令牌', en: 'this is no approval token of ours'}
const BAD_SIGNATURE: Words = {
  zh: '审批令牌的签名不对：不是由这把公钥对应的私钥签发的，或内容被改过',
  en: 'the signature of the approval token is wrong: another key signed it, or it was changed',
}
const EXPIRED: Words = {
  zh: '审批令牌已过期（有效 5 分钟），请让 gate 重新签发',
  en: 'the approval token has expired (it lives 5 minutes); let gate mint a new one',
}
const FROM_THE_FUTURE: Words = {
  zh: '审批令牌的签发时间在未来：两台机器的时钟不一致',
  en: 'the approval token was issued in the future: the clocks of two machines differ',
}
const USED: Words = {
  zh: '审批令牌已经用过一次，请让 gate 重新签发',
  en: 'the approval token was used before; let gate mint a new one',
}
const otherPlan = (theirs: string, ours: string): Words => ({
  zh: `审批的是另一份计划（${short(theirs)}…），现在要执行的是 ${short(ours)}…`,
  en: `another plan was approved (${short(theirs)}…), this one is ${short(ours)}…`,
})
const otherHead = (theirs: string, ours: string): Words => ({
  zh: `审批的是另一个提交（${short(theirs)}），现在是 ${short(ours)}`,
  en: `another commit was approved (${short(theirs)}), this one is ${short(ours)}`,
})
