import type {WrittenPolicy} from './written.js'

/** What changed in meaning, in the words review rules use. */
export type ChangeKind = NonNullable<WrittenPolicy['review']>[number]['on'][number]

export interface Change {
  readonly on: ChangeKind
  /** `template`, `schedule` …: what the id names. */
  readonly kind: string
  readonly id: string
  readonly file: string
  readonly action: 'create' | 'update' | 'delete'
  readonly before: unknown
  readonly after: unknown
}
