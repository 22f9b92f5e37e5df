import {CouldNotRun} from './door.js'

/** How a command that annotates pull requests may answer; `--json` is the same as `--format json`. */
const FORMATS = ['text', 'json', 'github'] as const

export type Format = (typeof FORMATS)[number]

export const FORMAT_HELP = FORMATS.join(' | ')

export function formatOf(options: Readonly<Record<string, unknown>> & {readonly json: boolean}): Format {
  if (options.json) return 'json'
  const format = FORMATS.find((one) => one === options['format'])
  if (format !== undefined) return format
  const written = String(options['format'])
  throw new CouldNotRun(
    {zh: `不认识的 --format ${written}`, en: `unknown --format ${written}`},
    {zh: `改为 ${FORMATS.join('、')}`, en: `use ${FORMATS.join(', ')}`},
  )
}
