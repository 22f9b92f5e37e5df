import {createSandbox, SANDBOX_CORPID, type SandboxOptions} from '../../scripts/sandbox/create-sandbox.js'

/** A listening sandbox with a small company, and a raw client written from the platform's documentation. */

export const CORPID = SANDBOX_CORPID
/** 2026-11-24 10:00:00 in Beijing. */
export const START_MS = 1_795_485_600_000
export const START = START_MS / 1000
export const DAY = 86_400
export const MINI_PROGRAM = 'wx0000000000000001'
export const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
export const CALLBACK_TOKEN = 'emulatorToken01'

export interface Reply {
  errcode: number
  errmsg: string
  [name: string]: unknown
}

export interface CallOptions {
  app?: number
  query?: Record<string, string>
  headers?: Record<string, string>
}

export interface Playground {
  url: string
  /** POST with a JSON body and a valid token of the app (1000002 when not said). */
  post(path: string, body?: object, options?: CallOptions): Promise<Reply>
  get(path: string, query?: Record<string, string>, options?: CallOptions): Promise<Reply>
  upload(path: string, query: Record<string, string>, file: Buffer, name?: string): Promise<Reply>
  control(path: string, body?: object): Promise<Record<string, unknown>>
  read(path: string): Promise<Record<string, unknown>>
  token(app?: number): Promise<string>
  /** Moves the frozen clock. */
  advance(ms: number): Promise<void>
  close(): Promise<void>
}

export const DEPARTMENTS = [
  {id: 1, name: '总部', parentid: 0},
  {id: 7, name: '门店', parentid: 1},
  {id: 9, name: '华南', parentid: 7},
]

export const MEMBERS = [
  {userid: 'boss', name: '王总', department: [1]},
  {userid: 'lina', name: '李娜', department: [7, 9], direct_leader: ['boss'], position: '顾问', attributes: {星级: 3}},
  {userid: 'WangWei', name: '王伟', department: [9]},
  {userid: 'sleeper', name: '未激活', department: [7], status: 4},
  {userid: 'anon', name: '未实名', department: [7], realNameVerified: false},
  {userid: 'plain', name: '无客户联系', department: [7], customerContact: false},
]

export const APPS = [
  {agentid: 1000002, secret: 'secret-a'},
  {agentid: 1000003, secret: 'secret-b'},
  {agentid: 1000004, secret: 'secret-narrow', visible: {users: ['lina']}},
  {agentid: 1000005, secret: 'secret-bare', permissions: []},
  {agentid: 2000001, secret: 'secret-sync', kind: 'contact-sync'},
]

export const SECRETS: Readonly<Record<number, string>> = Object.fromEntries(
  APPS.map((app) => [app.agentid, app.secret]),
)

export async function startPlayground(options: SandboxOptions = {}): Promise<Playground> {
  const sandbox = createSandbox({seed: 'test', ...options})
  const {url} = await sandbox.listen(0)
  const tokens = new Map<number, string>()
  const control = async (path: string, body: object = {}): Promise<Record<string, unknown>> =>
    asRecord(await fetch(`${url}/__sandbox${path}`, {method: 'POST', body: JSON.stringify(body)}))
  if (options.clock === undefined) await control('/clock', {setMs: START_MS, frozen: true})
  await control('/organization', {departments: DEPARTMENTS, members: MEMBERS})
  await control('/apps', {apps: APPS})
  await control('/mini-programs', {appids: [MINI_PROGRAM]})
  const token = async (app = 1000002): Promise<string> => {
    const known = tokens.get(app)
    if (known !== undefined) return known
    const reply = await asRecord(
      await fetch(`${url}/cgi-bin/gettoken?corpid=${CORPID}&corpsecret=${SECRETS[app] ?? ''}`),
    )
    const fresh = String(reply['access_token'])
    tokens.set(app, fresh)
    return fresh
  }
  const target = async (path: string, query: Record<string, string>, app?: number): Promise<string> =>
    `${url}/cgi-bin/${path}?${new URLSearchParams({access_token: await token(app), ...query}).toString()}`
  return {
    url,
    control,
    token,
    read: async (path) => asRecord(await fetch(`${url}/__sandbox${path}`)),
    post: async (path, body = {}, {app, query = {}, headers = {}} = {}) =>
      asReply(await fetch(await target(path, query, app), {method: 'POST', body: JSON.stringify(body), headers})),
    get: async (path, query = {}, {app, headers = {}} = {}) =>
      asReply(await fetch(await target(path, query, app), {headers})),
    upload: async (path, query, file, name = 'a.png') => {
      const form = new FormData()
      form.set('media', new Blob([file]), name)
      return asReply(await fetch(await target(path, query), {method: 'POST', body: form}))
    },
    advance: async (ms) => {
      // Tokens may be over by then; asking again gives the same one while it lives.
      tokens.clear()
      await control('/clock', {advanceMs: ms})
    },
    close: () => sandbox.close(),
  }
}

export async function asReply(response: Response): Promise<Reply> {
  const record = await asRecord(response)
  const {errcode, errmsg} = record
  if (typeof errcode !== 'number' || typeof errmsg !== 'string')
    throw new Error(`not a platform reply: ${JSON.stringify(record)}`)
  return {...record, errcode, errmsg}
}

export async function asRecord(response: Response): Promise<Record<string, unknown>> {
  const value: unknown = await response.json()
  if (typeof value !== 'object' || value === null) throw new Error('the reply is no object')
  return {...value}
}

/** A text field of a reply, or a failure that says what came instead. */
export function textOf(reply: Record<string, unknown>, name: string): string {
  const value = reply[name]
  if (typeof value !== 'string') throw new Error(`no ${name} in ${JSON.stringify(reply)}`)
  return value
}

/** The welcome code of the n-th app that got an add. */
export function codeOf(added: Record<string, unknown>, index = 0): string {
  const {pushed} = added
  if (!Array.isArray(pushed)) throw new Error(`no pushes in ${JSON.stringify(added)}`)
  const push: unknown = pushed[index]
  if (typeof push !== 'object' || push === null || !('code' in push))
    throw new Error(`no code in ${JSON.stringify(added)}`)
  return String(push.code)
}

/** The first bytes make it a PNG; the rest is padding. */
export const aPicture = (bytes: number): Buffer =>
  Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(bytes)]).subarray(0, bytes)
export const aVideo = (bytes: number): Buffer =>
  Buffer.concat([Buffer.from('\0\0\0\x18ftypisom'), Buffer.alloc(bytes)]).subarray(0, bytes)
export const aVoice = (bytes: number): Buffer =>
  Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(bytes)]).subarray(0, bytes)

/** Text of exactly so many UTF-8 bytes that is mostly Chinese. */
export const bytesOf = (bytes: number): string => '迎'.repeat(Math.floor(bytes / 3)) + 'a'.repeat(bytes % 3)

/** Text of exactly so many characters, one of them outside the BMP. */
export const charsOf = (chars: number): string => '迎'.repeat(chars - 1) + '😀'
