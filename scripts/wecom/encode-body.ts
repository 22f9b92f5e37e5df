// Control characters would travel as \u escapes, which the platform may refuse (40033); tab and line ends have short ones.
const CONTROLS = /[\u0000-\u0007\u000b\u000e-\u001f]/g
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** JSON as raw UTF-8, without `\u` escapes: control characters are left out, halves of characters become U+FFFD. */
export function encodeBody(body: object): string {
  return JSON.stringify(body, (_key, value: unknown) =>
    typeof value === 'string' ? value.replace(CONTROLS, '').replace(LONE_SURROGATE, '\ufffd') : value,
  )
}
