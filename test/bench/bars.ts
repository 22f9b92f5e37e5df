import Table from 'cli-table3'
import {compare, type Rounds, spreadOf, type Spread} from './take-turns.js'

/** One bar and what was measured against it. */
export interface Row {
  readonly bar: string
  readonly what: string
  readonly wall: Spread
  readonly cpu?: Spread
  readonly limit: number
  readonly unit?: string
}

/** A ratio row: the wall-clock median decides, CPU time stands beside it. */
export function ratioRow(
  bar: string,
  rounds: Rounds,
  subject: string,
  against: string,
  limit: number,
  combine?: (subject: number, against: number) => number,
): Row {
  return {
    bar,
    what: `${subject} / ${against}`,
    wall: compare(rounds, subject, against, 'wallMs', combine),
    cpu: compare(rounds, subject, against, 'cpuMs', combine),
    limit,
  }
}

export const holds = ({wall, limit}: Row): boolean => wall.median <= limit

const shown = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(2))
const span = ({median, min, max}: Spread): string => `${shown(median)} (${shown(min)}–${shown(max)})`

/** Medians of each variant, only to know the size of what is compared. */
export function renderRounds(title: string, rounds: Rounds): string {
  const table = new Table({head: [title, 'wall ms', 'CPU ms', 'peak MiB'], style: {head: [], border: []}})
  for (const [name, samples] of rounds) {
    const peaks = samples.flatMap(({rssMiB}) => rssMiB ?? [])
    table.push([
      name,
      span(spreadOf(samples.map(({wallMs}) => wallMs))),
      span(spreadOf(samples.map(({cpuMs}) => cpuMs))),
      peaks.length > 0 ? span(spreadOf(peaks)) : '',
    ])
  }
  return table.toString()
}

export function renderRows(rows: readonly Row[]): string {
  const table = new Table({
    head: ['bar', 'what', 'wall: median (min–max)', 'CPU', 'bar', 'holds'],
    style: {head: [], border: []},
  })
  for (const row of rows)
    table.push([
      row.bar,
      row.what,
      `${span(row.wall)}${row.unit ? ` ${row.unit}` : ''}`,
      row.cpu ? span(row.cpu) : '',
      `≤ ${row.limit}${row.unit ? ` ${row.unit}` : ''}`,
      holds(row) ? 'yes' : 'NO',
    ])
  return table.toString()
}
