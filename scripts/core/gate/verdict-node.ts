import type {Words} from '../model/words.js'

/** One reason of the verdict; it holds when all below it do. */
export interface VerdictNode {
  readonly name: string
  readonly holds: boolean
  readonly says: Words
  readonly children: readonly VerdictNode[]
}
