import {parse} from 'tldts'
import type {Config} from '../model/config.js'
import {hasEnded} from '../model/registration.js'
import {createLookalikeFinder} from './look-alike.js'

/** The hosts and mini-programs a commit had registered, as one instant sees them. */
export interface Registry {
  /** Registered, and the registration is not over. */
  hasHost(host: string): boolean
  hasProgram(appid: string): boolean
  /** Whether the host's registered domain is that of a registered host. */
  knowsDomainOf(host: string): boolean
  /** The registered name a host can be taken for; `null` for registered hosts and their neighbours below one domain. */
  findImitated(host: string): string | null
  /** A host of the base policy's shorteners, or one below it. */
  isShortener(host: string): boolean
}

/** `m.shop.example` → `shop.example`, by the public-suffix list; `null` for addresses and bare suffixes. */
const domainOf = (host: string): string | null => parse(host, {allowPrivateDomains: true}).domain

/** Whether two hosts belong to one owner. */
export const isSameSite = (a: string, b: string): boolean =>
  a === b || (domainOf(a) !== null && domainOf(a) === domainOf(b))

export function createRegistry(config: Config, nowMs: number): Registry {
  const {links, policy} = config
  const entries = links.value.hosts ?? []
  const known = new Set(entries.map(({host}) => host.toLowerCase()))
  const inForce = new Set<string>()
  const seen = new Set<string>()
  for (const entry of entries) {
    const host = entry.host.toLowerCase()
    // The first entry of a host counts, as it does for validate.
    if (!seen.has(host) && !hasEnded(entry, config, nowMs)) inForce.add(host)
    seen.add(host)
  }
  const domains = new Set([...known].flatMap((host) => domainOf(host) ?? []))
  const programs = new Set((links.value.miniprograms ?? []).map(({appid}) => appid))
  const shorteners = (policy.value.guard?.shorteners ?? []).map((host) => host.toLowerCase())
  return {
    hasHost: (host) => inForce.has(host),
    hasProgram: (appid) => programs.has(appid),
    knowsDomainOf: (host) => domains.has(domainOf(host) ?? ''),
    findImitated: createLookalikeFinder(known, domains),
    isShortener: (host) => shorteners.some((shortener) => host === shortener || host.endsWith(`.${shortener}`)),
  }
}
