import {plainLine} from '../core/model/plain-line.js'
import {renderInstant, type Zone} from '../core/model/zone.js'
import type {AuditEntry} from '../core/ports.js'

const LONGEST_VALUE = 80
const DIGEST = /^[0-9a-f]{64}$/
const DIGEST_SHOWN = 12

/** One line an entry, newest first: when, what, who, and what about it. */
export function renderAudit(entries: readonly AuditEntry[], zone: Zone): string {
  const lines = entries.map(({atMs, what, who, details}) => {
    const about = Object.entries(details).flatMap(([name, value]) =>
      value === null || value === '' ? [] : [`${name}=${shown(value)}`],
    )
    return `  ${renderInstant(atMs, zone)}  ${what}  ${plainLine(who, LONGEST_VALUE)}  ${about.join(' ')}`.trimEnd()
  })
  return [...lines.reverse(), ''].join('\n')
}

const shown = (value: string | number | boolean): string =>
  typeof value === 'string' && DIGEST.test(value)
    ? value.slice(0, DIGEST_SHOWN)
    : plainLine(String(value), LONGEST_VALUE)

export const auditDocument = (entries: readonly AuditEntry[], zone: Zone): object[] =>
  entries.map(({atMs, ...rest}) => ({at: renderInstant(atMs, zone), ...rest})).reverse()
