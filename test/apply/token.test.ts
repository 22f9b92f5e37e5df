import {describe, expect, it} from '@jest/globals'
import {SignJWT} from 'jose'
import {createPrivateKey, createSecretKey} from 'node:crypto'
import {checkToken, mintToken, type TokenExpectations} from '../../scripts/core/gate/token.js'
import {aKeyPair} from './apply-world.js'

const KEY = aKeyPair()
const NOW = Date.UTC(2026, 10, 24, 2, 0, 0)
const PLAN = 'a'.repeat(64)
const CLAIMS = {
  planDigest: PLAN,
  head: 'h1',
  base: 'b1',
  approvers: [{login: 'lin', place: '链接 1/2'}],
  unlocks: ['templates/a'],
  jti: 'j1',
}
const mint = (nowMs = NOW) => mintToken({...CLAIMS, nowMs}, KEY.privateKeyPem)
const expected = (changes: Partial<TokenExpectations> = {}): TokenExpectations => ({
  planDigest: PLAN,
  head: 'h1',
  nowMs: NOW,
  usedIds: new Set(),
  ...changes,
})
const check = async (changes: Partial<TokenExpectations> = {}, jws?: string, key = KEY.publicKeyPem) =>
  checkToken(jws ?? (await mint()), key, expected(changes))
const reasonOf = async (...args: Parameters<typeof check>) => {
  const verdict = await check(...args)
  return verdict.ok ? 'ok' : verdict.reason.en
}

describe('an approval token', () => {
  it('gives back what people agreed to', async () => {
    expect(await check()).toEqual({ok: true, claims: CLAIMS})
  })

  it.each([
    [0, true],
    [299_000, true],
    [300_000, true],
    [300_999, true],
    [301_000, false],
    [86_400_000, false],
  ])('after %i ms it is good: %s', async (ageMs, isGood) => {
    expect((await check({nowMs: NOW + ageMs})).ok).toBe(isGood)
  })

  it('one from another clock’s future is refused beyond a second', async () => {
    expect((await check({nowMs: NOW - 1000})).ok).toBe(true)
    expect(await reasonOf({nowMs: NOW - 2000})).toContain('clocks of two machines differ')
  })

  it.each([
    ['another plan', {planDigest: 'b'.repeat(64)}, 'another plan was approved'],
    ['another commit', {head: 'h2'}, 'another commit was approved'],
    ['a second use', {usedIds: new Set(['j1'])}, 'was used before'],
    ['five minutes later', {nowMs: NOW + 301_000}, 'has expired'],
  ])('is refused for %s', async (_what, changes, words) => {
    expect(await reasonOf(changes)).toContain(words)
  })

  it('another commit does not matter where none is expected', async () => {
    const {head: _head, ...rest} = expected()
    expect((await checkToken(await mint(), KEY.publicKeyPem, rest)).ok).toBe(true)
  })

  it('signed by another key, or changed by one character, is refused', async () => {
    expect(await reasonOf({}, undefined, aKeyPair().publicKeyPem)).toContain('signature')
    const [header = '', payload = '', signature = ''] = (await mint()).split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
    const other = Buffer.from(JSON.stringify({...claims, head: 'h2'})).toString('base64url')
    expect(await reasonOf({head: 'h2'}, [header, other, signature].join('.'))).toContain('signature')
  })

  it.each(['', 'x', 'a.b.c', '....'])('"%s" is none, and nothing is thrown', async (jws) => {
    expect(await reasonOf({}, jws)).toContain('no approval token of ours')
  })

  const forge = (header: {alg: string; typ?: string}, payload: Record<string, unknown>) =>
    new SignJWT(payload)
      .setProtectedHeader(header)
      .setIssuer('yingbin-gate')
      .setJti('j1')
      .setIssuedAt(NOW / 1000)
      .setExpirationTime(NOW / 1000 + 300)

  it('without our type, or with less in it, is none of ours although the key is right', async () => {
    const {jti: _jti, ...claims} = CLAIMS
    const key = createPrivateKey(KEY.privateKeyPem)
    const untyped = await forge({alg: 'EdDSA'}, claims).sign(key)
    expect(await reasonOf({}, untyped)).toContain('no approval token of ours')
    const {approvers: _approvers, ...less} = claims
    const bare = await forge({alg: 'EdDSA', typ: 'yingbin-approval+jwt'}, less).sign(key)
    expect(await reasonOf({}, bare)).toContain('no approval token of ours')
  })

  it('signed with the public key as a shared secret is refused: the algorithm is fixed', async () => {
    const {jti: _jti, ...claims} = CLAIMS
    const secret = createSecretKey(Buffer.from(KEY.publicKeyPem))
    const jws = await forge({alg: 'HS256', typ: 'yingbin-approval+jwt'}, claims).sign(secret)
    expect(await reasonOf({}, jws)).toContain('no approval token of ours')
  })

  it('with a longer life than ours is refused after five minutes all the same', async () => {
    const {jti: _jti, ...claims} = CLAIMS
    const jws = await forge({alg: 'EdDSA', typ: 'yingbin-approval+jwt'}, claims)
      .setExpirationTime(NOW / 1000 + 86_400)
      .sign(createPrivateKey(KEY.privateKeyPem))
    expect((await check({nowMs: NOW + 302_000}, jws)).ok).toBe(false)
  })
})
