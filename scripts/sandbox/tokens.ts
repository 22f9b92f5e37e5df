import {randomBytes} from 'node:crypto'
import type {OpenEndpoint, World} from './world.js'
import type {AppRecord} from './state-organization.js'
import {HOUR_MS} from './frequency.js'
import {requireTrustedIp} from './app-checks.js'
import {Refusal} from './wire.js'

/** gettoken (91039): the same token until it ends, a missing secret reported before a bad corpid. */
export const gettoken: OpenEndpoint = {
  method: 'GET',
  run(world, {query, ip}) {
    const corpid = query.get('corpid') ?? ''
    const secret = query.get('corpsecret') ?? ''
    if (corpid === '') throw new Refusal(41002)
    if (secret === '') throw new Refusal(41004)
    if (corpid !== world.state.corpid) throw new Refusal(40013)
    const nowMs = world.clock.nowMs()
    refuseTooManyBadSecrets(world, ip, nowMs)
    refuseTooManyTokenCalls(world, ip, nowMs)
    const app = [...world.state.apps.values()].find((candidate) => candidate.secret === secret)
    if (app === undefined) {
      world.frequency.take(`bad secrets ${ip}`, badSecretRule(world), nowMs)
      throw new Refusal(40001)
    }
    if (app.disabled) throw new Refusal(50003)
    if (world.settings.tokenCallChecksIp) requireTrustedIp(app, ip, nowMs)
    return findOrIssueToken(world, app, nowMs)
  },
}

const badSecretRule = (world: World) => [{max: world.settings.badSecretsPerHour, windowMs: HOUR_MS}]

function refuseTooManyBadSecrets(world: World, ip: string, nowMs: number): void {
  if (world.frequency.isBlocked(`bad secrets ${ip}`, badSecretRule(world), nowMs)) throw new Refusal(45009)
}

function refuseTooManyTokenCalls(world: World, ip: string, nowMs: number): void {
  const {tokenCallsPerHour: max} = world.settings
  if (max === null) return
  if (!world.frequency.take(`tokens ${ip}`, [{max, windowMs: HOUR_MS}], nowMs)) throw new Refusal(45009)
}

function findOrIssueToken(world: World, app: AppRecord, nowMs: number): object {
  const {tokens} = world.state
  for (const [token, record] of tokens) {
    if (record.agentid !== app.agentid || record.ended || record.expiresAtMs <= nowMs) continue
    const leftSeconds = Math.ceil((record.expiresAtMs - nowMs) / 1000)
    return {
      access_token: token,
      expires_in: world.settings.expiresInCountsDown ? leftSeconds : world.limits.tokenSeconds,
    }
  }
  const token = `tok_${randomBytes(48).toString('base64url')}`
  dropOldTokens(world, nowMs)
  tokens.set(token, {agentid: app.agentid, expiresAtMs: nowMs + world.limits.tokenSeconds * 1000, ended: false})
  world.touched()
  return {access_token: token, expires_in: world.limits.tokenSeconds}
}

/** Tokens that ended more than a day ago are forgotten; they then count as invalid instead of expired. */
function dropOldTokens(world: World, nowMs: number): void {
  for (const [token, record] of world.state.tokens) {
    if (record.expiresAtMs < nowMs - 24 * HOUR_MS) world.state.tokens.delete(token)
  }
}

/** The app behind a token: 41001 missing, 40014 unknown or ended early, 42001 expired. */
export function requireToken(world: World, token: string | null): AppRecord {
  if (token === null || token === '') throw new Refusal(41001)
  const record = world.state.tokens.get(token)
  if (record === undefined || record.ended) throw new Refusal(40014)
  if (record.expiresAtMs <= world.clock.nowMs()) throw new Refusal(42001)
  const app = world.state.apps.get(record.agentid)
  if (app === undefined) throw new Refusal(40014)
  return app
}

/** Ends the tokens of an app: as if the platform had withdrawn them (40014) or as if their time were over (42001). */
export function endTokens(world: World, agentid: number | undefined, how: 'invalid' | 'expired'): number {
  let ended = 0
  for (const record of world.state.tokens.values()) {
    if (agentid !== undefined && record.agentid !== agentid) continue
    if (how === 'invalid') record.ended = true
    else record.expiresAtMs = Math.min(record.expiresAtMs, world.clock.nowMs())
    ended += 1
  }
  world.touched()
  return ended
}
