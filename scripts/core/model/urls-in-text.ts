/** Chinese signs and characters end an address: texts are written without spaces around one. */
const URL_IN_TEXT = /https?:\/\/[^\s\u3000-\u303f\uff00-\uffef\u4e00-\u9fff<>"'）】」]+/gi
const SENTENCE_END = '.,;:!?)]'

/** Addresses in a text as they are written, without the sign that ends the sentence. */
export function urlsIn(text: string): string[] {
  if (!text.includes('://')) return []
  return [...text.matchAll(URL_IN_TEXT)].map(([url]) => trimEnd(url, SENTENCE_END))
}

/** Without any of these signs at its end; a pattern would take quadratic time on long rows of them. */
export function trimEnd(text: string, signs: string): string {
  let end = text.length
  while (end > 0 && signs.includes(text[end - 1] ?? '')) end--
  return text.slice(0, end)
}

export const withoutUrls = (text: string): string => (text.includes('://') ? text.replace(URL_IN_TEXT, ' ') : text)

/** One spelling for addresses that mean the same to a browser. */
export const normalizeUrl = (url: string): string => (URL.canParse(url) ? new URL(url).href : url)
