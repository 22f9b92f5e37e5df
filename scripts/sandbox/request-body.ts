import type {IncomingMessage} from 'node:http'

export interface ReceivedBody {
  bytes: Buffer
  /** The body went on beyond the limit; the rest was read and thrown away. */
  tooLarge: boolean
}

/** Beyond this many times the limit the connection is given up instead of read to its end. */
const PATIENCE_FACTOR = 4

/** Reads a body up to `maxBytes`. Resolves undefined when the caller went away or sent absurdly much. */
export function receiveBody(request: IncomingMessage, maxBytes: number): Promise<ReceivedBody | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBytes) chunks.push(chunk)
      if (size > maxBytes * PATIENCE_FACTOR) request.destroy()
    })
    request.on('end', () =>
      resolve({bytes: size > maxBytes ? Buffer.alloc(0) : Buffer.concat(chunks), tooLarge: size > maxBytes}),
    )
    request.on('close', () => resolve(undefined))
    request.on('error', () => resolve(undefined))
  })
}

/** True when the JSON text holds a literal \uXXXX escape; `\\u` is an escaped backslash followed by a letter. */
export function hasUnicodeEscape(text: string): boolean {
  return /(?:^|[^\\])(?:\\\\)*\\u/.test(text)
}
