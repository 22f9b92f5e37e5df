import {join} from 'node:path'
import {parseChecked, renderChecked, type Checked} from './checked-json.js'
import {findNames, readIfThere, removeIfThere, writeExclusive, writeWhole} from './atomic-file.js'

const WIDTH = 8

export type NumberedFile<T> = Checked<T> & {readonly number: number; readonly name: string}

/**
 * A folder of versions: `00000001.json`, `00000002.json` … The next version is made by an exclusive link, so of several
 * writers on one machine exactly one makes number N. That is the store's compare-and-swap, and it needs no lock file.
 */
export interface NumberedFiles<T> {
  /** Numbers present, ascending. */
  findNumbers(): Promise<readonly number[]>
  /** `null` when there is no such file. */
  read(number: number): Promise<NumberedFile<T> | null>
  /** From the newest on downward, damaged ones included; stops when the caller stops. */
  newestFirst(): AsyncGenerator<NumberedFile<T>, void>
  /** `false` when the number was taken. */
  create(number: number, value: T): Promise<boolean>
  /** Rewrites a version; only its one owner may. */
  replace(number: number, value: T): Promise<void>
  /** Removes all but the newest `keep`, oldest first. */
  prune(keep: number): Promise<void>
}

/** @param suffix gives a fresh random text for temporary names */
export function createNumberedFiles<T>(folder: string, suffix: () => string): NumberedFiles<T> {
  const nameOf = (number: number): string => `${String(number).padStart(WIDTH, '0')}.json`
  const fileOf = (number: number): string => join(folder, nameOf(number))

  async function findNumbers(): Promise<number[]> {
    return (await findNames(folder))
      .filter((name) => /^\d{8,}\.json$/.test(name))
      .map((name) => Number(name.slice(0, -'.json'.length)))
      .sort((a, b) => a - b)
  }

  async function read(number: number): Promise<NumberedFile<T> | null> {
    const bytes = await readIfThere(fileOf(number))
    return bytes && {...parseChecked<T>(bytes.toString('utf8')), number, name: nameOf(number)}
  }

  return {
    findNumbers,
    read,
    async *newestFirst() {
      for (const number of (await findNumbers()).reverse()) {
        const file = await read(number)
        if (file) yield file
      }
    },
    async create(number, value) {
      if (!(await writeExclusive(fileOf(number), renderChecked(value), suffix()))) return false
      // A writer that slept through many versions could remake one that was pruned: then its predecessor is gone too.
      const numbers = await findNumbers()
      const first = numbers[0] === number
      if (first && number > 1 && numbers.length > 1) {
        await removeIfThere(fileOf(number))
        return false
      }
      return true
    },
    replace: (number, value) => writeWhole(fileOf(number), renderChecked(value)),
    async prune(keep) {
      for (const number of (await findNumbers()).slice(0, -keep)) await removeIfThere(fileOf(number))
    },
  }
}
