/** The two languages findings and commands speak. Chinese is the default. */
export type Language = 'zh' | 'en'

/** One message in both languages. */
export interface Words {
  readonly zh: string
  readonly en: string
}
