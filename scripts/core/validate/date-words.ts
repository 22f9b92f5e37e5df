const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)'
const DAY = '(?:3[01]|[12]\\d|0?[1-9])'

/** Days of the year and the sales that fall on them; a plain weekday, a clock time and a day of every year are none. */
const DATE = new RegExp(
  [
    String.raw`\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}`,
    String.raw`(?<!每年|逢|\d)\d{1,2}月\d{1,2}[日号]`,
    String.raw`(?<!每月|\d)\d{1,2}日\d{1,2}[:：点]`,
    String.raw`(?<![\d.])(?:1[0-2]|0?[1-9])[/.]${DAY}(?:（.{1,4}）|\(.{1,4}\))?\s*\d{1,2}[:：点]`,
    String.raw`\b${MONTH}\.? ${DAY}(?:st|nd|rd|th)?\b(?! ?%)`,
    String.raw`(?<![\d.])${DAY}(?:st|nd|rd|th|\.)? ${MONTH}\b`,
    '双(?:11|12|十一|十二)',
    '(?<![A-Za-z0-9])(?:618|DOUBLE11)(?![A-Za-z0-9])',
    '黑五|black friday',
  ].join('|'),
  'i',
)

const CHINESE_SIGN = /\d[-/.年月日]|双|618|黑五/
const LATIN_SIGN = /[A-Za-z]{3}\.? \d|\d[a-z.]{0,2} [A-Za-z]{3}|double11|black friday/i

/** False where {@link findDate} surely finds nothing; nearly every text ends here. */
export const mayNameDate = (text: string): boolean => CHINESE_SIGN.test(text) || LATIN_SIGN.test(text)

/** The first date or dated sale as it is written. */
export const findDate = (text: string): string | undefined => (mayNameDate(text) ? DATE.exec(text)?.[0] : undefined)
