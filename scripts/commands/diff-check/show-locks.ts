import type {Lock} from '../../core/model/lock.js'
import type {Language} from '../../core/model/words.js'
import type {Guarded} from '../../pipeline/guard.js'
import {placeRemarks} from '../../pipeline/load.js'
import type {Door} from '../door.js'
import {type ShownFinding, showFindings} from '../show-findings.js'

interface ShownPlace {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly before: string | null
  readonly after: string | null
}

export interface ShownLock {
  readonly lock: Omit<Lock, 'places' | 'says' | 'fix'> & {readonly places: readonly ShownPlace[]}
  /** At the first of its places. */
  readonly finding: ShownFinding
}

/** Locks with file, line and column. What is gone is looked up in the base, where it last stood. */
export function showLocks(
  locks: readonly Lock[],
  {head, base}: Guarded,
  folder: string,
  door: Door,
  language: Language,
): ShownLock[] {
  const headFiles = new Set(head.folder.files.map(({path}) => path))
  return locks.map(({places, says, fix, ...lock}) => {
    const rule = `guard-${lock.kind}`
    const shown = places.flatMap(({file, pointer, before, after}) => {
      const isGone = after === null && (pointer !== '' || !headFiles.has(file))
      const remark = {rule, level: 'error' as const, at: {file, pointer}, says, fix}
      const placed = placeRemarks([remark], (isGone ? base : head).folder.files)
      return showFindings(placed, folder, door, language).map((finding) => ({finding, before, after}))
    })
    const finding = shown[0]?.finding ?? {
      rule,
      level: 'error' as const,
      file: folder,
      line: 1,
      column: 1,
      says: says[language],
      fix: fix[language],
    }
    return {
      lock: {
        ...lock,
        places: shown.map(({finding: {file, line, column}, before, after}) => ({file, line, column, before, after})),
      },
      finding,
    }
  })
}
