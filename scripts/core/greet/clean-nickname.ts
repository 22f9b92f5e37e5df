/** WeCom gives no limit for nicknames; the text's byte budget reserves this much (32 characters of 4 bytes). */
export const NICKNAME_BUDGET_BYTES = 128

const graphemes = new Intl.Segmenter('zh', {granularity: 'grapheme'})

/**
 * Makes a customer's nickname safe to stand in a text: one line, no control, direction or invisible characters (the
 * joiner inside an emoji stays), no link that a client would make clickable, within the byte budget. Empty when nothing
 * is left. A nickname is data: placeholders in it are plain text, since filling in is one pass.
 */
export function cleanNickname(nickname: string): string {
  // Unseen characters go before spaces are joined, so that what stood between two spaces leaves one.
  const visible = nickname
    .replace(/(?!\s)[\p{Cc}\p{Cs}\p{Co}\p{Cn}]|(?!\u200D)\p{Cf}/gu, '')
    .replace(/(?<!\p{Extended_Pictographic}\uFE0F?|\p{EMod})\u200D|\u200D(?!\p{Extended_Pictographic})/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
  return withinBudget(withoutLinks(visible)).trim()
}

/** A dot between letters or digits makes clients draw a link; the middle dot does not. */
const withoutLinks = (text: string): string =>
  text.replaceAll('://', '：').replace(/(?<=[\p{L}\p{N}])[.。．｡](?=[\p{L}\p{N}])/gu, '·')

function withinBudget(text: string): string {
  if (Buffer.byteLength(text) <= NICKNAME_BUDGET_BYTES) return text
  let kept = ''
  let bytes = 0
  for (const {segment} of graphemes.segment(text)) {
    bytes += Buffer.byteLength(segment)
    if (bytes > NICKNAME_BUDGET_BYTES) break
    kept += segment
  }
  return kept
}
