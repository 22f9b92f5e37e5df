import {createAppAuth} from '@octokit/auth-app'
import {retry} from '@octokit/plugin-retry'
import {throttling} from '@octokit/plugin-throttling'
import {Octokit} from '@octokit/rest'
import {HostRefused} from '../core/ports.js'

/** A token, or an app that makes its own; both absent for public repositories. */
export interface Credentials {
  readonly token?: string | undefined
  readonly app?: {readonly appId: string; readonly privateKey: string; readonly installationId: number} | undefined
}

export interface KitSettings extends Credentials {
  /** GitHub Enterprise has its own; Actions sets GITHUB_API_URL. */
  readonly baseUrl?: string | undefined
  /** Off where the other side is a stand-in: real writes are spaced by a second or more. */
  readonly isPaced?: boolean
  /** How long a second of waiting lasts before a call is tried again; shorter in tests. */
  readonly secondMs?: number
}

const PacedOctokit = Octokit.plugin(throttling, retry)
export type Kit = InstanceType<typeof PacedOctokit>

/** How often a call that met a limit is tried again, and the longest wait for that: an hour is for somebody to decide. */
const MOST_RETRIES = 3
const MOST_WAIT_SECONDS = 180
const RETRIES_OF_FAILURES = 2

/** A client of GitHub's REST API that keeps to its limits and prints nothing: what it would say could hold a token. */
export function createKit({token, app, baseUrl, isPaced = true, secondMs = isPaced ? 1000 : 1}: KitSettings): Kit {
  const again = (afterSeconds: number, _options: object, _kit: unknown, retried: number): boolean =>
    retried < MOST_RETRIES && afterSeconds <= MOST_WAIT_SECONDS
  return new PacedOctokit({
    ...(app ? {authStrategy: createAppAuth, auth: app} : token ? {auth: token} : {}),
    ...(baseUrl ? {baseUrl: baseUrl.replace(/\/+$/, '')} : {}),
    log: SILENT,
    userAgent: 'yingbin',
    retry: {retries: RETRIES_OF_FAILURES, retryAfterBaseValue: secondMs},
    throttle: {enabled: isPaced, retryAfterBaseValue: secondMs, onRateLimit: again, onSecondaryRateLimit: again},
  })
}

const ignore = (): void => undefined
const SILENT = {debug: ignore, info: ignore, warn: ignore, error: ignore}

/** Runs a call and keeps of its failure only the status: the rest may hold the token or an address. */
export async function told<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof HostRefused) throw error
    const answered = statusOf(error)
    if (answered === undefined) throw error
    throw new HostRefused(answered, answered === null ? 'GitHub could not be reached' : saysOf(answered, error))
  }
}

/** A limit looks like a missing right, but waiting helps. */
function saysOf(status: number, error: unknown): string {
  const {headers} =
    (error as {readonly response?: {readonly headers?: Readonly<Record<string, unknown>>}}).response ?? {}
  const isLimit = headers?.['retry-after'] !== undefined || headers?.['x-ratelimit-remaining'] === '0'
  return isLimit && (status === 403 || status === 429)
    ? `GitHub answered ${status}: too many calls; try again later`
    : `GitHub answered ${status}`
}

/** `null` where there was no answer, which the client gives the status 500; `undefined` for what is no failure of a call. */
function statusOf(error: unknown): number | null | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined
  return error.status === 500 && !('response' in error && error.response) ? null : error.status
}

/** The same, where "not found" is an answer. */
export async function orNotFound<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await told(call)
  } catch (error) {
    if (error instanceof HostRefused && error.status === 404) return null
    throw error
  }
}

export interface Repository {
  readonly owner: string
  readonly repo: string
}
