import {isSame} from '../model/is-same.js'
import {attachmentPicture} from '../model/attachment-files.js'
import type {Asset, Config, Resource} from '../model/config.js'
import {pointerTo} from '../model/pointer.js'
import type {Attachment, WrittenGroupWelcome, WrittenTemplate} from '../model/written.js'
import {addressesIn} from './written-hosts.js'

/** An address as it is written, and where it stands in the file of its unit. */
export interface Address {
  readonly written: string
  readonly pointer: string
  readonly source: 'link' | 'cover' | 'text' | 'qr'
}

export interface Placed {
  readonly text: string
  readonly pointer: string
}

/** A link card: what it shows beside where it leads. */
export interface Card {
  readonly shown: readonly Placed[]
  readonly url: string
  readonly pointer: string
}

interface Content {
  readonly addresses: readonly Address[]
  readonly programs: readonly {readonly appid: string; readonly page: string; readonly pointer: string}[]
  readonly texts: readonly Placed[]
  /** What QR codes in its pictures say, whether an address or not. */
  readonly codes: readonly Placed[]
  readonly cards: readonly Card[]
}

/** Whatever can bring an address before a customer, as one unit of a change. */
export interface ShownUnit extends Content {
  /** `template:hello`, `group-welcome:g`, `facts`, `channel:c`, `member:u`, `enterprise`. */
  readonly scope: string
  readonly kind: 'template' | 'group-welcome' | 'facts' | 'channel' | 'organization' | 'enterprise'
  readonly id: string
  readonly file: string
}

export interface UnitPair {
  readonly before: ShownUnit | null
  readonly after: ShownUnit | null
}

/** Units that differ between the two sides, ordered by scope; nothing is made for those that do not. */
export function differingUnits(base: Config, head: Config): UnitPair[] {
  const pairs = [
    ...pairUp(base.templates, head.templates, base, head, templateUnit, (value) => value.attachments ?? []),
    ...pairUp(base.groupWelcomes, head.groupWelcomes, base, head, groupWelcomeUnit, ({attachment}) =>
      attachment ? [attachment] : [],
    ),
    ...pairOfOne(base.facts, head.facts, factsUnit),
    ...pairOfOne(base.enterprise, head.enterprise, enterpriseUnit),
    ...pairAll(channelFacts(base), channelFacts(head)),
    ...pairAll(memberFacts(base), memberFacts(head)),
  ]
  const scopeOf = ({before, after}: UnitPair): string => (after ?? before)?.scope ?? ''
  return pairs.sort((a, b) => (scopeOf(a) < scopeOf(b) ? -1 : scopeOf(a) > scopeOf(b) ? 1 : 0))
}

function pairUp<T>(
  before: ReadonlyMap<string, Resource<T>>,
  after: ReadonlyMap<string, Resource<T>>,
  base: Config,
  head: Config,
  unitOf: (resource: Resource<T>, config: Config) => ShownUnit,
  attachmentsOf: (value: T) => readonly Attachment[],
): UnitPair[] {
  const changed = changedCodes(base, head)
  const showsChanged = ({value}: Resource<T>): boolean =>
    changed.size > 0 &&
    attachmentsOf(value).some((one) => changed.has(attachmentPicture(one)?.path.normalize('NFC') ?? ''))
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((id) => {
    const [was, is] = [before.get(id), after.get(id)]
    if (was && is && isSame(was.value, is.value) && !showsChanged(is)) return []
    return [{before: was ? unitOf(was, base) : null, after: is ? unitOf(is, head) : null}]
  })
}

/** Pictures whose QR codes say something else, or are there on one side only. */
function changedCodes(base: Config, head: Config): ReadonlySet<string> {
  const codes = (asset: Asset | undefined): string => JSON.stringify(asset?.qrCodes ?? [])
  const paths = new Set([...base.assets.keys(), ...head.assets.keys()])
  return new Set([...paths].filter((path) => codes(base.assets.get(path)) !== codes(head.assets.get(path))))
}

function pairOfOne<T>(base: Resource<T>, head: Resource<T>, unitOf: (resource: Resource<T>) => ShownUnit): UnitPair[] {
  return isSame(base.value, head.value) ? [] : [{before: unitOf(base), after: unitOf(head)}]
}

interface FactHolder {
  readonly unit: Omit<ShownUnit, keyof Content>
  readonly at: string
  readonly facts: Readonly<Record<string, unknown>>
}

function pairAll(before: ReadonlyMap<string, FactHolder>, after: ReadonlyMap<string, FactHolder>): UnitPair[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((id) => {
    const [was, is] = [before.get(id), after.get(id)]
    if (isSame(was?.facts, is?.facts)) return []
    return [{before: was ? holderUnit(was) : null, after: is ? holderUnit(is) : null}]
  })
}

