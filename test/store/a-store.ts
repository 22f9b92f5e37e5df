import {mkdtempSync, readdirSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach} from '@jest/globals'
import {createFileStore} from '../../scripts/store/create-file-store.js'
import type {Damage} from '../../scripts/store/damage.js'
import type {HolderProcess} from '../../scripts/store/holder-process.js'
import {createSystemRandomness} from '../../scripts/runtime/system-randomness.js'
import {createFakeClock} from '../apply/fake-clock.js'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, {recursive: true, force: true})
})

export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'yingbin-store-'))
  folders.push(folder)
  return folder
}

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
  return {folder, clock, damage, open, store: open()}
}

/** The newest numbered file below a part of the store. */
export function newestFile(folder: string, part: string): string {
  const names = readdirSync(join(folder, part)).sort()
  return join(folder, part, names.at(-1) ?? '')
}
