import {isSameSite, type Registry} from './registry.js'
import type {Placed, ShownUnit} from './shown-units.js'
import {addressesIn, bareHostsIn, hasPublicSuffix} from './written-hosts.js'

/** A shown text names one host while the address beside it goes to another. */
export interface Mismatch {
  readonly pointer: string
  readonly named: string
  readonly opened: string
}

/**
 * A card's own title and description are held to its address. A host named in the text around is held only to cards that
 * leave for an unregistered host: a text may well speak of one registered site beside a card that opens another.
 */
export function findMismatches({texts, cards}: ShownUnit, registry: Registry): Mismatch[] {
  const around = texts.flatMap((text) => hostsNamedIn(text, registry))
  return cards.flatMap(({url, shown, pointer}) => {
    if (!URL.canParse(url)) return []
    const opened = new URL(url).hostname
    const own = shown
      .flatMap((text) => hostsNamedIn(text, registry).map((named) => ({pointer: text.pointer, named, opened})))
      .filter(({named}) => !isSameSite(named, opened))
    const named = registry.hasHost(opened) || around.some((host) => isSameSite(host, opened)) ? undefined : around[0]
    return named === undefined || own.length > 0 ? own : [{pointer, named, opened}]
  })
}

/** Hosts a text names, with or without `https://`; a name like `readme.md` that could be anything is none. */
function hostsNamedIn({text}: Placed, registry: Registry): string[] {
  const addressed = addressesIn(text).flatMap((url) => (URL.canParse(url) ? [new URL(url).hostname] : []))
  return [...addressed, ...bareHosts(text, registry)]
}

const bareHosts = (text: string, registry: Registry): string[] =>
  bareHostsIn(text)
    .map((host) => host.toLowerCase())
    .filter((host) => hasPublicSuffix(host) || registry.knowsDomainOf(host) || registry.findImitated(host) !== null)

/** Names without `https://` that pass for a registered host: many clients make them links all the same. */
export function findBareImitations(
  texts: readonly Placed[],
  registry: Registry,
): {host: string; pointer: string; imitated: string}[] {
  return texts.flatMap(({text, pointer}) =>
    bareHostsIn(text).flatMap((host) => {
      const imitated = registry.findImitated(host.toLowerCase())
      return imitated === null ? [] : [{host, pointer, imitated}]
    }),
  )
}
