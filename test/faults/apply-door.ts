import {once} from 'node:events'
import {Agent, createServer, type IncomingMessage, request, type ServerResponse} from 'node:http'
import {buffer} from 'node:stream/consumers'

/** What happens at a call, counted from 1; `false` ends it there: it is not passed on, or its answer is kept back. */
export interface AtCall {
  readonly before?: (number: number) => Promise<boolean>
  readonly after?: (number: number) => Promise<boolean>
}

/** The way to the stand-in on loopback. It counts calls, and something may happen before or after each. */
export interface ApplyDoor {
  readonly url: string
  readonly calls: () => number
  /** Counts anew from 1. */
  watch(atCall: AtCall): void
  /** Until every call that was passed on is carried out. */
  idle(): Promise<void>
  close(): Promise<void>
}

export async function openApplyDoor(target: string): Promise<ApplyDoor> {
  const agent = new Agent({keepAlive: true})
  const under = new Set<Promise<void>>()
  let calls = 0
  let atCall: AtCall = {}

  async function pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await buffer(asked)
    const number = ++calls
    const {before, after} = atCall
    if (before && !(await before(number))) return void answer.destroy()
    const {status, headers, bytes} = await forward(target, agent, asked, body)
    if (after && !(await after(number))) return void answer.destroy()
    answer.writeHead(status, headers).end(bytes)
  }

  const server = createServer((asked, answer) => {
    // Whoever asked may be dead by now, and with him his question: nothing is owed to him.
    const passed = pass(asked, answer).catch(() => void answer.destroy())
    under.add(passed)
    void passed.then(() => under.delete(passed))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    calls: () => calls,
    watch(next) {
      calls = 0
      atCall = next
    },
    async idle() {
      await Promise.all(under)
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      agent.destroy()
    },
  }
}

async function forward(target: string, agent: Agent, {method, url, headers}: IncomingMessage, body: Buffer) {
  const onward = request(new URL(url ?? '/', target), {agent, method, headers})
  onward.end(body)
  const [answered] = (await once(onward, 'response')) as [IncomingMessage]
  return {status: answered.statusCode ?? 502, headers: answered.headers, bytes: await buffer(answered)}
}
