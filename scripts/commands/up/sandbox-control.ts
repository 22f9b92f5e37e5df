import axios from 'axios'

/** The sandbox's control API as `up` uses it; times in milliseconds. */
export interface SandboxControl {
  post(path: string, body: object): Promise<unknown>
  get(path: string): Promise<unknown>
}

const TIMEOUT_MS = 60_000

export function createSandboxControl(baseUrl: string): SandboxControl {
  const http = axios.create({baseURL: baseUrl, timeout: TIMEOUT_MS, proxy: false, maxRedirects: 0})
  return {
    post: async (path, body) => (await http.post<unknown>(path, body)).data,
    get: async (path) => (await http.get<unknown>(path)).data,
  }
}
