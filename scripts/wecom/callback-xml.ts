import {XMLParser} from 'fast-xml-parser'
import {isRecord} from './answer.js'

export type XmlFields = Readonly<Record<string, unknown>>

// Values stay texts: ids have leading zeros, and entities are never expanded.
const PARSER = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  processEntities: false,
  trimValues: false,
})

const CDATA = /<!\[CDATA\[[\s\S]*?\]\]>/g

/** A document type outside of CDATA; the parser only knows this spelling, so no other can reach it. */
const hasDoctype = (text: string): boolean => text.includes('<!D') && text.replace(CDATA, '').includes('<!D')

/** One child that holds text alone, as WeCom writes nearly all of them; several in a row. */
const FLAT_CHILD = /\s*<([A-Za-z]{1,40})>(?:<!\[CDATA\[([^\]]*)\]\]>|([^<&\]]*))<\/\1>/y
const FLAT_ROOT = /^\s*<xml>/
const FLAT_END = /\s*<\/xml>\s*$/y

/**
 * The fields of a document of the platform's usual shape: a root of text children, each named once. `null` for every other
 * shape, right or wrong. It reads each character once; the parser needs most of an acknowledgement's time.
 */
export function scanFlat(text: string): XmlFields | null {
  // The parser turns line ends of other systems into plain ones.
  const root = text.includes('\r') ? null : FLAT_ROOT.exec(text)
  if (root === null) return null
  const fields: Record<string, string> = Object.create(null) as Record<string, string>
  let at = root[0].length
  for (;;) {
    FLAT_CHILD.lastIndex = at
    const child = FLAT_CHILD.exec(text)
    if (child === null) break
    const [, name = '', marked, plain = ''] = child
    if (name in fields) return null
    fields[name] = marked ?? plain
    at = FLAT_CHILD.lastIndex
  }
  FLAT_END.lastIndex = at
  return at > root[0].length && FLAT_END.test(text) ? fields : null
}

/** The children of the root element `<xml>`, or `null` when the text is no such document. */
export const readFields = (text: string): XmlFields | null => scanFlat(text) ?? parseXml(text)

/** The same by the general parser alone. */
export function parseXml(text: string): XmlFields | null {
  if (hasDoctype(text)) return null
  try {
    const document: unknown = PARSER.parse(text)
    const root = isRecord(document) ? document['xml'] : undefined
    return isRecord(root) ? root : null
  } catch {
    // Broken XML from outside is an everyday finding; the caller refuses it with reason `xml`.
    return null
  }
}

/** A child's text; `''` when it is absent, empty, repeated or holds elements. */
export function xmlText(fields: XmlFields, name: string): string {
  const value = fields[name]
  return typeof value === 'string' ? value : ''
}

/** The same with `null` for absent or empty. */
export const xmlTextOrNull = (fields: XmlFields, name: string): string | null => xmlText(fields, name) || null

export function xmlNumber(fields: XmlFields, name: string): number {
  const text = xmlText(fields, name)
  return /^\d{1,15}$/.test(text) ? Number(text) : 0
}

export function xmlChild(fields: XmlFields, name: string): XmlFields {
  const value = fields[name]
  return isRecord(value) ? value : {}
}

/** `<Item>` children: none, one text, or several. */
export function xmlItems(fields: XmlFields, name: string): string[] {
  const items = xmlChild(fields, name)['Item']
  const list: readonly unknown[] = Array.isArray(items) ? items : [items]
  return list.filter((item): item is string => typeof item === 'string' && item !== '')
}

/** Comma lists such as `7,9`. */
export const xmlCommaList = (fields: XmlFields, name: string): string[] =>
  xmlText(fields, name)
    .split(',')
    .filter((item) => item !== '')
