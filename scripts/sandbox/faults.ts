/** Faults a test can script for one API path or for all. */

/**
 * `errcode` answers the given code · `busy` answers -1 · `timeout` never answers · `slow` answers after `delayMs` · `cut`
 * sends the head and half of the body, then closes · `reset` closes the connection without a byte.
 */
export const FAULT_KINDS = ['errcode', 'busy', 'timeout', 'slow', 'cut', 'reset'] as const
type FaultKind = (typeof FAULT_KINDS)[number]

export interface Fault {
  /** For example `/cgi-bin/externalcontact/send_welcome_msg`, or `*`. */
  path: string
  kind: FaultKind
  /** Whether the call is carried out behind the fault (`done`) or not (`none`). */
  effect: 'none' | 'done'
  /** The n-th matching call from now on, the next k, or every one. */
  when: {nth: number} | {next: number} | 'every'
  errcode: number
  delayMs: number
  /** Only calls whose body contains this text. */
  bodyIncludes: string
}

export class FaultBook {
  private entries: {fault: Fault; seen: number}[] = []

  add(fault: Fault): void {
    this.entries.push({fault, seen: 0})
  }

  clear(): void {
    this.entries = []
  }

  list(): readonly Fault[] {
    return this.entries.map((entry) => entry.fault)
  }

  /** The fault for this call, if one is due. Every matching fault counts the call; the first due one strikes. */
  take(path: string, bodyText: () => string): Fault | undefined {
    let struck: Fault | undefined
    for (const entry of this.entries) {
      const {fault} = entry
      if (fault.path !== '*' && fault.path !== path) continue
      if (fault.bodyIncludes !== '' && !bodyText().includes(fault.bodyIncludes)) continue
      entry.seen += 1
      if (struck === undefined && isDue(fault, entry.seen)) struck = fault
    }
    this.entries = this.entries.filter((entry) => !isSpent(entry.fault, entry.seen))
    return struck
  }
}

function isDue(fault: Fault, seen: number): boolean {
  if (fault.when === 'every') return true
  if ('nth' in fault.when) return seen === fault.when.nth
  return seen <= fault.when.next
}

function isSpent(fault: Fault, seen: number): boolean {
  if (fault.when === 'every') return false
  return seen >= ('nth' in fault.when ? fault.when.nth : fault.when.next)
}
