import type {Words} from '../../core/model/words.js'

/**
 * Redis could not be reached, took too long or refused. What it says is one of a few fixed reasons: the client's own errors
 * carry the arguments of the command, which are nobody's business in a log.
 */
export class RedisTrouble extends Error {
  override readonly name = 'RedisTrouble'
  readonly code = 'E_REDIS'
  constructor(readonly says: Words) {
    super(`Redis cannot be used: ${says.en}`)
  }
}

/** The first word of an answer that says no: `WRONGPASS`, `NOAUTH`, `OOM`, `READONLY`, `MISCONF` and the like. */
const ANSWER_CODE = /^[A-Z]{2,16}\b/

const BROKEN: Words = {zh: '连接断了', en: 'the connection broke'}
const SILENT: Words = {zh: '没有按时回答', en: 'no answer in time'}
const UNCONNECTED: Words = {zh: '没有连上', en: 'there is no connection'}
const NO_WAY: Words = {zh: '网络不通', en: 'no way leads there'}

const BY_CODE: Readonly<Record<string, Words>> = {
  ECONNREFUSED: {zh: '那里没有服务', en: 'nobody listens there'},
  ENOTFOUND: {zh: '没有这个主机名', en: 'no machine has that name'},
  EAI_AGAIN: {zh: '主机名现在查不到', en: 'its name cannot be looked up now'},
  ECONNRESET: BROKEN,
  EPIPE: BROKEN,
  ETIMEDOUT: SILENT,
  EHOSTUNREACH: NO_WAY,
  ENETUNREACH: NO_WAY,
}

/** What the client says without a code, by its beginning. */
const BY_MESSAGE: readonly (readonly [string, Words])[] = [
  ['Command timed out', SILENT],
  ['connect ETIMEDOUT', SILENT],
  ['Socket timeout', SILENT],
  ['Connection is closed', BROKEN],
  ['Command aborted due to connection close', BROKEN],
  ['Reached the max retries per request', UNCONNECTED],
  ["Stream isn't writeable", UNCONNECTED],
]

/** How the client calls its errors; by name, for they may come from another realm. */
const CLIENT_ERRORS: ReadonlySet<string> = new Set(['Error', 'ReplyError', 'MaxRetriesPerRequestError', 'AbortError'])

export function troubleOf(error: unknown): RedisTrouble {
  if (error instanceof RedisTrouble) return error
  return new RedisTrouble(reasonOf(error))
}

/**
 * The same port, whose methods throw RedisTrouble, or what `explain` makes of it, where the client would have thrown one of
 * its own errors. Every other error stays what it is.
 */
export function withTroubleTold<T extends object>(port: T, explain: (trouble: RedisTrouble) => Error = (it) => it): T {
  return new Proxy(port, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return async (...values: unknown[]): Promise<unknown> => {
        try {
          return await (Reflect.apply(method, target, values) as Promise<unknown>)
        } catch (error) {
          throw error instanceof Error && !CLIENT_ERRORS.has(error.name) ? error : explain(troubleOf(error))
        }
      }
    },
  })
}

function reasonOf(error: unknown): Words {
  const [code, message] = [textOf(error, 'code'), textOf(error, 'message')]
  const known = BY_CODE[code] ?? BY_MESSAGE.find(([start]) => message.startsWith(start))?.[1]
  if (known !== undefined) return known
  const answer = ANSWER_CODE.exec(message)?.[0] ?? (code || 'unknown')
  return {zh: `它回答 ${answer}`, en: `it answered ${answer}`}
}

function textOf(error: unknown, field: string): string {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, field) : undefined
  return typeof value === 'string' ? value : ''
}
