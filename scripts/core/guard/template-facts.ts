import {attachmentFiles} from '../model/attachment-files.js'
import type {Asset, Config, Resource} from '../model/config.js'
import {BUILT_IN_PLACEHOLDERS, parseText, placeholdersIn} from '../greet/parse-text.js'
import {normalizeUrl, urlsIn, withoutUrls} from '../model/urls-in-text.js'
import type {Attachment, WrittenTemplate} from '../model/written.js'
import {accountNumbersIn, PAYMENT_WORDS, withPlainDigits} from './payment-words.js'

/** What a change of a template is measured by. */
export type FactKind = 'link' | 'phone' | 'price' | 'date' | 'address' | 'payment'

export interface Fact {
  readonly kind: FactKind
  /** Normalised, so that only a change in meaning is a change. */
  readonly value: string
  /** Where it was found in the template's file; facts of `facts.yaml` point at the text that uses them. */
  readonly pointer: string
}

/** The facts of one configuration's templates; values of `facts.yaml` are looked through once for all of them. */
export interface FactReader {
  /** Links, phone numbers, prices, dates, addresses and the way of payment; covers do not count. */
  factsOf(template: Resource<WrittenTemplate>): Fact[]
  /** How many of them are links, without making them. */
  countLinks(template: Resource<WrittenTemplate>): number
}

const PHONE =
  /(?<![\d-])(?:\+\d{1,3}[- ]?)?(?:400[- ]?\d{3}[- ]?\d{4}|1[3-9]\d{9}|0\d{2,3}[- ]\d{7,8}|95\d{3})(?:转\d+)?(?!\d)/g
const AMOUNT = String.raw`\d+(?:,\d{3})*(?:\.\d+)?`
const PRICE = new RegExp(String.raw`[¥$€]\s?${AMOUNT}|${AMOUNT}\s?(?:万元|元|块钱|折|%)|满\d+减\d+`, 'g')
const DATE = /\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}月\d{1,2}[日号]/g
const LABELLED_ADDRESS = /地址[：:]\s*([^\n，。；;]+)/g
const STREET_ADDRESS =
  /[\u4e00-\u9fff]{1,14}(?:路|街|大道|巷|弄)(?:[东南西北中]?段)?[甲乙丙丁]?\d+号[^\s，。；;、）)（(]*/g

const withoutSeparators = (text: string): string => text.replace(/[\s-]/g, '')

export function createFactReader(config: Config): FactReader {
  const {byName, hasLinks} = createFactIndex(config)
  const assetOf = (path: string) => config.assets.get(path.normalize('NFC'))
  return {
    factsOf: (template) => {
      const {text} = template.value
      const plain = withoutUrls(text)
      return [
        ...linksOf(template, config),
        ...keyFactsIn(plain, '/text'),
        ...paymentIn(plain),
        ...namesIn(text).flatMap((name) => byName(name)),
      ]
    },
    countLinks: ({value: {text, fallback = '', attachments = []}}) => {
      let count = urlsIn(text).length + urlsIn(fallback).length + attachments.length
      for (const attachment of attachments)
        if (attachment.type === 'image') count += assetOf(attachment.file)?.qrCodes?.length ?? 0
      if (hasLinks()) for (const name of namesIn(text)) for (const {kind} of byName(name)) if (kind === 'link') count++
      return count
    },
  }
}

/** Whether the facts of a template that says the same on both sides differ all the same: by facts or files it uses. */
export function createOutsideCheck(base: Config, head: Config): (template: Resource<WrittenTemplate>) => boolean {
  const [before, after] = [valuesByName(base), valuesByName(head)]
  const names = new Set(
    [...new Set([...before.keys(), ...after.keys()])].filter(
      (name) => !hasSameItems(before.get(name), after.get(name)),
    ),
  )
  const content = ({sha256, qrCodes = []}: Asset): string => [sha256, ...qrCodes].join(' ')
  const files = new Set(
    [...base.assets, ...head.assets].flatMap(([path]) => {
      const [was, is] = [base.assets.get(path), head.assets.get(path)]
      return was && is && content(was) === content(is) ? [] : [path]
    }),
  )
  const isUsed = (attachment: Attachment): boolean =>
    attachmentFiles(attachment).some((path) => files.has(path.normalize('NFC')))
  return ({value: {text, attachments = []}}) =>
    (files.size > 0 && attachments.some(isUsed)) || (names.size > 0 && namesIn(text).some((name) => names.has(name)))
}

const hasSameItems = (a: ReadonlySet<string> = new Set(), b: ReadonlySet<string> = new Set()): boolean =>
  a.size === b.size && [...a].every((item) => b.has(item))

/** The facts of one template of which nothing else is asked. */
export const factsOfTemplate = (template: Resource<WrittenTemplate>, config: Config): Fact[] =>
  createFactReader(config).factsOf(template)

