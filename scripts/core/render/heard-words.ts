import type {Language} from '../model/words.js'

/** What a customer hears, in a word or two: the template, silence on purpose, or the built-in text. */
export function heardWords(
  {template, silent}: {readonly template: string | null; readonly silent: boolean},
  language: Language,
): string {
  if (silent) return language === 'zh' ? '（有意不说）' : '(silent on purpose)'
  return template ?? (language === 'zh' ? '（内置兜底语）' : '(built-in text)')
}
