import {HostRefused} from '../core/ports.js'
import {CouldNotRun} from './door.js'

/** The code host said no, or could not be asked: say what it said, without a stack. */
export async function orHostRefused<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof HostRefused)) throw error
    throw new CouldNotRun(
      {zh: `GitHub 没有办成：${error.message}`, en: `GitHub did not do it: ${error.message}`},
      {zh: '检查令牌的权限和网络，再运行一次', en: "check the token's permissions and the network, and run it again"},
      {cause: error},
    )
  }
}
