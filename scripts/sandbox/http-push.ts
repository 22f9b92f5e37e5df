import {Agent as HttpAgent, request as httpRequest} from 'node:http'
import {Agent as HttpsAgent, request as httpsRequest} from 'node:https'

interface PushAnswer {
  /** 0 when the connection failed or the receiver was too slow. */
  status: number
  body: string
  elapsedMs: number
}

/** Sends callbacks over kept connections. Reads at most 64 KiB of an answer: an event needs none at all. */
export class HttpPusher {
  private readonly httpAgent = new HttpAgent({keepAlive: true, maxSockets: 256})
  private readonly httpsAgent = new HttpsAgent({keepAlive: true, maxSockets: 256})

  push(method: 'GET' | 'POST', url: URL, body: string, patienceMs: number): Promise<PushAnswer> {
    const startedMs = performance.now()
    const secure = url.protocol === 'https:'
    return new Promise((resolve) => {
      const finish = (status: number, text: string) => {
        clearTimeout(patience)
        resolve({status, body: text, elapsedMs: performance.now() - startedMs})
      }
      const request = (secure ? httpsRequest : httpRequest)(
        url,
        {
          method,
          agent: secure ? this.httpsAgent : this.httpAgent,
          headers: method === 'POST' ? {'content-type': 'text/xml', 'content-length': Buffer.byteLength(body)} : {},
        },
        (answer) => {
          const chunks: Buffer[] = []
          let size = 0
          answer.on('data', (chunk: Buffer) => {
            size += chunk.length
            if (size <= 65_536) chunks.push(chunk)
          })
          answer.on('end', () => finish(answer.statusCode ?? 0, Buffer.concat(chunks).toString('utf8')))
          answer.on('error', () => finish(0, ''))
        },
      )
      const patience = setTimeout(() => request.destroy(), patienceMs)
      // A refused, reset or overdue connection is one failed push; the outbox decides whether to repeat it.
      request.on('error', () => finish(0, ''))
      request.on('close', () => finish(0, ''))
      request.end(body)
    })
  }

  close(): void {
    this.httpAgent.destroy()
    this.httpsAgent.destroy()
  }
}
