import axios from 'axios'
import {CouldNotRun} from '../door.js'

/** The sandbox's control API as `up` uses it; times in milliseconds. */
export interface SandboxControl {
  post(path: string, body: object): Promise<unknown>
}

const TIMEOUT_MS = 60_000

export function createSandboxControl(baseUrl: string): SandboxControl {
  const http = axios.create({baseURL: baseUrl, timeout: TIMEOUT_MS, proxy: false, maxRedirects: 0})
  return {post: (path, body) => orGone('sandbox', () => http.post<unknown>(path, body).then(({data}) => data))}
}

/** A process of ours that does not answer any more is no defect of the program: say so, and how to go on. */
export async function orGone<T>(name: 'sandbox' | 'responder', call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (!axios.isAxiosError(error) || error.response) throw error
    throw processGone(name, error)
  }
}

export const processGone = (name: 'sandbox' | 'responder', cause?: unknown): CouldNotRun =>
  new CouldNotRun(
    {
      zh: `${name === 'sandbox' ? '沙箱' : '应答服务'}中途停止了，流水线在此中断`,
      en: `the ${name} stopped; the pipeline ends here`,
    },
    {
      zh: '没有丢失任何东西：再运行一次 npx yingbin up，会接着做完',
      en: 'nothing is lost: run npx yingbin up again and it goes on from here',
    },
    {cause},
  )
