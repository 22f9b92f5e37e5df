import type {Words} from '../model/words.js'
import type {AdminOperation} from '../ports.js'

/** Something an administrator did in the console that may change who is greeted with what; never what it was about. */
export interface ConsoleEdit extends AdminOperation {
  readonly says: Words
}

/**
 * Kinds of operation (100179) that can touch welcomes or what the app may do. Whether an edit of a console welcome is
 * logged at all is unconfirmed; if it is, 13 is its kind.
 */
const TOLD: Readonly<Record<number, Words>> = {
  2: {zh: '权限', en: 'permissions'},
  8: {zh: '应用', en: 'apps'},
  13: {
    zh: '外部联系人管理（后台欢迎语的改动可能记在这里，官方没有写明）',
    en: 'management of external contacts (edits of a console welcome may be among them; no page says so)',
  },
}

/** Those that matter, oldest first. */
export const keepConsoleEdits = (operations: readonly AdminOperation[]): ConsoleEdit[] =>
  operations
    .flatMap((operation) => {
      const says = TOLD[operation.operType]
      return says ? [{...operation, says}] : []
    })
    .sort((a, b) => a.atMs - b.atMs)
