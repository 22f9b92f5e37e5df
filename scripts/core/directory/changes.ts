import type {Edit} from './edits.js'

/** One difference in words that hold userids, department paths and names of tags and fields alone. */
export type Change =
  | {
      readonly what: 'department-added' | 'department-removed' | 'department-numbered' | 'department-led'
      readonly path: string
    }
  | {readonly what: 'department-renamed'; readonly path: string; readonly to: string}
  | {readonly what: 'member-added'; readonly id: string; readonly to: readonly string[]}
  | {
      readonly what: 'member-moved'
      readonly id: string
      readonly from: readonly string[]
      readonly to: readonly string[]
    }
  | {readonly what: 'member-left' | 'member-disabled' | 'member-active' | 'member-named'; readonly id: string}
  | {readonly what: 'member-led'; readonly id: string; readonly by: string}
  | {
      readonly what: 'member-tagged'
      readonly id: string
      readonly added: readonly string[]
      readonly removed: readonly string[]
    }
  | {readonly what: 'member-graded'; readonly id: string; readonly names: readonly string[]}

/** What one part of the comparison found: in words, and in edits of the file. */
export interface Found {
  readonly changes: readonly Change[]
  readonly edits: readonly Edit[]
}

export const join = (parts: readonly Found[]): Found => ({
  changes: parts.flatMap(({changes}) => changes),
  edits: parts.flatMap(({edits}) => edits),
})
