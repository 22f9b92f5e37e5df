const entity = (character: string): string => `&#${character.charCodeAt(0)};`

/** Characters that mean something to Markdown, HTML or a table, written so that they mean only themselves. */
const asEntities = (text: string): string =>
  text
    .replace(/\r?\n/g, ' ')
    .replace(/[\\`*_{}[\]()<>&+!|~"'$]/g, entity)
    .replace(/:(?=\/\/)/g, entity)
    .replace(/(?<=\bwww)\./gi, entity)

/** Text of others as plain characters: no markup, no link, no broken table; a zero-width joiner keeps `@name` and `#12` silent. */
export const escapeMarkdown = (text: string): string => asEntities(text).replace(/(?<!&)([@#])(?=\w)/g, '$1\u200d')

/** The same in code type, where nobody is mentioned and every character can be copied as it is. */
export const codeCell = (text: string): string => `<code>${asEntities(text)}</code>`

/**
 * Text of anybody as Markdown code: nobody is mentioned, no issue is linked, no HTML and no table cell is opened by it.
 * Line ends become spaces and backticks a look-alike.
 */
export function codeSpan(text: string): string {
  const shown = text.replaceAll('`', 'ˋ').replaceAll('|', '￨').replace(/\s+/gu, ' ').trim()
  return `\`${shown === '' ? ' ' : shown}\``
}

/** A code block whose fence is longer than any run of backticks inside it. */
export function fence(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const marks = '`'.repeat(longest + 1)
  return `${marks}${language}\n${text}\n${marks}`
}
