import type {Clock} from '../core/ports.js'
import {createSystemClock} from '../runtime/system-clock.js'
import type {Words} from '../core/model/words.js'
import type {Door} from './door.js'

export const STORE_HELP = 'file:FOLDER or redis://HOST:PORT/DB (default: YINGBIN_STORE, else file:.yingbin/store)'

export const STORE_WORDS: Words = {
  zh: 'file:文件夹 或 redis://主机:端口/库号（默认 YINGBIN_STORE，否则 file:.yingbin/store）',
  en: STORE_HELP,
}

/** The clock; a rehearsal may shift it by YINGBIN_CLOCK_OFFSET_MS. */
export const openClock = (door: Door): Clock =>
  createSystemClock({offsetMs: Number(door.env['YINGBIN_CLOCK_OFFSET_MS'] ?? 0)})

/** The same instant for verbs that only ask once what time it is. */
export const nowOf = (door: Door): number => door.nowMs() + Number(door.env['YINGBIN_CLOCK_OFFSET_MS'] ?? 0)
