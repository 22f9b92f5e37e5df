import {diffArrays} from 'diff'
import {load, YAMLException} from 'js-yaml'
import {type Document, isMap, isScalar, isSeq, parseDocument, type YAMLMap, type YAMLSeq} from 'yaml'
import {canonicalText} from '../model/canonical.js'
import type {WrittenOrganization} from '../model/written.js'
import {applyEdits, type Edit} from './edits.js'

/** Fields as the schema lists them: a new one goes where a person would have written it. */
const FIELD_ORDER = [
  ...['path', 'id', 'departments', 'roles', 'attributes', 'leader', 'status', 'leftAt', 'successor'],
  ...['github', 'displayName', 'number', 'facts'],
]

/** The ways in which people indent; the one that gives the file back as it is will be used. */
const STYLES = [true, false].flatMap((indentSeq) => [2, 4].map((indent) => ({indentSeq, indent})))

/**
 * The file's text with the edits made: comments, order and everything else stay, and lines that need not change do not.
 * `null` where what comes out would not say exactly what it should (anchors that several entries share, for example).
 */
export function editOrganizationText(text: string, edits: readonly Edit[]): string | null {
  if (edits.length === 0) return text
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n'
  const plain = text.replaceAll('\r\n', '\n')
  const wanted = applyEdits(load(plain) as WrittenOrganization, edits)
  const says = (candidate: string): boolean => saysExactly(candidate, wanted)
  const document = parseDocument(plain)
  const style = chooseStyle(document, plain)
  const unedited = render(document, style)
  makeEdits(document, edits)
  const edited = render(document, style)
  const near = unedited === plain ? edited : carryOver(plain, unedited, edited)
  const found = [near, edited].find((candidate) => candidate !== null && says(candidate))
  return found?.replaceAll('\n', lineEnd) ?? null
}

type Style = (typeof STYLES)[number]

const render = (document: Document, style: Style): string =>
  document.toString({flowCollectionPadding: false, lineWidth: 0, ...style})

function chooseStyle(document: Document, text: string): Style {
  const lines = text.split('\n')
  const rated = STYLES.map((style) => {
    const written = render(document, style).split('\n')
    return {style, same: written.filter((line, index) => line === lines[index]).length}
  })
  return rated.reduce((best, each) => (each.same > best.same ? each : best)).style
}

function saysExactly(text: string, wanted: WrittenOrganization): boolean {
  try {
    return canonicalText(load(text)) === canonicalText(wanted)
  } catch (error) {
    if (error instanceof YAMLException) return false
    throw error
  }
}

/** Where the library writes some lines otherwise than the file does, only the lines the edits touched are taken over. */
function carryOver(text: string, unedited: string, edited: string): string | null {
  const [lines, plain] = [text.split('\n'), unedited.split('\n')]
  if (lines.length !== plain.length) return null
  let at = 0
  const carried: string[] = []
  for (const {added, removed, value} of diffArrays(plain, edited.split('\n'))) {
    if (added) carried.push(...value)
    else if (!removed) carried.push(...lines.slice(at, at + value.length))
    if (!added) at += value.length
  }
  return carried.join('\n')
}

function makeEdits(document: Document, edits: readonly Edit[]): void {
  for (const list of ['departments', 'members', 'transfers'] as const) {
    const own = edits.filter((edit) => edit.list === list)
    if (own.length === 0) continue
    if (!isSeq(document.get(list))) document.set(list, document.createNode([]))
    const sequence = document.get(list)
    if (isSeq(sequence)) editSequence(document, sequence, own)
  }
}

function editSequence(document: Document, sequence: YAMLSeq, edits: readonly Edit[]): void {
  const nodes = [...sequence.items]
  const isFlow = nodes.length === 0 || nodes.some((node) => isMap(node) && node.flow === true)
  for (const edit of edits) {
    const node = edit.op === 'set' ? nodes[edit.index] : undefined
    if (edit.op === 'set' && isMap(node)) setField(document, node, edit.field, edit.value)
  }
  const behind = (at: number | null): unknown[] =>
    edits.flatMap((edit) =>
      edit.op === 'insert' && edit.after === at ? [createEntry(document, edit.value, isFlow)] : [],
    )
  const removed = new Set(edits.flatMap((edit) => (edit.op === 'remove' ? [edit.index] : [])))
  const kept: unknown[] = [...behind(null)]
  let heading = ''
  nodes.forEach((node, index) => {
    if (removed.has(index)) heading += headingOf(node)
    else {
      kept.push(withHeading(node, heading))
      heading = ''
    }
    kept.push(...behind(index))
  })
  sequence.items = kept
  if (heading !== '') sequence.comment = [heading.replace(/\n$/, ''), sequence.comment].filter(Boolean).join('\n')
}

/** A comment above an entry that goes is often the heading of those behind it, so it stays. */
const headingOf = (node: unknown): string => (isMap(node) && node.commentBefore ? `${node.commentBefore}\n` : '')

function withHeading(node: unknown, heading: string): unknown {
  if (heading !== '' && isMap(node)) node.commentBefore = `${heading}${node.commentBefore ?? ''}`.replace(/\n$/, '')
  return node
}

function createEntry(document: Document, value: object, isFlow: boolean): YAMLMap {
  const entry = document.createNode(value) as YAMLMap
  entry.flow = isFlow
  for (const {value: node} of entry.items) if (isSeq(node) || isMap(node)) node.flow = true
  return entry
}

function setField(document: Document, entry: YAMLMap, field: string, value: unknown): void {
  if (value === undefined) return void entry.delete(field)
  const old = entry.get(field, true)
  if (Array.isArray(value) && isSeq(old)) {
    const items = [...old.items]
    old.items = value.map(
      (each: unknown) => items.find((item) => isScalar(item) && item.value === each) ?? document.createNode(each),
    )
    return
  }
  if (isMap(old) && typeof value === 'object' && value !== null) {
    for (const [name, each] of Object.entries(value)) old.set(name, each)
    return
  }
  if (entry.has(field)) return entry.set(field, value)
  const node = document.createNode(value)
  if (isSeq(node) || isMap(node)) node.flow = true
  const pair = document.createPair(field, node)
  const rank = (key: unknown): number => FIELD_ORDER.indexOf(isScalar(key) ? String(key.value) : String(key))
  const place = entry.items.findLastIndex(({key}) => rank(key) >= 0 && rank(key) < FIELD_ORDER.indexOf(field))
  entry.items.splice(place + 1, 0, pair)
}