const channelFacts = ({channels}: Config): ReadonlyMap<string, FactHolder> =>
  new Map(
    [...channels].flatMap(([id, {file, value}]) =>
      value.facts
        ? [[id, {unit: {scope: `channel:${id}`, kind: 'channel', id, file}, at: '/facts', facts: value.facts}]]
        : [],
    ),
  )

function memberFacts({organization: {value, file}}: Config): ReadonlyMap<string, FactHolder> {
  const holders = new Map<string, FactHolder>()
  for (const [index, {id, facts}] of (value.members ?? []).entries())
    if (facts)
      holders.set(id.toLowerCase(), {
        unit: {scope: `member:${id}`, kind: 'organization', id: 'organization', file},
        at: `/members/${index}/facts`,
        facts,
      })
  return holders
}

const holderUnit = ({unit, at, facts}: FactHolder): ShownUnit => ofTexts(unit, placedFacts(facts, at))

const placedFacts = (facts: Readonly<Record<string, unknown>>, at: string): Placed[] =>
  Object.entries(facts).flatMap(([name, text]) =>
    typeof text === 'string' ? [{text, pointer: `${at}${pointerTo(name)}`}] : [],
  )

function factsUnit({file, value}: Config['facts']): ShownUnit {
  const texts = Object.entries(value).flatMap(([path, facts]) =>
    path.startsWith('/') && typeof facts === 'object' ? placedFacts(facts, pointerTo(path)) : [],
  )
  return ofTexts({scope: 'facts', kind: 'facts', id: 'facts', file}, texts)
}

function enterpriseUnit({file, value}: Config['enterprise']): ShownUnit {
  const {builtIn, unknown} = value.greet ?? {}
  const texts = [
    {text: builtIn ?? '', pointer: '/greet/builtIn'},
    {text: unknown ?? '', pointer: '/greet/unknown'},
  ]
  return ofTexts({scope: 'enterprise', kind: 'enterprise', id: 'enterprise', file}, texts)
}

function templateUnit({id, file, value}: Resource<WrittenTemplate>, config: Config): ShownUnit {
  const texts = [
    {text: value.text, pointer: '/text'},
    {text: value.fallback ?? '', pointer: '/fallback'},
  ]
  const attachments = (value.attachments ?? []).map((one, index) => [one, `/attachments/${index}`] as const)
  return withAttachments({scope: `template:${id}`, kind: 'template', id, file}, texts, attachments, config)
}

function groupWelcomeUnit({id, file, value}: Resource<WrittenGroupWelcome>, config: Config): ShownUnit {
  const texts = [{text: value.text, pointer: '/text'}]
  const attachments = value.attachment ? ([[value.attachment, '/attachment']] as const) : []
  return withAttachments({scope: `group-welcome:${id}`, kind: 'group-welcome', id, file}, texts, attachments, config)
}

const ofTexts = (unit: Omit<ShownUnit, keyof Content>, texts: readonly Placed[]): ShownUnit => ({
  ...unit,
  texts,
  addresses: texts.flatMap((text) => addressesAt(text, 'text')),
  codes: [],
  programs: [],
  cards: [],
})

const addressesAt = ({text, pointer}: Placed, source: Address['source']): Address[] =>
  addressesIn(text).map((written) => ({written, pointer, source}))

function withAttachments(
  unit: Omit<ShownUnit, keyof Content>,
  texts: readonly Placed[],
  attachments: readonly (readonly [Attachment, string])[],
  config: Config,
): ShownUnit {
  const plain = ofTexts(unit, texts)
  const codes = attachments.flatMap(([attachment, at]) => codesOf(attachment, at, config))
  return {
    ...plain,
    codes,
    addresses: [
      ...plain.addresses,
      ...attachments.flatMap(([attachment, at]) => cardAddresses(attachment, at)),
      ...codes.flatMap((code) => addressesAt(code, 'qr')),
    ],
    programs: attachments.flatMap(([one, at]) =>
      one.type === 'miniprogram' ? [{appid: one.appid, page: one.page, pointer: `${at}/appid`}] : [],
    ),
    cards: attachments.flatMap(([one, at]) =>
      one.type === 'link'
        ? [
            {
              url: one.url,
              pointer: `${at}/url`,
              shown: [
                {text: one.title, pointer: `${at}/title`},
                {text: one.description ?? '', pointer: `${at}/description`},
              ],
            },
          ]
        : [],
    ),
  }
}

function cardAddresses(attachment: Attachment, at: string): Address[] {
  if (attachment.type !== 'link') return []
  const {url, cover} = attachment
  return [
    {written: url, pointer: `${at}/url`, source: 'link'},
    ...(cover?.includes('://') ? [{written: cover, pointer: `${at}/cover`, source: 'cover' as const}] : []),
  ]
}

function codesOf(attachment: Attachment, at: string, {assets}: Config): Placed[] {
  const picture = attachmentPicture(attachment)
  const codes = picture ? assets.get(picture.path.normalize('NFC'))?.qrCodes : undefined
  return (codes ?? []).map((text) => ({text, pointer: `${at}/${picture?.field ?? ''}`}))
}
