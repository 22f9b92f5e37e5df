/**
 * Text of anybody as Markdown code: nobody is mentioned, no issue is linked, no HTML and no table cell is opened by it.
 * Line ends become spaces and backticks a look-alike.
 */
export function codeSpan(text: string): string {
  const shown = text.replaceAll('`', 'ˋ').replaceAll('|', '￨').replace(/\s+/gu, ' ').trim()
  return `\`${shown === '' ? ' ' : shown}\``
}

/** Text of anybody as a block of its own; the fence is longer than any inside. */
export function codeBlock(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${text}\n${fence}`
}
