import type {AppRecord, Permission} from './state-organization.js'
import {Refusal} from './wire.js'

/** 60020 unless the caller's address is in the app's trusted list; a changed list acts only from its instant on. */
export function requireTrustedIp(app: AppRecord, ip: string, nowMs: number): void {
  if (!trustedIpsAt(app, nowMs).includes(ip)) throw new Refusal(60020)
}

export function trustedIpsAt(app: AppRecord, nowMs: number): string[] {
  const {pendingTrustedIps: pending} = app
  return pending !== undefined && nowMs >= pending.fromMs ? pending.ips : app.trustedIps
}

/** 48002 unless the app holds one of the permissions. */
export function requirePermission(app: AppRecord, needs: readonly Permission[]): void {
  if (!needs.some((permission) => app.permissions.includes(permission))) throw new Refusal(48002)
}

/** One spelling for the loopback addresses a caller may come from. */
export function normalizeIp(address: string): string {
  if (address === '::1') return '127.0.0.1'
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address
}
