import type {Config} from '../model/config.js'
import type {Lock} from '../model/lock.js'
import {type Limits, measureLocks} from './measure-locks.js'
import {measure, type Measures} from './measures.js'

/** What was last fully approved at the beginning of a window. */
export interface Baseline {
  readonly days: number
  readonly config: Config
}

/**
 * Many small cuts: the same measures from each baseline to the head, asked only of what this change touches. A template
 * that locks by this change alone is not told a second time.
 */
export function rollingLocks(
  baselines: readonly Baseline[],
  head: Config,
  now: Measures,
  limits: Limits,
  locks: readonly Lock[],
): Lock[] {
  if (now.templates.length === 0 && now.release.changed === 0) return []
  const touched = new Set(now.templates.map(({id}) => id))
  const told = new Set(locks.map(({scope, kind}) => `${kind} ${scope}`))
  return baselines.flatMap(({days, config}) => {
    const {release, templates, oneSided} = measure(config, head)
    const isAsked = now.release.changed > 0 && config.templates.size > 0
    const measures = {
      release: isAsked ? release : {kept: 0, changed: 0, total: 0, changes: []},
      templates: templates.filter(({id}) => touched.has(id)),
      oneSided,
    }
    return measureLocks(measures, limits, days).filter(({scope, kind}) => !told.has(`${kind} ${scope}`))
  })
}
