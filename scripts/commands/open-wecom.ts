import type {Config} from '../core/model/config.js'
import type {Words} from '../core/model/words.js'
import type {Clock, WeComWriter} from '../core/ports.js'
import {createWeComClient, type WeComClient} from '../wecom/client.js'
import {createWeComWriter} from '../wecom/create-wecom-writer.js'
import {createSystemRandomness} from '../runtime/system-randomness.js'
import {CouldNotRun, type Door} from './door.js'

export const WECOM_HELP = 'WeCom API (default: WECOM_BASE_URL, else https://qyapi.weixin.qq.com)'
export const WECOM_WORDS: Words = {
  zh: '企业微信接口地址（默认 WECOM_BASE_URL，否则 https://qyapi.weixin.qq.com）',
  en: WECOM_HELP,
}
const WECOM_BASE_URL = 'https://qyapi.weixin.qq.com'
const DEFAULT_SECRET_VARIABLE = 'WECOM_SECRET'

export interface WeComAccess {
  readonly corpId: string
  readonly agentId: number
  readonly secret: string
}

/** A client of the API named by flag or environment; `WECOM_PROXY` (http://host:port) gives a fixed egress. */
export function openWeCom(
  door: Door,
  written: unknown,
  access: WeComAccess,
  clock: Clock,
  timeoutMs?: number,
): WeComClient {
  const baseUrl = typeof written === 'string' ? written : (door.env['WECOM_BASE_URL'] ?? WECOM_BASE_URL)
  const proxy = proxyOf(door.env['WECOM_PROXY'])
  const {fraction} = createSystemRandomness()
  return createWeComClient({
    baseUrl,
    ...access,
    clock,
    random: fraction,
    onWarning: (warning) => door.err(`${JSON.stringify(warning)}\n`),
    ...(proxy ? {proxy} : {}),
    ...(timeoutMs === undefined ? {} : {timeoutMs}),
  })
}

function proxyOf(
  written: string | undefined,
): {readonly host: string; readonly port: number; readonly protocol: 'http'} | null {
  if (!written) return null
  const url = URL.canParse(written) ? new URL(written) : null
  if (!url || url.protocol !== 'http:' || url.port === '')
    throw new CouldNotRun(
      {zh: 'WECOM_PROXY 的写法不对', en: 'WECOM_PROXY is not written right'},
      {zh: '写作 http://主机:端口', en: 'write http://host:port'},
    )
  return {host: url.hostname, port: Number(url.port), protocol: 'http'}
}

export function requireSecret(door: Door, variable: string): string {
  const secret = door.env[variable]
  if (secret) return secret
  throw new CouldNotRun(
    {zh: `环境里没有 ${variable}`, en: `the environment has no ${variable}`},
    {zh: '把自建应用的 Secret 放进这个环境变量', en: "put the self-built app's secret into this variable"},
  )
}

/** A client for the app the configuration names. */
export function openReader(door: Door, written: unknown, config: Config, clock: Clock): WeComClient {
  const {corpId, agentId, secrets} = config.enterprise.value
  const secret = requireSecret(door, secrets?.secret ?? DEFAULT_SECRET_VARIABLE)
  return openWeCom(door, written, {corpId, agentId, secret}, clock)
}

/** What apply writes with, for the app the configuration names. */
export function openWriter(
  door: Door,
  written: unknown,
  config: Config,
  clock: Clock,
): {readonly writer: WeComWriter; close(): Promise<void>} {
  const client = openReader(door, written, config, clock)
  return {writer: createWeComWriter(client), close: async () => client.close()}
}
