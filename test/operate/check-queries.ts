import {counterName} from '../../scripts/core/respond/counter-names.js'
import {fillVariables, groupingsOf, selectorsOf, syntaxErrors} from './promql.js'
import {CLOSED, type RealMetrics} from './real-metrics.js'

function strangeValues(label: string, value: string): readonly string[] {
  const values = value.split('|').filter((part) => /^\w[\w-]*$/.test(part))
  if (label === 'what') return values.filter((part) => counterName(part) === 'other')
  const closed = CLOSED[label]
  return closed === undefined ? [] : values.filter((part) => !closed.has(part))
}

/** What is wrong with a query: it does not parse, or asks for what the responder never exposes. */
export function findQueryFaults(written: string, real: RealMetrics): readonly string[] {
  const expression = fillVariables(written)
  const errors = syntaxErrors(expression)
  if (errors.length > 0) return errors
  const selectors = selectorsOf(expression)
  const known = new Set(selectors.flatMap(({metric}) => [...real.labelsOf(metric)]))
  return [
    ...(expression.includes('$') ? ['an unknown variable'] : []),
    ...(selectors.length === 0 ? ['asks for no metric'] : []),
    ...selectors.filter(({metric}) => !real.names.has(metric)).map(({metric}) => `no such metric: ${metric}`),
    ...selectors.flatMap(({metric, labels}) =>
      Object.entries(labels).flatMap(([label, value]) => [
        ...(real.labelsOf(metric).includes(label) ? [] : [`${metric} has no label ${label}`]),
        ...strangeValues(label, value).map((strange) => `${label} is never ${strange}`),
      ]),
    ),
    ...groupingsOf(expression)
      .filter((label) => !known.has(label))
      .map((label) => `nothing to group by ${label}`),
  ]
}
