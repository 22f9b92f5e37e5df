import {canonicalText} from '../model/canonical.js'
import type {Choice} from '../model/choice.js'
import type {Member} from '../model/directory.js'
import type {Release} from '../model/release.js'
import {attachmentFiles} from '../model/attachment-files.js'
import {MEMBER_NAME, MEMBER_NUMBER, NICKNAME, parseText, placeholdersIn} from './parse-text.js'
import {departmentFacts} from './render-welcome.js'

/** What a choice puts before a customer, apart from what is filled in. */
export interface Content {
  /** Equal for equal words and files, whatever the template is called. */
  readonly key: string
  /** Names that are filled in. */
  readonly names: readonly string[]
}

const NOTHING: Content = {key: 'silent', names: []}

/** Tells what each choice of a release puts before a customer; a template is looked at once. */
export function createContentFinder(release: Release): (choice: Choice) => Content {
  const builtIn: Content = {key: canonicalText({builtIn: release.greet.builtIn}), names: []}
  const known = new Map<string, Content>()
  const look = (id: string): Content => {
    const template = release.templates[id]
    if (!template) return builtIn
    const {text, attachments, fallback = release.greet.builtIn} = template
    const files = attachments.flatMap(attachmentFiles).map((path) => release.assets[path]?.sha256 ?? path)
    return {
      key: canonicalText({text, attachments, fallback, files}),
      names: placeholdersIn(parseText(text, () => true)),
    }
  }
  return ({template, silent}) => {
    if (silent) return NOTHING
    if (template === null) return builtIn
    let content = known.get(template)
    if (!content) known.set(template, (content = look(template)))
    return content
  }
}

/** One member of one side, as what is filled in sees him. */
export interface Filled {
  readonly member: Member | undefined
  readonly department: string
}

/**
 * Names whose values differ between two releases for a member: his department's facts, his own, his name and number.
 * Nearly everybody has none, so equal departments are compared once.
 */
export function createFillComparer(
  before: Release,
  after: Release,
): (before: Filled, after: Filled) => readonly string[] {
  const everywhere = before.greet.unknown === after.greet.unknown ? [] : [NICKNAME]
  const byDepartment = new Map<string, readonly string[]>()
  const ofDepartments = (a: string, b: string): readonly string[] => {
    const key = `${a}\n${b}`
    let names = byDepartment.get(key)
    if (!names) byDepartment.set(key, (names = differingNames(departmentFacts(a, before), departmentFacts(b, after))))
    return names
  }
  return (a, b) => {
    const names = [...everywhere, ...ofDepartments(a.department, b.department)]
    if (a.member !== b.member) names.push(...ownDifferences(a.member, b.member))
    return names.length > 1 ? [...new Set(names)].sort() : names
  }
}

function ownDifferences(a: Member | undefined, b: Member | undefined): string[] {
  return [
    ...differingNames(a?.facts ?? {}, b?.facts ?? {}),
    ...(a?.displayName === b?.displayName ? [] : [MEMBER_NAME]),
    ...(a?.number === b?.number ? [] : [MEMBER_NUMBER]),
  ]
}

/** Names that only one of the two has, or that have another value. */
export const differingNames = (
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => before[name] !== after[name]).sort()
