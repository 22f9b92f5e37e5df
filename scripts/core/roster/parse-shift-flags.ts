import {parseTimeOfDay} from '../model/instant.js'
import type {Words} from '../model/words.js'
import type {WrittenRoster} from '../model/written.js'
import {isRest} from './shift-words.js'

type Shifts = WrittenRoster['shifts']

/** What `--shift` says beyond the roster file. */
export interface ShiftFlags {
  /** The file's shifts and the new ones. */
  readonly shifts: Shifts
  /** A word of the sheet → the shift it means, `null` for rest. */
  readonly words: ReadonlyMap<string, string | null>
}

export interface FlagProblem {
  readonly problem: Words
}

const SPAN = /^(\d{1,2}:\d{2})[-–~至](\d{1,2}:\d{2})$/
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/

/** `早=早班` (a word for a shift), `年假=休` (a word for rest), `早班=06:00-14:00` (a shift the file lacks). */
export function parseShiftFlags(flags: readonly string[], known: Shifts): ShiftFlags | FlagProblem {
  const shifts: Record<string, Shifts[string]> = {...known}
  const words = new Map<string, string | null>()
  const named: [word: string, shift: string][] = []
  for (const flag of flags) {
    const at = flag.indexOf('=')
    const [word, meaning] = [
      flag.slice(0, at).trim().normalize('NFC'),
      flag
        .slice(at + 1)
        .trim()
        .normalize('NFC'),
    ]
    if (at < 0 || word === '' || meaning === '')
      return {problem: {zh: `--shift ${flag} 不是 词=班次`, en: `--shift ${flag} is not WORD=SHIFT`}}
    const span = SPAN.exec(meaning.normalize('NFKC'))
    if (span) {
      const [from = '', to = ''] = span.slice(1).map((time) => time.padStart(5, '0'))
      const problem = spanProblem(flag, from, to, Object.hasOwn(known, word) ? known[word] : undefined)
      if (problem) return {problem}
      shifts[word] = Object.hasOwn(known, word) ? (known[word] ?? {from, to}) : {from, to}
    } else if (isRest(meaning)) words.set(word, null)
    else named.push([word, meaning])
  }
  for (const [word, shift] of named) {
    if (!Object.hasOwn(shifts, shift))
      return {
        problem: {
          zh: `--shift ${word}=${shift}：没有班次「${shift}」，已有：${listed(shifts, '、')}`,
          en: `--shift ${word}=${shift}: there is no shift "${shift}"; known: ${listed(shifts, ', ')}`,
        },
      }
    words.set(word, shift)
  }
  return {shifts, words}
}

const listed = (shifts: Shifts, between: string): string => Object.keys(shifts).join(between) || '-'

function spanProblem(flag: string, from: string, to: string, known: Shifts[string] | undefined): Words | null {
  if (!TIME.test(from) || !(TIME.test(to) || to === '24:00'))
    return {zh: `--shift ${flag}：没有这样的时间`, en: `--shift ${flag}: there is no such time`}
  if (from === to) return {zh: `--shift ${flag}：起止相同`, en: `--shift ${flag}: it starts when it ends`}
  if (!known) return null
  const isSame = parseTimeOfDay(known.from) === parseTimeOfDay(from) && parseTimeOfDay(known.to) === parseTimeOfDay(to)
  return isSame
    ? null
    : {
        zh: `--shift ${flag}：班表文件里它是 ${known.from}–${known.to}，要改请改文件`,
        en: `--shift ${flag}: the roster file says ${known.from}–${known.to}; change it there`,
      }
}
