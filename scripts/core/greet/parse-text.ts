/** A text cut once into what stands as written and what is filled in. */
export type Segment = {readonly text: string} | {readonly placeholder: string}

export const NICKNAME = '客户昵称'
export const MEMBER_NAME = '员工姓名'
export const MEMBER_NUMBER = '员工编号'
export const SUCCESSOR_NAME = '接替人姓名'
export const BUILT_IN_PLACEHOLDERS: readonly string[] = [NICKNAME, MEMBER_NAME, MEMBER_NUMBER, SUCCESSOR_NAME]

const MAX_PLACEHOLDER_CHARACTERS = 12

/** A bracket whose content looks like a placeholder must be one; longer or spaced content is plain text. */
export const looksLikePlaceholder = (content: string): boolean =>
  content !== '' && !/\s/.test(content) && [...content].length <= MAX_PLACEHOLDER_CHARACTERS

/**
 * Cuts a text at `[名称]`; `\[` is a literal bracket. One pass: what is filled in is never looked at again.
 * `isKnown` says which names are placeholders beside those that look like one.
 */
export function parseText(text: string, isKnown: (name: string) => boolean): Segment[] {
  if (!text.includes('[')) return [{text}]
  const segments: Segment[] = []
  let plain = ''
  const pattern = /\\\[|\[([^[\]\n]*)\]/g
  let last = 0
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    plain += text.slice(last, match.index)
    last = match.index + match[0].length
    const name = match[1]
    if (name === undefined) plain += '['
    else if (isKnown(name) || looksLikePlaceholder(name)) {
      if (plain !== '') segments.push({text: plain})
      plain = ''
      segments.push({placeholder: name})
    } else plain += match[0]
  }
  plain += text.slice(last)
  if (plain !== '') segments.push({text: plain})
  return segments
}

export function placeholdersIn(segments: readonly Segment[]): string[] {
  const names: string[] = []
  for (const segment of segments) if ('placeholder' in segment) names.push(segment.placeholder)
  return names
}
