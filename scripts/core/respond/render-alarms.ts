import type {Alarm} from './alarm-kinds.js'

/** A line about an alarm that came, lasts or is over. */
export interface AlarmNote {
  readonly alarm: Alarm
  readonly what: 'new' | 'lasts' | 'over'
  /** Since when it lasts. */
  readonly sinceMs: number
}

/** Room for the line that tells what was left out. */
const MORE_BYTES = 48

const HEADS: Readonly<Record<AlarmNote['what'], string>> = {new: '告警', lasts: '仍未恢复', over: '恢复'}

const colorOf = ({what, alarm}: AlarmNote): string =>
  what === 'over' ? 'info' : alarm.level === 'urgent' ? 'warning' : 'comment'

function lineOf(note: AlarmNote, nowMs: number): string {
  const {what, alarm, sinceMs} = note
  const minutes = Math.max(1, Math.round((nowMs - sinceMs) / 60_000))
  const lasted = what === 'new' ? '' : `（${what === 'over' ? '历时' : '已'} ${minutes} 分钟）`
  const urgent = alarm.level === 'urgent' && what !== 'over' ? '【紧急】' : ''
  const says = `> <font color="${colorOf(note)}">${HEADS[what]}</font>${urgent} ${alarm.says.zh}${lasted}`
  // Chinese first; the English half tells the same to who reads no Chinese.
  const english = `> ${alarm.says.en}`
  return what === 'over' ? says : `${says}\n${english}\n> 处理：${alarm.mend.zh}`
}

const IMPORTANCE: Readonly<Record<AlarmNote['what'], number>> = {new: 0, lasts: 2, over: 1}

const rank = ({what, alarm}: AlarmNote): number =>
  IMPORTANCE[what] + (alarm.level === 'urgent' && what !== 'over' ? 0 : 3)

/**
 * One message about all of them, in robot markdown (WeCom 91770) of at most `maxBytes`: what matters most first, whole notes
 * only, and how many more there were. `dropped` notes were given up before and are counted in.
 */
export function renderAlarms(notes: readonly AlarmNote[], dropped: number, nowMs: number, maxBytes: number): string {
  const kept: string[] = ['**迎宾 · 告警**']
  const sorted = [...notes].sort((a, b) => rank(a) - rank(b))
  let shown = 0
  for (const note of sorted) {
    const line = lineOf(note, nowMs)
    if (Buffer.byteLength([...kept, line].join('\n')) > maxBytes - MORE_BYTES) break
    kept.push(line)
    shown += 1
  }
  const more = sorted.length - shown + dropped
  if (more > 0) kept.push(`> 另有 ${more} 条，见日志`)
  return kept.join('\n')
}
