export interface RedisAddress {
  readonly host: string
  readonly port: number
  readonly database: number
  readonly user: string | undefined
  readonly password: string | undefined
  readonly isEncrypted: boolean
}

const DEFAULT_PORT = 6379

/** `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS; `null` when it is written otherwise. */
export function parseRedisAddress(written: string): RedisAddress | null {
  const url = URL.canParse(written) ? new URL(written) : null
  if (url === null || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') return null
  const database = /^\/?$|^\/(\d{1,4})$/.exec(url.pathname)
  const [user, password] = [decode(url.username), decode(url.password)]
  if (database === null || url.search !== '' || url.hash !== '' || user === null || password === null) return null
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    database: Number(database[1] ?? 0),
    user: user === '' ? undefined : user,
    password: password === '' ? undefined : password,
    isEncrypted: url.protocol === 'rediss:',
  }
}

/** Percent-decoded; `null` when it cannot be. */
function decode(part: string): string | null {
  try {
    return decodeURIComponent(part)
  } catch {
    return null
  }
}

/** The address as it may be shown: without user and password. */
export const showRedisAddress = ({host, port, database, isEncrypted}: RedisAddress): string =>
  `${isEncrypted ? 'rediss' : 'redis'}://${host.includes(':') ? `[${host}]` : host}:${port}/${database}`
