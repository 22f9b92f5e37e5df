import {existsSync, readFileSync} from 'node:fs'

/**
 * What a step wrote into GITHUB_OUTPUT or GITHUB_ENV: `name=value`, or `name<<END`, lines, `END`. Throws on anything else, as the
 * real runner does.
 */
export function readCommandFile(file: string): Record<string, string> {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  const values: Record<string, string> = {}
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    if (line === '') continue
    const [, key, mark, rest] = /^([^=<]+)(=|<<)(.*)$/.exec(line) ?? []
    if (key === undefined || rest === undefined) throw new Error(`not understood in a command file: ${line}`)
    if (mark === '=') {
      values[key] = rest
      continue
    }
    const end = lines.indexOf(rest, index + 1)
    if (end < 0) throw new Error(`nothing ends ${key}`)
    values[key] = lines.slice(index + 1, end).join('\n')
    index = end
  }
  return values
}

/** Values a step asked to hide: `::add-mask::value`. */
export const masksIn = (log: string): string[] =>
  [...log.matchAll(/^::add-mask::(.+)$/gm)].flatMap(([, value]) => value ?? [])
