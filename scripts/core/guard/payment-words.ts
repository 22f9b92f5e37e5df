/** Words that say how one pays; together they are one key fact of a template. */
export const PAYMENT_WORDS = [
  '对公账户',
  '个人账户',
  '私人账户',
  '转账',
  '汇款',
  '打款',
  '支付宝',
  '微信支付',
  '收款码',
  '付款码',
  '收款账户',
  '银行卡',
  '卡号',
  '定金',
  '押金',
  '现金',
]

/** A card number in full, or one that goes on in private: `6222…`. */
const ACCOUNT_NUMBER =
  /(?<!\d)\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}(?:[ -]?\d{1,3})?(?!\d)|(?<!\d)62\d{2,}(?:[…*]|\.{2})[…*.]*/g

const PAY = '(?:转账|转帐|转钱|打款|打钱|汇款|付款|付钱|支付|扫码付|转|打|付)'
const PRIVATE = '(?:我|本人|个人|私人)'
/** Asks to pay somebody in private: a company never does. */
const PRIVATE_TRANSFER = new RegExp(
  [
    String.raw`(?:私聊|私下|私信|单独)[^，。；！？,;!?\n]{0,4}(?:转账|转帐|转钱|付款|打款|汇款|支付|扫码)`,
    `${PAY}(?:给|到|至|入)${PRIVATE}`,
    '(?<!您的|你的|您|你)(?:个人|私人|私下|我的|本人)的?(?:账户|帐户|账号|帐号|银行卡|卡号|收款码|付款码|支付宝)',
    'wxp://',
  ].join('|'),
  'gi',
)
/** «不会让你转账给个人» warns of the very thing. */
const WARNING =
  /不会|不要|不用|不让|不得|不能|不可|不向|不接受|不收|绝不|从不|勿|切忌|谨防|警惕|防止|防范|拒绝|禁止|严禁/
const CLAUSE_END = /[，。；！？,;!?\n]/
/** So far back a warning may stand; without an end a long text would be walked once for every call in it. */
const MOST_BACK = 60

/** Full-width digits and signs say the same as plain ones. */
export const withPlainDigits = (text: string): string =>
  text.replace(/[\uff10-\uff19\uff05\uff0b\uff0d\uff0e\uffe5]/g, (character) => character.normalize('NFKC'))

/** Without spaces and hyphens; the text has plain digits. */
export const accountNumbersIn = (text: string): string[] =>
  [...text.matchAll(ACCOUNT_NUMBER)].map(([number]) => number.replace(/[\s-]/g, ''))

/** Account numbers and calls for a private transfer, as a text holds them; a clause that warns of them is none. */
export function privatePaymentsIn(written: string): string[] {
  const text = withPlainDigits(written)
  const calls = [...text.matchAll(PRIVATE_TRANSFER)].filter(({index}) => !isWarning(text, index))
  return [...calls.map(([call]) => call), ...accountNumbersIn(text)]
}

function isWarning(text: string, index: number): boolean {
  let start = index
  while (start > 0 && index - start < MOST_BACK && !CLAUSE_END.test(text[start - 1] ?? '')) start--
  return WARNING.test(text.slice(start, index))
}
