import {groupBy} from '../model/group.js'
import type {DangerKind, Lock} from '../model/lock.js'
import {withoutUrls} from '../model/urls-in-text.js'
import type {Words} from '../model/words.js'
import {addressDangers} from './address-dangers.js'
import {dangerLock} from './danger-lock.js'
import {privatePaymentsIn} from './payment-words.js'
import type {Registry} from './registry.js'
import {findBareImitations, findMismatches} from './shown-hosts.js'
import type {Placed, ShownUnit, UnitPair} from './shown-units.js'
import {isOddlyWritten} from './written-hosts.js'

interface Found {
  readonly kind: DangerKind
  readonly place: Lock['places'][number]
  readonly what: Words
}

/**
 * What of the units is dangerous and new in this change, one lock for each unit and kind. `registry` is the base's: what
 * the change itself registers does not count.
 */
export const linkDangers = (units: readonly UnitPair[], registry: Registry): Lock[] =>
  units.flatMap(({before, after}) => (after ? unitLocks(before, after, registry) : []))

function unitLocks(before: ShownUnit | null, after: ShownUnit, registry: Registry): Lock[] {
  const found = [
    ...newAddresses(before, after, registry),
    ...newPrograms(before, after, registry),
    ...newImitations(before, after, registry),
    ...newMismatches(before, after, registry),
    ...newPayments(before, after),
  ]
  const kinds = [...new Set(found.map(({kind}) => kind))]
  return kinds.map((kind) => {
    const same = found.filter((one) => one.kind === kind)
    return dangerLock(
      after.scope,
      kind,
      same.map(({place}) => place),
      joinWords(same.map(({what}) => what)),
    )
  })
}

const MOST_NAMED = 3

function joinWords(all: readonly Words[]): Words {
  const distinct = [...new Map(all.map((words) => [words.en, words])).values()]
  const [shown, more] = [distinct.slice(0, MOST_NAMED), distinct.length - MOST_NAMED]
  return {
    zh: shown.map(({zh}) => zh).join('；') + (more > 0 ? `；还有 ${more} 处` : ''),
    en: shown.map(({en}) => en).join('; ') + (more > 0 ? `; and ${more} more` : ''),
  }
}

/** Addresses that stand in the unit now and did not before, with the one that stood at the same place. */
export function newAddressesOf(before: ShownUnit | null, after: ShownUnit) {
  const known = new Set(before?.addresses.map(({written}) => written))
  const kept = new Set(after.addresses.map(({written}) => written))
  const gone = groupBy(
    (before?.addresses ?? []).filter(({written}) => !kept.has(written)),
    ({pointer}) => pointer,
  )
  return after.addresses
    .filter(({written}) => !known.has(written))
    .map((address) => ({...address, replaced: gone.get(address.pointer)?.shift()?.written ?? null}))
}

const newAddresses = (before: ShownUnit | null, after: ShownUnit, registry: Registry): Found[] =>
  newAddressesOf(before, after).flatMap(({written, pointer, replaced}) =>
    addressDangers(written, registry).map(({kind, what}) => ({
      kind,
      what,
      place: {file: after.file, pointer, before: replaced, after: written},
    })),
  )

export function newProgramsOf(before: ShownUnit | null, after: ShownUnit): ShownUnit['programs'] {
  const known = new Set(before?.programs.map(({appid}) => appid))
  return after.programs.filter(({appid}) => !known.has(appid))
}

const newPrograms = (before: ShownUnit | null, after: ShownUnit, registry: Registry): Found[] =>
  newProgramsOf(before, after)
    .filter(({appid}) => !registry.hasProgram(appid))
    .map(({appid, pointer}) => ({
      kind: 'host-not-in-registry',
      what: {zh: `小程序 ${appid} 没有登记`, en: `mini-program ${appid} is not registered`},
      place: {
        file: after.file,
        pointer,
        before: before?.programs.find((program) => program.pointer === pointer)?.appid ?? null,
        after: appid,
      },
    }))

const shownTexts = ({texts, cards}: ShownUnit): Placed[] => [...texts, ...cards.flatMap(({shown}) => shown)]

function newImitations(before: ShownUnit | null, after: ShownUnit, registry: Registry): Found[] {
  const known = new Set(before ? findBareImitations(shownTexts(before), registry).map(({host}) => host) : [])
  return findBareImitations(shownTexts(after), registry)
    .filter(({host}) => !known.has(host))
    .map(({host, pointer, imitated}) => ({
      kind: isOddlyWritten(host) ? 'idn-homoglyph' : 'lookalike',
      what: {
        zh: `文字里的 ${host} 和登记过的 ${imitated} 很像，但不是`,
        en: `${host} in the text looks like the registered ${imitated} and is not`,
      },
      place: {file: after.file, pointer, before: null, after: host},
    }))
}

function newMismatches(before: ShownUnit | null, after: ShownUnit, registry: Registry): Found[] {
  const keyOf = ({named, opened}: {named: string; opened: string}): string => `${named} ${opened}`
  const known = new Set(before ? findMismatches(before, registry).map(keyOf) : [])
  return findMismatches(after, registry)
    .filter((mismatch) => !known.has(keyOf(mismatch)))
    .map(({named, opened, pointer}) => ({
      kind: 'text-url-mismatch',
      what: {
        zh: `显示的是 ${named}，打开的却是 ${opened}`,
        en: `the text names ${named} while the link opens ${opened}`,
      },
      place: {file: after.file, pointer, before: named, after: opened},
    }))
}

/** Found in texts and in QR codes: a code can ask to pay without holding an address. */
function newPayments(before: ShownUnit | null, after: ShownUnit): Found[] {
  const inUnit = ({texts, codes}: ShownUnit) =>
    [...texts, ...codes].flatMap(({text, pointer}) =>
      privatePaymentsIn(withoutUrls(text)).map((call) => ({call, pointer})),
    )
  const known = new Set(before ? inUnit(before).map(({call}) => call) : [])
  return inUnit(after)
    .filter(({call}) => !known.has(call))
    .map(({call, pointer}) => ({
      kind: 'payment-account',
      what: {
        zh: `出现了私下收款的内容「${call}」`,
        en: `it asks for payment to a private account: "${call}"`,
      },
      place: {file: after.file, pointer, before: null, after: call},
    }))
}
