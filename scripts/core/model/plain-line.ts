/** Control and direction marks: they would move a terminal's cursor or turn what follows around. */
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu

/** What a person wrote as one line of at most `most` characters, for audits, terminals and comments. */
export function plainLine(written: string, most: number): string {
  const characters = [...written.replace(UNSEEN, ' ').replace(/\s+/gu, ' ').trim()]
  return characters.length <= most ? characters.join('') : `${characters.slice(0, most - 1).join('')}…`
}
