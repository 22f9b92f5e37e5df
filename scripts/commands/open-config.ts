import {statSync} from 'node:fs'
import {CouldNotRun} from './door.js'

/** The configuration folder must be there before anything is said about its content. */
export function requireFolder(folder: string): void {
  const found = statSync(folder, {throwIfNoEntry: false})
  if (!found?.isDirectory())
    throw new CouldNotRun(
      {zh: `没有配置文件夹 ${folder}`, en: `there is no configuration folder ${folder}`},
      {zh: '用 --config 指明文件夹', en: 'name the folder with --config'},
    )
}

/** `--now` makes a run repeatable; without it the clock decides. */
export function instantOption(value: unknown, otherwise: number, flag: string): number {
  if (value === undefined) return otherwise
  const ms =
    typeof value === 'string' &&
    /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})$/.test(value)
      ? Date.parse(value)
      : Number.NaN
  if (Number.isNaN(ms))
    throw new CouldNotRun(
      {
        zh: `${flag} 不是带时区的时刻：${String(value)}`,
        en: `${flag} is not an instant with an offset: ${String(value)}`,
      },
      {zh: `例如 ${flag} 2026-11-25T06:00:00+08:00`, en: `for example ${flag} 2026-11-25T06:00:00+08:00`},
    )
  return ms
}
