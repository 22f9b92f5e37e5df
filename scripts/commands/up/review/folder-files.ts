import {readdirSync, readFileSync} from 'node:fs'
import {join, sep} from 'node:path'

/** Every file below a folder, by its path below `prefix`. */
export function filesOf(folder: string, prefix: string): Record<string, Uint8Array> {
  const entries = readdirSync(folder, {recursive: true, withFileTypes: true}).filter((entry) => entry.isFile())
  return Object.fromEntries(
    entries.map((entry) => {
      const file = join(entry.parentPath, entry.name)
      return [
        `${prefix}/${file
          .slice(folder.length + 1)
          .split(sep)
          .join('/')}`,
        new Uint8Array(readFileSync(file)),
      ]
    }),
  )
}