/** Names that facts fill in, each once. */
function namesIn(text: string): string[] {
  if (!text.includes('[')) return []
  return [...new Set(placeholdersIn(parseText(text, () => false)))].filter(
    (name) => !BUILT_IN_PLACEHOLDERS.includes(name),
  )
}

function linksOf(template: Resource<WrittenTemplate>, config: Config): Fact[] {
  const inText = (text: string, pointer: string): Fact[] =>
    urlsIn(text).map((url) => ({kind: 'link', value: normalizeUrl(url), pointer}))
  const attached = (template.value.attachments ?? []).flatMap((attachment, index): Fact[] => {
    const at = `/attachments/${index}`
    if (attachment.type === 'link') return [{kind: 'link', value: normalizeUrl(attachment.url), pointer: `${at}/url`}]
    if (attachment.type === 'miniprogram')
      return [{kind: 'link', value: `miniprogram:${attachment.appid}/${attachment.page}`, pointer: `${at}/appid`}]
    const pointer = `${at}/file`
    const asset = config.assets.get(attachment.file.normalize('NFC'))
    const codes = attachment.type === 'image' ? (asset?.qrCodes ?? []) : []
    return [
      {kind: 'link', value: `media:${asset?.sha256 ?? attachment.file}`, pointer},
      ...codes.map((code): Fact => ({kind: 'link', value: `qr:${normalizeUrl(code)}`, pointer})),
    ]
  })
  return [...inText(template.value.text, '/text'), ...inText(template.value.fallback ?? '', '/fallback'), ...attached]
}

function keyFactsIn(written: string, pointer: string): Fact[] {
  const text = withPlainDigits(written)
  const found = (kind: FactKind, pattern: RegExp, normalize = (value: string) => value.replace(/\s/g, '')): Fact[] =>
    [...text.matchAll(pattern)].map((match) => ({kind, value: normalize(match[1] ?? match[0]), pointer}))
  const labelled = found('address', LABELLED_ADDRESS)
  const streets = found('address', STREET_ADDRESS).filter(
    ({value}) => !labelled.some((address) => address.value.includes(value)),
  )
  return [
    ...found('phone', PHONE, withoutSeparators),
    ...found('price', PRICE, (value) => value.replace(/[\s,]/g, '')),
    ...found('date', DATE),
    ...labelled,
    ...streets,
  ]
}

/** How one is asked to pay is one fact: the payment words and account numbers of the whole text together. */
function paymentIn(written: string): Fact[] {
  const text = withPlainDigits(written)
  const words = PAYMENT_WORDS.filter((word) => text.includes(word))
  const accounts = accountNumbersIn(text)
  return words.length + accounts.length === 0
    ? []
    : [{kind: 'payment', value: [...words, ...accounts].sort().join('|'), pointer: '/text'}]
}

/**
 * Values of `facts.yaml`, members and channels count in the templates that use them. Each distinct value of a name counts
 * once, however many departments have it.
 */
function createFactIndex(config: Config): {
  readonly byName: (name: string) => readonly Fact[]
  /** Nearly always no fact holds an address, and then no text need be looked through for names. */
  readonly hasLinks: () => boolean
} {
  let known: Map<string, Set<string>> | undefined
  const values = (): Map<string, Set<string>> => (known ??= valuesByName(config))
  let links: boolean | undefined
  const facts = new Map<string, readonly Fact[]>()
  return {
    byName: (name) => {
      let found = facts.get(name)
      if (!found)
        facts.set(name, (found = [...(values().get(name) ?? [])].flatMap((value) => factsOfValue(name, value))))
      return found
    },
    hasLinks: () => (links ??= [...values().values()].some((all) => [...all].some((value) => value.includes('://')))),
  }
}

function valuesByName(config: Config): Map<string, Set<string>> {
  const sources: unknown[] = [
    ...Object.entries(config.facts.value).flatMap(([path, facts]) => (path.startsWith('/') ? [facts] : [])),
    ...[...config.channels.values()].map(({value}) => value.facts),
    ...(config.organization.value.members ?? []).map(({facts}) => facts),
  ]
  const values = new Map<string, Set<string>>()
  for (const source of sources)
    if (typeof source === 'object' && source !== null)
      for (const [name, value] of Object.entries(source))
        if (typeof value === 'string') values.set(name, (values.get(name) ?? new Set()).add(value))
  return values
}

function factsOfValue(name: string, value: string): Fact[] {
  if (name.includes('地址')) return [{kind: 'address', value: value.replace(/\s/g, ''), pointer: '/text'}]
  const links = urlsIn(value).map((url): Fact => ({kind: 'link', value: normalizeUrl(url), pointer: '/text'}))
  return [...links, ...keyFactsIn(value, '/text')]
}
