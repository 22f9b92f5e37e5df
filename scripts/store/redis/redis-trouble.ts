/**
 * Redis could not be reached, took too long or refused. What it says is one of a few fixed reasons: the client's own errors
 * carry the arguments of the command, which are nobody's business in a log.
 */
export class RedisTrouble extends Error {
  override readonly name = 'RedisTrouble'
  readonly code = 'E_REDIS'
  constructor(readonly reason: string) {
    super(`Redis cannot be used: ${reason}`)
  }
}

/** The first word of an answer that says no: `WRONGPASS`, `NOAUTH`, `OOM`, `READONLY`, `MISCONF` and the like. */
const ANSWER_CODE = /^[A-Z]{2,16}\b/

const SYSTEM_CODES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'no machine has that name',
  EAI_AGAIN: 'its name cannot be looked up now',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  ETIMEDOUT: 'no answer in time',
  EHOSTUNREACH: 'no way leads there',
  ENETUNREACH: 'no way leads there',
}

export function troubleOf(error: unknown): RedisTrouble {
  if (error instanceof RedisTrouble) return error
  return new RedisTrouble(reasonOf(error))
}

function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const message = 'message' in error && typeof error.message === 'string' ? error.message : ''
  const name = 'name' in error && typeof error.name === 'string' ? error.name : ''
  const known = SYSTEM_CODES[code]
  if (known !== undefined) return known
  if (message === 'Command timed out' || message === 'connect ETIMEDOUT') return 'no answer in time'
  if (name === 'MaxRetriesPerRequestError' || message.startsWith('Stream isn')) return 'there is no connection'
  if (name === 'AbortError' || message === 'Connection is closed.') return 'the connection broke'
  const answer = ANSWER_CODE.exec(message)?.[0]
  return answer === undefined ? code || 'unknown' : `it answered ${answer}`
}
