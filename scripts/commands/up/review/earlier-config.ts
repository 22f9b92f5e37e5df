import {parseDocument} from 'yaml'
import type {Config} from '../../../core/model/config.js'

/**
 * The configuration as it may have been last week: one template without its last sentence. So that the first run, too, has a
 * change to review, even though nothing was ever said before.
 */
export function makeEarlier(
  files: Readonly<Record<string, Uint8Array>>,
  config: Config,
  prefix: string,
  isPossible: (template: string) => boolean,
): Record<string, Uint8Array> {
  for (const {id, file, value} of [...config.templates.values()].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const shorter = withoutLastSentence(value.text)
    const path = `${prefix}/${file}`
    const written = files[path]
    if (shorter === null || written === undefined || !isPossible(id)) continue
    const document = parseDocument(Buffer.from(written).toString('utf8'))
    document.set('text', shorter)
    return {...files, [path]: new Uint8Array(Buffer.from(document.toString()))}
  }
  return {...files}
}

/** `null` where nothing would be left, or where a link or a placeholder would go with it. */
function withoutLastSentence(text: string): string | null {
  const cut = text.slice(0, -1).lastIndexOf('。')
  if (cut < 0) return null
  const last = text.slice(cut + 1)
  return /[[\d]|:\/\//.test(last) ? null : text.slice(0, cut + 1)
}
