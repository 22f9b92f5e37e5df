import {readFileSync} from 'node:fs'
import {resolve} from 'node:path'
import {parseEnv} from 'node:util'
import {isZoneName} from '../../core/model/zone.js'
import {parseDurationMs} from '../../core/model/instant.js'
import {CouldNotRun, type Door} from '../door.js'

/** Flags of the responder that may stand in the environment instead. */
export const SETTINGS = {
  port: {flag: '--port', variable: 'YINGBIN_PORT', value: '8080'},
  host: {flag: '--host', variable: 'YINGBIN_HOST', value: '127.0.0.1'},
  name: {flag: '--name', variable: 'YINGBIN_RESPONDER_NAME', value: 'responder'},
  disk: {flag: '--disk', variable: 'YINGBIN_DISK', value: '.yingbin/responder'},
  bundle: {flag: '--bundle', variable: 'YINGBIN_BUNDLE', value: ''},
  corpId: {flag: '--corp-id', variable: 'WECOM_CORP_ID', value: null},
  agentId: {flag: '--agent-id', variable: 'WECOM_AGENT_ID', value: null},
  lookEvery: {flag: '--look-every', variable: 'YINGBIN_LOOK_EVERY', value: '12s'},
  responders: {flag: '--responders', variable: 'YINGBIN_RESPONDERS', value: '1'},
  maxSends: {flag: '--max-sends', variable: 'YINGBIN_MAX_SENDS', value: '128'},
  sendsPerMinute: {flag: '--sends-per-minute', variable: 'YINGBIN_SENDS_PER_MINUTE', value: '10000'},
  summaryAt: {flag: '--summary-at', variable: 'YINGBIN_SUMMARY_AT', value: '09:00'},
  zone: {flag: '--zone', variable: 'YINGBIN_ZONE', value: 'Asia/Shanghai'},
} as const satisfies Record<string, {readonly flag: string; readonly variable: string; readonly value: string | null}>

export type SettingName = keyof typeof SETTINGS

/** What was written for a setting: the flag, else the variable, else the default. An empty one counts as not written. */
export function writtenSetting(
  {env}: Pick<Door, 'env'>,
  options: Readonly<Record<string, unknown>>,
  name: SettingName,
): string {
  const {flag, variable, value} = SETTINGS[name]
  const option = options[name]
  const written = typeof option === 'string' && option !== '' ? option : env[variable]
  if (written) return written
  if (value !== null) return value
  throw new CouldNotRun(
    {zh: `缺少 ${flag}（或环境变量 ${variable}）`, en: `${flag} (or ${variable}) is missing`},
    {zh: `加上 ${flag}，或设置 ${variable}`, en: `add ${flag}, or set ${variable}`},
  )
}

export function countSetting(door: Door, options: Readonly<Record<string, unknown>>, name: SettingName): number {
  const text = writtenSetting(door, options, name)
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text)
  throw unreadable(name, text, {zh: '写一个正整数', en: 'write a whole number above 0'})
}

/** A port; 0 picks a free one. */
export function portSetting(door: Door, options: Readonly<Record<string, unknown>>): number {
  const text = writtenSetting(door, options, 'port')
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text)
  throw unreadable('port', text, {zh: '写 0 到 65535', en: 'write 0 to 65535'})
}

/** Milliseconds of a duration such as `15s`; `500ms` too. */
export function durationSetting(door: Door, options: Readonly<Record<string, unknown>>, name: SettingName): number {
  const text = writtenSetting(door, options, name)
  const ms = text.endsWith('ms') ? Number(text.slice(0, -2)) : parseDurationMs(text)
  if (ms > 0) return ms
  throw unreadable(name, text, {zh: '写作 15s、2m', en: 'write it as 15s or 2m'})
}

export function timeSetting(door: Door, options: Readonly<Record<string, unknown>>): string {
  const text = writtenSetting(door, options, 'summaryAt')
  if (/^([01]\d|2[0-3]):[0-5]\d$/.test(text)) return text
  throw unreadable('summaryAt', text, {zh: '写作 09:00', en: 'write it as 09:00'})
}

export function zoneSetting(door: Door, options: Readonly<Record<string, unknown>>): string {
  const text = writtenSetting(door, options, 'zone')
  if (isZoneName(text)) return text
  throw unreadable('zone', text, {
    zh: '写 IANA 时区名，如 Asia/Shanghai',
    en: 'write an IANA name such as Asia/Shanghai',
  })
}

function unreadable(name: SettingName, text: string, fix: {readonly zh: string; readonly en: string}): CouldNotRun {
  const {flag, variable} = SETTINGS[name]
  const what = `${flag} (${variable})`
  return new CouldNotRun({zh: `${what} 的写法不对：${text}`, en: `${what} is not written right: ${text}`}, fix)
}

/** The same door with the variables of a file (`NAME=value` lines) under those of the process. */
export function withEnvFile(door: Door, file: unknown): Door {
  if (typeof file !== 'string') return door
  try {
    return {...door, env: {...parseEnv(readFileSync(resolve(door.cwd, file), 'utf8')), ...door.env}}
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new CouldNotRun(
      {zh: `--env-file 读不出来（${code}）`, en: `--env-file cannot be read (${code})`},
      {zh: '每行一个 变量=值', en: 'one NAME=value a line'},
      {cause: error},
    )
  }
}
