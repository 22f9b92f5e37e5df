import {AnswerLost, Refused} from '../core/ports.js'
import {CouldNotRun} from './door.js'

/** What WeCom did not tell is no answer: neither "differs" nor "is the same". */
export async function orUnread<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof Refused || error instanceof AnswerLost)) throw error
    throw new CouldNotRun(
      {
        zh: `没有查完，什么也没有决定：${error.message}`,
        en: `not everything could be read, nothing was decided: ${error.message}`,
      },
      {
        zh: '检查应用权限、可信 IP 和网络，再运行一次',
        en: "check the app's permissions, trusted IPs and the network, and run it again",
      },
      {cause: error},
    )
  }
}
