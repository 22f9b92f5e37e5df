import {BUILT_IN_PLACEHOLDERS, parseText, placeholdersIn} from '../greet/parse-text.js'
import type {Config, Resource} from '../model/config.js'
import type {WrittenTemplate} from '../model/written.js'

/** What a change of a template is measured by. */
export type FactKind = 'link' | 'phone' | 'price' | 'date' | 'address' | 'payment'

export interface Fact {
  readonly kind: FactKind
  /** Normalised, so that only a change in meaning is a change. */
  readonly value: string
  /** Where it was found in the template's file; facts of `facts.yaml` point at the text that uses them. */
  readonly pointer: string
}

const URL_IN_TEXT = /https?:\/\/[^\s\u3000-\u303f\uff00-\uffef\u4e00-\u9fff<>"'）】」]+/gi
const PHONE =
  /(?<![\d-])(?:\+\d{1,3}[- ]?)?(?:400[- ]?\d{3}[- ]?\d{4}|1[3-9]\d{9}|0\d{2,3}[- ]\d{7,8}|95\d{3})(?:转\d+)?(?!\d)/g
const AMOUNT = String.raw`\d+(?:,\d{3})*(?:\.\d+)?`
const PRICE = new RegExp(String.raw`[¥$€]\s?${AMOUNT}|${AMOUNT}\s?(?:万元|元|块钱|折|%)|满\d+减\d+`, 'g')
const DATE = /\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}月\d{1,2}[日号]/g
const LABELLED_ADDRESS = /地址[：:]\s*([^\n，。；;]+)/g
const STREET_ADDRESS =
  /[\u4e00-\u9fff]{1,14}(?:路|街|大道|巷|弄)(?:[东南西北中]?段)?[甲乙丙丁]?\d+号[^\s，。；;、）)（(]*/g
const PAYMENT_WORDS = [
  '对公账户',
  '个人账户',
  '私人账户',
  '转账',
  '汇款',
  '打款',
  '支付宝',
  '微信支付',
  '收款码',
  '付款码',
  '收款账户',
  '银行卡',
  '卡号',
  '定金',
  '押金',
  '现金',
]
const ACCOUNT_NUMBER = /(?<!\d)\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}(?:[ -]?\d{1,3})?(?!\d)|(?<!\d)62\d{2,}[…*.]+/g

const normalizeUrl = (url: string): string => (URL.canParse(url) ? new URL(url).href : url)
const withoutSeparators = (text: string): string => text.replace(/[\s-]/g, '')

/** Full-width digits and signs say the same as plain ones. */
const withPlainDigits = (text: string): string =>
  text.replace(/[\uff10-\uff19\uff05\uff0b\uff0d\uff0e\uffe5]/g, (character) => character.normalize('NFKC'))

function linksOf(template: Resource<WrittenTemplate>, config: Config): Fact[] {
  const inText = (text: string, pointer: string): Fact[] =>
    [...text.matchAll(URL_IN_TEXT)].map(([url]) => ({
      kind: 'link',
      value: normalizeUrl(url.replace(/[.,;:!?)\]]+$/, '')),
      pointer,
    }))
  const media = (path: string): string => config.assets.get(path.normalize('NFC'))?.sha256 ?? path
  const attached = (template.value.attachments ?? []).map((attachment, index): Fact => {
    const at = `/attachments/${index}`
    switch (attachment.type) {
      case 'link':
        return {kind: 'link', value: normalizeUrl(attachment.url), pointer: `${at}/url`}
      case 'miniprogram':
        return {kind: 'link', value: `miniprogram:${attachment.appid}/${attachment.page}`, pointer: `${at}/appid`}
      default:
        return {kind: 'link', value: `media:${media(attachment.file)}`, pointer: `${at}/file`}
    }
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
  const accounts = [...text.matchAll(ACCOUNT_NUMBER)].map(([number]) => withoutSeparators(number))
  return words.length + accounts.length === 0
    ? []
    : [{kind: 'payment', value: [...words, ...accounts].sort().join('|'), pointer: '/text'}]
}

/** Values of `facts.yaml`, members and channels count in the templates that use them. */
function filledIn(template: Resource<WrittenTemplate>, config: Config): Fact[] {
  const names = new Set(
    placeholdersIn(parseText(template.value.text, () => false)).filter((name) => !BUILT_IN_PLACEHOLDERS.includes(name)),
  )
  if (names.size === 0) return []
  const sources: unknown[] = [
    ...Object.entries(config.facts.value).flatMap(([path, facts]) => (path.startsWith('/') ? [facts] : [])),
    ...[...config.channels.values()].map(({value}) => value.facts),
    ...(config.organization.value.members ?? []).map(({facts}) => facts),
  ]
  const values = new Map<string, string>()
  for (const source of sources)
    if (typeof source === 'object' && source !== null)
      for (const [name, value] of Object.entries(source))
        if (names.has(name) && typeof value === 'string') values.set(`${name}\n${value}`, name)
  return [...values].flatMap(([key, name]) => {
    const value = key.slice(name.length + 1)
    if (name.includes('地址')) return [{kind: 'address' as const, value: value.replace(/\s/g, ''), pointer: '/text'}]
    const links = [...value.matchAll(URL_IN_TEXT)].map(([url]): Fact => ({
      kind: 'link',
      value: normalizeUrl(url),
      pointer: '/text',
    }))
    return [...links, ...keyFactsIn(value, '/text')]
  })
}

/** Links, phone numbers, prices, dates, addresses and the way of payment of one template; covers do not count. */
export function factsOfTemplate(template: Resource<WrittenTemplate>, config: Config): Fact[] {
  const text = template.value.text.replace(URL_IN_TEXT, ' ')
  return [...linksOf(template, config), ...keyFactsIn(text, '/text'), ...paymentIn(text), ...filledIn(template, config)]
}
