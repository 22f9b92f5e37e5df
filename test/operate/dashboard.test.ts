import {readFileSync} from 'node:fs'
import {beforeAll, describe, expect, it} from '@jest/globals'
import {findQueryFaults} from './check-queries.js'
import {readRealMetrics, type RealMetrics} from './real-metrics.js'

interface Place {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

interface Source {
  readonly type: string
  readonly uid: string
}

interface Panel {
  readonly id: number
  readonly title: string
  readonly gridPos: Place
  readonly datasource: Source
  readonly targets: readonly {readonly refId: string; readonly expr: string; readonly datasource: Source}[]
}

interface Dashboard {
  readonly uid: string
  readonly title: string
  readonly id?: number
  readonly schemaVersion: number
  readonly panels: readonly Panel[]
  readonly annotations: {readonly list: readonly {readonly expr: string; readonly datasource: Source}[]}
  readonly templating: {
    readonly list: readonly {
      readonly name: string
      readonly type: string
      readonly query: unknown
      readonly datasource?: Source
    }[]
  }
}

const TEXT = readFileSync(new URL('../../scripts/operate/grafana-dashboard.json', import.meta.url), 'utf8')
const dashboard = JSON.parse(TEXT) as Dashboard
const {panels, templating, annotations} = dashboard

const doOverlap = (a: Place, b: Place): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h

/** Every `datasource` anywhere in the document. */
function sourcesIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'datasource' ? [inner as unknown, ...sourcesIn(inner)] : sourcesIn(inner),
  )
}

describe('the dashboard', () => {
  let real: RealMetrics
  beforeAll(async () => {
    real = await readRealMetrics()
  })
  it('can be imported anywhere: it has a uid of its own and no id of some Grafana', () => {
    expect(dashboard.uid).toMatch(/^[a-z-]{1,40}$/)
    expect(dashboard.id).toBeUndefined()
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(36)
  })
  it('asks the data source that is chosen, everywhere', () => {
    expect(templating.list.filter(({type}) => type === 'datasource').map(({name, query}) => [name, query])).toEqual([
      ['datasource', 'prometheus'],
    ])
    const sources = sourcesIn(dashboard)
    expect(sources.length).toBeGreaterThan(panels.length)
    for (const source of sources) expect(source).toEqual({type: 'prometheus', uid: '${datasource}'})
    for (const {datasource, targets} of panels)
      expect([datasource, ...targets.map((target) => target.datasource)].every(Boolean)).toBe(true)
  })
  it('has panels with ids and titles of their own', () => {
    expect(new Set(panels.map(({id}) => id)).size).toBe(panels.length)
    expect(new Set(panels.map(({title}) => title)).size).toBe(panels.length)
  })
  it('speaks Chinese', () => {
    for (const {title} of panels) expect(title).toMatch(/\p{Script=Han}/u)
  })
  it('lays no panel over another or beyond the edge', () => {
    const places = panels.map(({gridPos}) => gridPos)
    for (const [index, place] of places.entries()) {
      expect(place.w > 0 && place.h > 0 && place.x >= 0 && place.x + place.w <= 24).toBe(true)
      expect(places.slice(index + 1).filter((other) => doOverlap(place, other))).toEqual([])
    }
  })
  it('asks each panel’s questions under names of their own', () => {
    for (const {targets} of panels) {
      expect(targets.length).toBeGreaterThan(0)
      expect(new Set(targets.map(({refId}) => refId)).size).toBe(targets.length)
    }
  })
  it('asks only what parses and what the responder exposes', () => {
    const queries = [...panels.flatMap(({targets}) => targets), ...annotations.list].map(({expr}) => expr)
    expect(queries.length).toBeGreaterThan(25)
    expect(queries.flatMap((expr) => findQueryFaults(expr, real).map((fault) => `${fault} in ${expr}`))).toEqual([])
  })
  it('asks only for the responders that are chosen', () => {
    for (const {expr} of panels.flatMap(({targets}) => targets)) {
      const asked = expr.match(/\b(yingbin|process|nodejs)_\w+/g) ?? []
      expect((expr.match(/instance=~"\$instance"/g) ?? []).length).toBe(asked.length)
    }
  })
  it('shows what one wants to see', () => {
    const all = panels.flatMap(({targets}) => targets.map(({expr}) => expr)).join('\n')
    const own = [...real.names].filter((name) => name.startsWith('yingbin_') && !/_(sum|count)$/.test(name))
    expect(own.filter((name) => !all.includes(name))).toEqual([])
  })
})
