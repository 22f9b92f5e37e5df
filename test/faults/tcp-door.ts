import {once} from 'node:events'
import {connect, createServer, type Server, type Socket} from 'node:net'

/** `refuses` new connections and drops those there are · `swallows` what is sent · `resets` every connection. */
export type DoorMode = 'open' | 'refuses' | 'swallows' | 'resets'

/** A way to one of several ports on this machine, in turn, that can be shut in several ways. */
export interface TcpDoor {
  readonly port: number
  /** Ports behind it; those that do not answer are passed over. */
  targets: number[]
  set(mode: DoorMode): Promise<void>
  close(): Promise<void>
}

const HOST = '127.0.0.1'

export async function openTcpDoor(targets: readonly number[]): Promise<TcpDoor> {
  const sockets = new Set<Socket>()
  let mode: DoorMode = 'open'
  let turn = 0
  let server: Server = listenWith(0)
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0

  function listenWith(onPort: number): Server {
    return createServer((socket) => {
      keep(socket)
      if (mode === 'resets') return void socket.resetAndDestroy()
      if (mode === 'swallows') return void socket.resume()
      passOn(socket, door.targets.length)
    }).listen(onPort, HOST)
  }

  function keep(socket: Socket): void {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  }

  function passOn(socket: Socket, chances: number): void {
    const target = door.targets[turn++ % Math.max(1, door.targets.length)]
    if (target === undefined || chances <= 0) return void socket.destroy()
    const onward = connect(target, HOST)
    onward.once('error', () => passOn(socket, chances - 1))
    onward.once('connect', () => {
      onward.removeAllListeners('error')
      keep(onward)
      socket.pipe(onward).pipe(socket)
      socket.on('close', () => onward.destroy())
      onward.on('close', () => socket.destroy())
    })
  }

  function dropAll(): void {
    for (const socket of sockets) socket.destroy()
  }

  const door: TcpDoor = {
    port,
    targets: [...targets],
    async set(next) {
      const wasListening = mode !== 'refuses'
      mode = next
      dropAll()
      if (next === 'refuses' && wasListening) {
        const closed = once(server, 'close')
        server.close()
        await closed
      }
      if (next !== 'refuses' && !wasListening) {
        server = listenWith(port)
        await once(server, 'listening')
      }
    },
    async close() {
      dropAll()
      if (mode === 'refuses') return
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  }
  return door
}
