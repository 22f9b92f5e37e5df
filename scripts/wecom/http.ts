import http from 'node:http'
import https from 'node:https'
import axios, {AxiosError, type AxiosInstance} from 'axios'
import axiosRetry from 'axios-retry'
import {parseAnswer, type Answer} from './answer.js'
import type {Failure} from './decide-retry.js'

/** A proxy with a fixed address, for networks whose own address WeCom does not trust (60020). */
export interface EgressProxy {
  readonly protocol: 'http' | 'https'
  readonly host: string
  readonly port: number
  readonly auth?: {readonly username: string; readonly password: string}
}

export interface HttpSettings {
  readonly baseUrl: string
  readonly timeoutMs: number
  readonly proxy?: EgressProxy | undefined
  /** The platform's own time (its answer's Date), in epoch milliseconds, to the second. */
  readonly onPlatformTime?: ((platformMs: number) => void) | undefined
}

export interface Http {
  readonly axios: AxiosInstance
  close(): void
}

const LARGEST_ANSWER_BYTES = 32 * 1024 * 1024
const LARGEST_BODY_BYTES = 24 * 1024 * 1024
const REFUSED_BY_ERRCODE = 'ERR_WECOM_ERRCODE'
const MALFORMED = 'ERR_WECOM_MALFORMED'

/** Axios as WeCom needs it: one kept-alive agent a scheme, no redirects, no proxy from the environment, errcode = failure. */
export function createHttp({baseUrl, timeoutMs, proxy, onPlatformTime}: HttpSettings): Http {
  const httpAgent = new http.Agent({keepAlive: true})
  const httpsAgent = new https.Agent({keepAlive: true})
  const instance = axios.create({
    baseURL: baseUrl,
    timeout: timeoutMs,
    proxy: proxy ?? false,
    maxRedirects: 0,
    maxContentLength: LARGEST_ANSWER_BYTES,
    maxBodyLength: LARGEST_BODY_BYTES,
    httpAgent,
    httpsAgent,
    responseType: 'text',
    validateStatus: (status) => status === 200,
    transformRequest: [(data: unknown) => data],
    transformResponse: [(data: unknown) => data],
    transitional: {clarifyTimeoutError: true},
  })
  // The verdict comes inside a 200. This has to stand before axios-retry, or a refusal would never reach its decision.
  instance.interceptors.response.use((response) => {
    const saidMs = Date.parse(String(response.headers['date']))
    if (!Number.isNaN(saidMs)) onPlatformTime?.(saidMs)
    const answer = readBody(response)
    if (answer?.errcode === 0) {
      response.data = answer
      return response
    }
    const code = answer === null ? MALFORMED : REFUSED_BY_ERRCODE
    throw new AxiosError('no success', code, response.config, undefined, response)
  })
  axiosRetry(instance, {retries: 0})
  const close = () => {
    httpAgent.destroy()
    httpsAgent.destroy()
  }
  return {axios: instance, close}
}

/** A file is told from a refusal by its name in the head (90254). */
function readBody({data, headers}: {readonly data: unknown; readonly headers: object}): Answer | null {
  if (!Buffer.isBuffer(data)) return parseAnswer(data)
  if ('content-disposition' in headers) return {errcode: 0, errmsg: '', fields: {}, bytes: data}
  return parseAnswer(data.toString('utf8'))
}

const NEVER_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])
const LASTING = /^(CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO$)/

/** What went wrong, without the error object of axios, which holds token, secret and body. */
export function readFailure(error: AxiosError): Failure {
  const code = error.code ?? 'UNKNOWN'
  if (code === 'ERR_CANCELED') return {kind: 'aborted'}
  if (code === 'ETIMEDOUT' || code === 'ECONNABORTED') return {kind: 'timeout'}
  if (error.response !== undefined) return readRefusal(code, error.response)
  if (code === 'ERR_BAD_RESPONSE') return {kind: 'malformed'}
  // A lasting fault is found while connecting: the request never left.
  const lasting = LASTING.test(code)
  return {kind: 'network', symptom: code, reached: !lasting && !NEVER_CONNECTED.has(code), lasting}
}

function readRefusal(code: string, response: {status: number; data: unknown; headers: object}): Failure {
  const answer = code === REFUSED_BY_ERRCODE ? readBody(response) : null
  if (answer !== null) return {kind: 'answer', errcode: answer.errcode, errmsg: answer.errmsg}
  return response.status === 200 ? {kind: 'malformed'} : {kind: 'http-status', status: response.status}
}
