import {parse} from 'tldts'
import unhomoglyph from 'unhomoglyph'

/** A name shorter than this stands in too many others to mean anything. */
const MIN_NAME_LENGTH = 3

interface Known {
  readonly name: string
  readonly skeleton: string
  readonly tokens: readonly string[]
}

/**
 * Finds the registered name that a host can be taken for: one edit away, the same to the eye, the name as a part of
 * somebody else's domain, or joined to other words by a hyphen. A registered host imitates nobody, and neither does one
 * below a registered domain: whoever owns that domain owns it too.
 */
export function createLookalikeFinder(
  hosts: ReadonlySet<string>,
  domains: ReadonlySet<string>,
): (host: string) => string | null {
  const knownHosts = [...hosts].map(describe)
  const knownDomains = [...domains].map(describe)
  const stems = new Map([...domains].flatMap((domain) => stemOf(domain).map((stem) => [stem, domain] as const)))
  const found = new Map<string, string | null>()
  const find = (written: string): string | null => {
    const host = written.replace(/\.$/, '')
    if (hosts.has(host)) return null
    const {domain, domainWithoutSuffix} = parse(host, {allowPrivateDomains: true})
    if (domain !== null && domains.has(domain)) return null
    const whole = describe(host)
    const own = domain === null ? null : describe(domain)
    return (
      knownHosts.find((known) => looksLike(whole, known) || isPartOf(known, whole))?.name ??
      knownDomains.find((known) => looksLike(own ?? whole, known) || isPartOf(known, whole))?.name ??
      stemIn(domainWithoutSuffix ?? '', stems)
    )
  }
  return (host) => {
    let answer = found.get(host)
    if (answer === undefined) found.set(host, (answer = find(host)))
    return answer
  }
}

const describe = (name: string): Known => ({name, skeleton: skeletonOf(name), tokens: name.split(/[.-]/)})

const stemOf = (domain: string): string[] => {
  const stem = parse(domain, {allowPrivateDomains: true}).domainWithoutSuffix ?? ''
  return stem.length < MIN_NAME_LENGTH ? [] : [stem]
}

/** `shop-pay` and `my-shop` carry the name `shop`; so does `shop` itself under another suffix. */
function stemIn(label: string, stems: ReadonlyMap<string, string>): string | null {
  const tokens = label.split('-')
  for (let from = 0; from < tokens.length; from++)
    for (let to = from + 1; to <= tokens.length; to++) {
      const domain = stems.get(tokens.slice(from, to).join('-'))
      if (domain !== undefined) return domain
    }
  return null
}

const looksLike = (host: Known, known: Known): boolean =>
  host.skeleton === known.skeleton || isOneEdit(host.name, known.name)

/** `m.shop.example.evil.example` and `m-shop-example.evil.example` carry the whole name of another. */
function isPartOf({tokens}: Known, host: Known): boolean {
  if (host.tokens.length <= tokens.length) return false
  for (let at = 0; at + tokens.length <= host.tokens.length; at++)
    if (tokens.every((token, index) => token === host.tokens[at + index])) return true
  return false
}

/** What a name looks like: confusable signs of all scripts folded together. Compared with its like, never shown. */
export function skeletonOf(name: string): string {
  return unhomoglyph(name.normalize('NFKC').toLowerCase()).toLowerCase().replaceAll('rn', 'm').replaceAll('vv', 'w')
}

/** Whether one insertion, deletion, replacement or swap of neighbours makes one of the other. */
export function isOneEdit(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  const [restA, restB] = [a.slice(start), b.slice(start)]
  if (a.length > b.length) return restA.slice(1) === restB
  if (a.length < b.length) return restB.slice(1) === restA
  if (restA.slice(1) === restB.slice(1)) return true
  return restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2)
}
