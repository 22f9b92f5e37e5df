import {parser} from '@prometheus-io/lezer-promql'

/** What Grafana puts in before it asks; a query has to parse with any of them. */
const GRAFANA: Readonly<Record<string, string>> = {
  $__rate_interval: '1m',
  $__interval: '15s',
  $__range: '6h',
  $instance: '.*',
}

export const fillVariables = (expression: string): string =>
  Object.entries(GRAFANA).reduce((text, [name, value]) => text.replaceAll(name, value), expression)

/** Where an expression does not parse; empty when it does. */
export function syntaxErrors(expression: string): readonly string[] {
  const errors: string[] = expression.trim() === '' ? ['nothing there'] : []
  parser.parse(expression).iterate({
    enter: ({type, from, to}) => {
      if (type.isError) errors.push(`at ${from}: ${expression.slice(from, Math.max(to, from + 12))}`)
    },
  })
  return errors
}

export interface Selector {
  readonly metric: string
  /** Label → what it is compared with. */
  readonly labels: Readonly<Record<string, string>>
}

/** Every metric an expression asks for. */
export function selectorsOf(expression: string): readonly Selector[] {
  const found: {metric: string; labels: Record<string, string>}[] = []
  parser.parse(expression).iterate({
    enter: ({name, from, to, node}) => {
      if (name !== 'VectorSelector') return
      const metric = node.getChild('Identifier')
      const labels = Object.fromEntries(
        [...expression.slice(from, to).matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"/g)].map(([, label, value]) => [
          label ?? '',
          value ?? '',
        ]),
      )
      found.push({metric: metric === null ? '' : expression.slice(metric.from, metric.to), labels})
    },
  })
  return found
}

/** Label names an expression groups by. */
export const groupingsOf = (expression: string): readonly string[] =>
  [...expression.matchAll(/\bby\s*\(([^)]*)\)/g)].flatMap(([, names = '']) =>
    names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  )
