import {parse} from 'tldts'
import {trimEnd, withoutUrls} from '../model/urls-in-text.js'

/** Like a plain address, but its host may begin with, or go on in, full-width signs that browsers read as plain ones. */
const ADDRESS =
  /https?:\/\/(?:[^\s\u3000-\u303f\uff00-\uffef\u4e00-\u9fff<>"'）】」]|[\uff0e\uff61\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]|(?<=\/\/)[\u4e00-\u9fff])+/gi
const SENTENCE_END = '.,;:!?)]\uff61'

/** Addresses in a text as they are written, odd ones included. */
export const addressesIn = (text: string): string[] =>
  text.includes('://') ? [...text.matchAll(ADDRESS)].map(([url]) => trimEnd(url, SENTENCE_END)) : []

const LETTER = String.raw`[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{M}\p{N}]`
const LAST_LABEL = String.raw`[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]{2,}`
const BARE_HOST = new RegExp(
  String.raw`(?<!${LETTER}|[@_.\-/:])(?:${LETTER}(?:${LETTER}|-)*\.)+${LAST_LABEL}(?![\w-]|\.${LETTER})`,
  'giu',
)

/** Names in a text that look like hosts without being part of an address; no mail addresses. */
export const bareHostsIn = (text: string): string[] =>
  text.includes('.') ? [...withoutUrls(text).matchAll(BARE_HOST)].map(([host]) => host) : []

/** Whether the name ends in a suffix of the public list, so that it is more than `readme.md` would be. */
export function hasPublicSuffix(host: string): boolean {
  const {isIcann, isPrivate} = parse(host, {allowPrivateDomains: true})
  return isIcann === true || isPrivate === true
}

/** The host between scheme and path exactly as somebody wrote it: not decoded, not folded. */
export function hostAsWritten(address: string): string {
  const authority = /^\s*[a-z][a-z0-9+.-]*:[/\\]*([^/\\?#]*)/i.exec(address)?.[1] ?? ''
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  return host.startsWith('[') ? host : host.replace(/:\d*$/, '')
}

/** Anything but plain signs: other scripts, full-width letters, invisible characters, percent escapes. */
export const isOddlyWritten = (host: string): boolean => /[^\x21-\x7e]|%/.test(host)

export const isIpLiteral = (host: string): boolean => host.startsWith('[') || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host)
