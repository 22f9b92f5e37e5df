import {readFileSync, readlinkSync} from 'node:fs'
import {hostname} from 'node:os'
import {hasCode} from './atomic-file.js'

/** Tells one process from every other on the machines that share a store. */
export interface HolderProcess {
  readonly self: string
  /** True only when that process certainly runs no more; when in doubt the lock's time decides. */
  isGone(identity: string): boolean
}

/** Field 22 of `/proc/PID/stat` (starttime); the name in field 2 may hold spaces and brackets, so counting starts behind it. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

/** This boot of this machine and this container's view of processes; `null` where the system does not tell. */
function placeOf(): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot}:${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return null
  }
}

/** Linux tells a dead process from a live one by its start time; elsewhere host and process number have to do. */
export function createHolderProcess(): HolderProcess {
  const place = placeOf() ?? `host:${hostname()}`
  return {
    self: JSON.stringify([place, process.pid, startOf(process.pid)]),
    isGone(identity) {
      const [theirPlace, pid, start] = parseIdentity(identity)
      if (theirPlace !== place || pid === null) return false
      return start === null ? !isRunning(pid) : startOf(pid) !== start
    },
  }
}

function parseIdentity(identity: string): [place: string | null, pid: number | null, start: string | null] {
  const parts: unknown = JSON.parse(identity)
  const [place, pid, start] = Array.isArray(parts) ? (parts as unknown[]) : []
  return [
    typeof place === 'string' ? place : null,
    typeof pid === 'number' ? pid : null,
    typeof start === 'string' ? start : null,
  ]
}

/** Signal 0 only asks; a process of another user answers EPERM and is running. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !hasCode(error, 'ESRCH')
  }
}
