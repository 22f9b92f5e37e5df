import type {AppliedResource, Step} from '../model/plan.js'
import type {Words} from '../model/words.js'

/** What one kind of thing contributes to a plan. */
export interface PlanPart {
  readonly steps: readonly Step[]
  readonly notes: readonly Words[]
}

export const joinParts = (parts: readonly PlanPart[]): PlanPart => ({
  steps: parts.flatMap(({steps}) => steps),
  notes: parts.flatMap(({notes}) => notes),
})

/** By UTF-16 code units, the same on every machine whatever its locale. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export const sortedUnique = (texts: Iterable<string>): string[] => [...new Set(texts)].sort(byText)

/** Something imported is not deleted for lack of a file: its pull request may still be on the way. */
export const notMergedYet = ({kind, id}: Pick<AppliedResource, 'kind' | 'id'>): Words => ({
  zh: `「${kind}/${id}」是导入的，配置里还没有它的文件：保留不删，请合并导入的文件`,
  en: `"${kind}/${id}" was imported and the configuration has no file of it yet: it stays; merge the file the import wrote`,
})
