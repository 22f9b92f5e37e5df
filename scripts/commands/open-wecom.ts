import {readFileSync} from 'node:fs'
import {resolve} from 'node:path'
import type {Config} from '../core/model/config.js'
import type {AdminLog, Clock, WaySeer, WeComWriter} from '../core/ports.js'
import {createAdminLog} from '../wecom/create-admin-log.js'
import {createWeComClient, type WeComClient, type WeComClientSettings} from '../wecom/client.js'
import {createWaySeer, createWeComWriter} from '../wecom/create-wecom-writer.js'
import {createSystemRandomness} from '../runtime/system-randomness.js'
import {CouldNotRun, type Door} from './door.js'

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
  more: Pick<WeComClientSettings, 'quotas' | 'tokenCache' | 'sharedSlots' | 'onPlatformTime'> = {},
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
    ...more,
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

/** A secret from the environment: NAME, or the first line of the file NAME_FILE (as containers and systemd hand them over). */
export function secretOf({env, cwd}: Door, variable: string): string | undefined {
  const [written, file] = [env[variable], env[`${variable}_FILE`]]
  if (written || !file) return written
  try {
    return readFileSync(resolve(cwd, file), 'utf8').split('\n')[0]?.trim()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new CouldNotRun(
      {zh: `${variable}_FILE 的文件读不出来（${code}）`, en: `the file of ${variable}_FILE cannot be read (${code})`},
      {zh: '检查路径和权限', en: 'check its path and who may read it'},
      {cause: error},
    )
  }
}

export function requireSecret(door: Door, variable: string): string {
  const secret = secretOf(door, variable)
  if (secret) return secret
  throw new CouldNotRun(
    {zh: `环境里没有 ${variable}`, en: `the environment has no ${variable}`},
    {
      zh: `放进 ${variable}，或把文件路径放进 ${variable}_FILE`,
      en: `put it into ${variable}, or a file's path into ${variable}_FILE`,
    },
  )
}

/** A client for the app the configuration names. */
export function openReader(door: Door, written: unknown, config: Config, clock: Clock): WeComClient {
  const {corpId, agentId, secrets} = config.enterprise.value
  const secret = requireSecret(door, secrets?.secret ?? DEFAULT_SECRET_VARIABLE)
  return openWeCom(door, written, {corpId, agentId, secret}, clock)
}

/** What apply writes with, for the app the configuration names, and what only drift and import look at. */
export function openWriter(
  door: Door,
  written: unknown,
  config: Config,
  clock: Clock,
): {
  readonly writer: WeComWriter
  readonly adminLog: AdminLog
  readonly waySeer: WaySeer
  close(): Promise<void>
} {
  const client = openReader(door, written, config, clock)
  return {
    writer: createWeComWriter(client),
    adminLog: createAdminLog(client),
    waySeer: createWaySeer(client),
    close: async () => client.close(),
  }
}
