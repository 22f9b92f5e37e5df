import {type Clock, type Store, StoreDamaged, StoreLocked} from '../core/ports.js'
import {plainLine} from '../core/model/plain-line.js'
import type {Words} from '../core/model/words.js'
import {CouldNotRun, type Door, type ExitCode} from './door.js'
import {openStore} from './open-store.js'
import {openClock} from './store-option.js'

/** Names this runner in the lock, for whoever finds it held. */
export const holderName = (door: Door): string => door.env['GITHUB_RUN_ID'] ?? `pid-${process.pid}`

/** Opens the store for one verb and closes it again whatever happens. */
export async function withStore(
  door: Door,
  options: Readonly<Record<string, unknown>>,
  work: (store: Store, clock: Clock) => Promise<ExitCode>,
): Promise<ExitCode> {
  const clock = openClock(door)
  const store = openStore(door, options['store'], clock)
  try {
    return await orBlocked(work(store, clock))
  } finally {
    await store.close()
  }
}

/** A held lock, a damaged file or a disk that refuses is no defect of the program: say so, and what to do. */
export async function orBlocked<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof StoreDamaged)
      throw new CouldNotRun(
        {
          zh: `存储里有损坏，什么也没有覆盖：${error.message}`,
          en: `the store is damaged, nothing was overwritten: ${error.message}`,
        },
        {zh: '从备份恢复存储，再运行一次', en: 'restore the store from a copy and run it again'},
        {cause: error},
      )
    const refusal = refusalOfDisk(error)
    if (refusal) throw new CouldNotRun(refusal.says, refusal.fix, {cause: error})
    if (!(error instanceof StoreLocked)) throw error
    throw new CouldNotRun(
      {zh: `存储正被 ${error.holder} 使用`, en: error.message},
      {
        zh: '等它结束后再来；若它已中断，锁会自己过期',
        en: 'come again when it has finished; if it died, the lock expires by itself',
      },
      {cause: error},
    )
  }
}

interface Refusal {
  readonly says: Words
  readonly fix: Words
}

/** What the disk under the store says no with, by the code of the system's error; `null` for every other error. */
function refusalOfDisk(error: unknown): Refusal | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null
  const code = String(error.code)
  const refusal = REFUSALS_OF_DISK.get(code)
  if (!refusal) return null
  const place = 'path' in error && typeof error.path === 'string' ? ` ${error.path}` : ''
  const says = {zh: `${refusal.says.zh}（${code}${place}）`, en: `${refusal.says.en} (${code}${place})`}
  return {says, fix: refusal.fix}
}

const FULL: Refusal = {
  says: {zh: '存储写不下去：磁盘满了', en: 'the store cannot be written: the disk is full'},
  fix: {
    zh: '腾出空间，再运行一次：已记下的不会丢，从断开处接着做',
    en: 'make room and run it again: what was written down is kept, and it goes on from there',
  },
}
const FORBIDDEN: Refusal = {
  says: {zh: '没有权限读写存储', en: 'the store may not be read or written'},
  fix: {
    zh: '让运行它的用户拥有这个文件夹，或用 --store 换一个地方，再运行一次',
    en: 'give the folder to the user who runs this, or name another place with --store, and run it again',
  },
}
const READ_ONLY: Refusal = {
  says: {zh: '存储在只读的磁盘上', en: 'the store is on a disk that can only be read'},
  fix: {
    zh: '把磁盘挂成可写，或用 --store 换一个地方，再运行一次',
    en: 'make the disk writable, or name another place with --store, and run it again',
  },
}
const NO_FOLDER: Refusal = {
  says: {zh: '存储的地址不是文件夹', en: "the store's address is no folder"},
  fix: {zh: '用 --store file:文件夹 换一个地方', en: 'name another place with --store file:FOLDER'},
}
const REFUSALS_OF_DISK: ReadonlyMap<string, Refusal> = new Map([
  ['ENOSPC', FULL],
  ['EDQUOT', FULL],
  ['EACCES', FORBIDDEN],
  ['EPERM', FORBIDDEN],
  ['EROFS', READ_ONLY],
  ['ENOTDIR', NO_FOLDER],
])

const LONGEST_REASON = 500
const LONGEST_NAME = 64

/** `--reason`, as one line. */
export function reasonOption(written: unknown, example: string): string {
  const reason = typeof written === 'string' ? plainLine(written, LONGEST_REASON) : ''
  if (reason !== '') return reason
  throw new CouldNotRun(
    {zh: '缺少 --reason：为什么这么做，会记进审计', en: '--reason is missing: why; it goes into the audit'},
    {zh: example, en: example},
  )
}

/** Who does it, for the audit: `--who`, else whoever started the workflow, else the user of this machine. */
export function whoOption(door: Door, written: unknown): string {
  const name = typeof written === 'string' ? written : (door.env['GITHUB_ACTOR'] ?? door.env['USER'] ?? '')
  return plainLine(name, LONGEST_NAME) || 'operator'
}
