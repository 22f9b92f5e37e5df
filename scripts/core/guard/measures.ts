import {isSame} from '../model/is-same.js'
import type {Config} from '../model/config.js'
import {compareFacts, type FactComparison} from './compare-facts.js'
import {createFactReader, createOutsideCheck, type Fact} from './template-facts.js'

export interface MeasuredTemplate {
  readonly id: string
  readonly file: string
  readonly links: FactComparison
  readonly keyFacts: FactComparison
}

/** How much of links and key facts differs between two configurations. */
export interface Measures {
  readonly release: FactComparison
  /** Templates that both sides have and whose facts differ, by id. */
  readonly templates: readonly MeasuredTemplate[]
  /** Templates that only one side has: they have no ratio of their own. */
  readonly oneSided: readonly MeasuredTemplate[]
}

/**
 * Facts are made only for templates that differ (`differing`, or by facts and files they use). What all others link to is the same on both sides, so it is only
 * counted: as many links are kept in the release.
 */
export function measure(base: Config, head: Config, differing = differingTemplates(base, head)): Measures {
  const [before, after] = [createFactReader(base), createFactReader(head)]
  const links: {readonly before: Fact[]; readonly after: Fact[]} = {before: [], after: []}
  const templates: MeasuredTemplate[] = []
  const oneSided: MeasuredTemplate[] = []
  const differsOutside = createOutsideCheck(base, head)
  let same = 0
  for (const id of [...new Set([...base.templates.keys(), ...head.templates.keys()])].sort()) {
    const [was, is] = [base.templates.get(id), head.templates.get(id)]
    if (was && is && !differing.has(id) && !differsOutside(is)) {
      same += after.countLinks(is)
      continue
    }
    const [old, fresh] = [was ? before.factsOf(was) : [], is ? after.factsOf(is) : []]
    const [oldLinks, freshLinks] = [linksOnly(old), linksOnly(fresh)]
    for (const link of oldLinks) links.before.push(link)
    for (const link of freshLinks) links.after.push(link)
    const keyFacts = compareFacts(old, fresh)
    const measured = {id, file: (is ?? was)?.file ?? '', links: compareFacts(oldLinks, freshLinks), keyFacts}
    if (!was || !is) oneSided.push(measured)
    else if (keyFacts.changed > 0) templates.push(measured)
  }
  const compared = compareFacts(links.before, links.after)
  return {
    release: {...compared, kept: compared.kept + same, total: compared.total + same},
    templates,
    oneSided,
  }
}

/** Templates whose own files say something else, or that are there on one side only. */
const differingTemplates = (base: Config, head: Config): ReadonlySet<string> =>
  new Set(
    [...new Set([...base.templates.keys(), ...head.templates.keys()])].filter(
      (id) => !isSame(base.templates.get(id)?.value, head.templates.get(id)?.value),
    ),
  )

const linksOnly = (facts: readonly Fact[]): Fact[] => facts.filter(({kind}) => kind === 'link')
