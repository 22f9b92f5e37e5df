export const escapePointer = (token: string): string => token.replaceAll('~', '~0').replaceAll('/', '~1')

/** Joins tokens to a JSON pointer. */
export const pointerTo = (...tokens: readonly (string | number)[]): string =>
  tokens.map((token) => `/${escapePointer(String(token))}`).join('')
