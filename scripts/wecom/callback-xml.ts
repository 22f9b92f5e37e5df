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

/** The children of the root element `<xml>`, or `null` when the text is no such document. */
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
