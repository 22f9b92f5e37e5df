import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach} from '@jest/globals'
import {createFileStore} from '../../scripts/store/create-file-store.js'
import type {Damage} from '../../scripts/store/damage.js'
import type {HolderProcess} from '../../scripts/store/holder-process.js'
import type {Store} from '../../scripts/core/ports.js'
import {createSystemRandomness} from '../../scripts/runtime/system-randomness.js'
import {createFakeClock, type FakeClock} from '../apply/fake-clock.js'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, {recursive: true, force: true})
})

export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'yingbin-store-'))
  folders.push(folder)
  return folder
}

/** Stores of any kind that several processes opened on one place, with one clock and one list of damage. */
export interface StoreWorld {
  readonly clock: FakeClock
  readonly damage: Damage[]
  readonly store: Store
  open(holders?: HolderProcess): Store
  /** Changes what is written at a number (default: the newest) of a part of the store behind its back. */
  rewrite(part: StorePart, change: (text: string) => string, number?: number): Promise<void>
}

export type StorePart = 'state' | 'lock' | 'manifests' | 'audit' | 'media'

/** Stores on one folder, as several processes would open them, with one clock and one list of damage. */
export function aStore(folder = aFolder()) {
  const clock = createFakeClock()
  const damage: Damage[] = []
  const open = (holders?: HolderProcess) =>
    createFileStore(folder, {
      clock,
      randomness: createSystemRandomness(),
      onDamage: (each) => damage.push(each),
      ...(holders ? {holders} : {}),
    })
  const rewrite = async (part: StorePart, change: (text: string) => string, number?: number): Promise<void> => {
    const file =
      number === undefined ? newestFile(folder, part) : join(folder, part, `${String(number).padStart(8, '0')}.json`)
    writeFileSync(file, change(readFileSync(file, 'utf8')))
  }
  return {folder, clock, damage, open, store: open(), rewrite} satisfies StoreWorld & {folder: string}
}

/** The newest numbered file below a part of the store. */
export function newestFile(folder: string, part: string): string {
  const names = readdirSync(join(folder, part)).sort()
  return join(folder, part, names.at(-1) ?? '')
}
