const MAX_DECODES = 3
const MAX_DEPTH = 3
const ANYWHERE = /https?:[/\\]{2}[^\s"'<>]+/gi
const BASE64 = /^[A-Za-z0-9+/_-]{12,}={0,2}$/
const HIDDEN = /^(?:https?:)?[/\\]{2}[\w[]/i

/**
 * The first host other than its own that an address can lead to by a value in its query, its fragment or its path, and
 * that is not allowed; `null` when there is none. Values are decoded up to three times, base64 is looked into, and
 * `//host` and `\\host` count as browsers take them.
 */
export function findRedirect(address: URL, isAllowed: (host: string) => boolean, depth = 0): string | null {
  for (const value of valuesOf(address))
    for (const spelling of spellingsOf(value))
      for (const target of targetsIn(spelling, address)) {
        if (target.hostname !== address.hostname && !isAllowed(target.hostname)) return target.hostname
        const further = depth < MAX_DEPTH ? findRedirect(target, isAllowed, depth + 1) : null
        if (further !== null) return further
      }
  return null
}

function valuesOf({pathname, search, hash}: URL): string[] {
  const parts = (text: string): string[] => text.split(/[&;?=]/)
  return [
    ...(search.length > 1 ? [search.slice(1), ...parts(search.slice(1))] : []),
    ...(hash.length > 1 ? [hash.slice(1), ...parts(hash.slice(1))] : []),
    ...(/https?(?::|%)/i.test(pathname) ? [pathname] : []),
  ]
}

/** The value, what it is after each decoding, and what base64 hides. */
function spellingsOf(value: string): string[] {
  const found = [value]
  for (let round = 0, text = value; round < MAX_DECODES; round++) {
    const decoded = decode(text.replaceAll('+', ' '))
    if (decoded === text) break
    found.push((text = decoded))
  }
  return [
    ...found,
    ...found
      .filter((text) => BASE64.test(text))
      .map(fromBase64)
      .filter((text) => HIDDEN.test(text)),
  ]
}

const fromBase64 = (text: string): string => Buffer.from(text, 'base64url').toString('latin1')

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A stray percent sign: decode what can be.
    return text.replace(/%[0-7][0-9a-f]/gi, (escape) => String.fromCharCode(Number.parseInt(escape.slice(1), 16)))
  }
}

function targetsIn(text: string, base: URL): URL[] {
  const trimmed = text.replace(/^[\s\0-\x20]+/, '')
  const start = /^(?:https?:|[/\\]{2})/i.test(trimmed) ? [trimmed] : []
  return [...start, ...[...text.matchAll(ANYWHERE)].map(([url]) => url)].flatMap((url) =>
    URL.canParse(url, base.href) ? [new URL(url, base.href)] : [],
  )
}
