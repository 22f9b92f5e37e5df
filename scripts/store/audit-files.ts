import {digestOf} from '../core/model/canonical.js'
import {StoreDamaged, type AuditEntry} from '../core/ports.js'
import type {NumberedFiles} from './numbered-files.js'

/** An audit entry that names its predecessor's digest: taking one out or changing one breaks every later link. */
export interface AuditLink {
  readonly previous: string
  readonly entry: AuditEntry
}

const FIRST = '0'.repeat(64)

export async function appendAudit(files: NumberedFiles<AuditLink>, entry: AuditEntry): Promise<void> {
  for (;;) {
    const number = ((await files.findNumbers()).at(-1) ?? 0) + 1
    const last = number === 1 ? null : await files.read(number - 1)
    if (last && !last.ok) throw new StoreDamaged(`audit/${last.name}`, last.why)
    if (await files.create(number, {previous: last?.ok ? digestOf(last.value) : FIRST, entry})) return
  }
}

/** Every entry, oldest first. Throws StoreDamaged where the chain does not hold. */
export async function readAudit(files: NumberedFiles<AuditLink>): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = []
  let previous = FIRST
  for (const [index, number] of (await files.findNumbers()).entries()) {
    const file = await files.read(number)
    if (file === null || number !== index + 1) throw new StoreDamaged('audit', `entry ${index + 1} is missing`)
    if (!file.ok) throw new StoreDamaged(`audit/${file.name}`, file.why)
    if (file.value.previous !== previous)
      throw new StoreDamaged(`audit/${file.name}`, 'it does not follow the entry before it')
    previous = digestOf(file.value)
    entries.push(file.value.entry)
  }
  return entries
}
