import {spawnSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {describe, expect, it} from '@jest/globals'
import {SETTINGS} from '../../scripts/commands/respond/written-settings.js'

const fileOf = (name: string): string => fileURLToPath(new URL(`../../scripts/operate/${name}`, import.meta.url))
const UNIT_FILE = fileOf('yingbin-responder.service')
const UNIT = readFileSync(UNIT_FILE, 'utf8')
const ENV = readFileSync(fileOf('responder.env'), 'utf8')

const SECRETS = [
  'WECOM_SECRET',
  'WECOM_TOKEN',
  'WECOM_AES_KEY',
  'WECOM_TOKEN_OLD',
  'WECOM_AES_KEY_OLD',
  'WECOM_CONTACT_TOKEN',
  'WECOM_CONTACT_AES_KEY',
  'YINGBIN_RELEASE_PUBLIC_KEY',
  'YINGBIN_CUSTOMER_KEY',
  'YINGBIN_ROBOT_WEBHOOK',
  'YINGBIN_REDIS_PASSWORD',
]
const FURTHER = ['YINGBIN_STORE', 'YINGBIN_BUILT_IN', 'WECOM_OLD_UNTIL']

/** Values by key, in order; a key may stand several times. */
const settings = new Map<string, string[]>()
for (const [, key = '', value = ''] of UNIT.matchAll(/^([A-Za-z]+)=(.*)$/gm))
  settings.set(key, [...(settings.get(key) ?? []), value])
const valueOf = (key: string): string | undefined => settings.get(key)?.at(-1)

const VERIFIER = 'systemd-analyze'
const verifier = spawnSync(VERIFIER, ['--version'], {encoding: 'utf8'})
const hasVerifier = verifier.status === 0

/** Complaints about other units of this machine, or about a program that is installed elsewhere, say nothing of ours. */
const isOfOurs = (line: string): boolean =>
  line.includes('yingbin-responder') && !/Command .* is not executable|Failed to (open|locate) .*executable/i.test(line)

describe('the systemd unit', () => {
  ;(hasVerifier ? it : it.skip)('is one that systemd takes without complaint', () => {
    const {stderr, error} = spawnSync(VERIFIER, ['verify', '--man=no', UNIT_FILE], {
      encoding: 'utf8',
      timeout: 20_000,
    })
    expect(error).toBeUndefined()
    expect(stderr.split('\n').filter(isOfOurs)).toEqual([])
  })
  it('has enough time to finish what it took, and comes back whatever ends it', () => {
    expect(Number(valueOf('TimeoutStopSec'))).toBeGreaterThanOrEqual(20)
    expect(valueOf('KillSignal')).toBe('SIGTERM')
    expect(valueOf('Restart')).toBe('always')
    expect(valueOf('StartLimitIntervalSec')).toBe('0')
  })
  it('is nobody, and may write only its own state', () => {
    expect(valueOf('DynamicUser')).toBe('yes')
    expect(valueOf('StateDirectory')).toBe('yingbin')
    expect(valueOf('ProtectSystem')).toBe('strict')
    expect(valueOf('NoNewPrivileges')).toBe('yes')
    expect(valueOf('CapabilityBoundingSet')).toBe('')
    for (const value of settings.get('Environment') ?? [])
      if (/^YINGBIN_(DISK|STORE)=/.test(value)) expect(value).toContain('%S/yingbin/')
  })
  it('starts the program itself and no shell', () => {
    expect(valueOf('ExecStart')).toMatch(/^\/usr\/bin\/node \S+ respond$/)
    expect(UNIT).not.toMatch(/\/(ba)?sh\b/)
  })
  it('gets every secret as a credential, and never its value', () => {
    const credentials = [...UNIT.matchAll(/^#?LoadCredential=([\w-]+):/gm)].map(([, name]) => name)
    const asked = [...UNIT.matchAll(/^#?Environment=(\w+)_FILE=%d\/([\w-]+)$/gm)]
    expect(asked.map(([, , name]) => name).sort()).toEqual([...credentials].sort())
    for (const [, variable = ''] of asked) expect(SECRETS).toContain(variable)
    for (const secret of SECRETS) expect(UNIT).not.toMatch(new RegExp(`\\b${secret}=`))
    for (const secret of [
      'WECOM_SECRET',
      'WECOM_TOKEN',
      'WECOM_AES_KEY',
      'YINGBIN_CUSTOMER_KEY',
      'YINGBIN_RELEASE_PUBLIC_KEY',
    ])
      expect(settings.get('Environment')?.some((value) => value.startsWith(`${secret}_FILE=`))).toBe(true)
  })
  it('leaves V8 what it needs', () => {
    expect(valueOf('MemoryDenyWriteExecute')).toBe('no')
    expect(valueOf('RestrictAddressFamilies')?.split(' ')).toEqual(expect.arrayContaining(['AF_INET', 'AF_INET6']))
  })
})

describe('the example of the environment', () => {
  const named = [...ENV.matchAll(/^#?([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name = '', value = '']) => ({name, value}))
  const variables = [...Object.values(SETTINGS).map(({variable}) => variable), ...FURTHER]
  it('names every variable once, and none that nobody reads', () => {
    const expected = [...variables, ...SECRETS.map((name) => `${name}_FILE`)]
    expect(named.map(({name}) => name).sort()).toEqual([...new Set(expected)].sort())
  })
  it('shows the defaults the program has', () => {
    const defaults = new Map(
      Object.values(SETTINGS).map(({variable, value}) => [variable as string, value as string | null]),
    )
    for (const {name, value} of named) {
      const shown = defaults.get(name)
      if (name !== 'YINGBIN_RESPONDER_NAME' && shown !== undefined && shown !== null)
        expect([name, value]).toEqual([name, shown])
    }
  })
  it('holds no secret', () => {
    for (const {name, value} of named) if (name.endsWith('_FILE')) expect([name, value]).toEqual([name, ''])
    for (const {value} of named) expect(value).not.toMatch(/[A-Za-z0-9+/_-]{32,}/)
  })
  it('explains every variable in Chinese', () => {
    const lines = ENV.split('\n')
    for (const [index, line] of lines.entries()) {
      if (!/^#?[A-Z][A-Z0-9_]*=/.test(line)) continue
      const above = lines.slice(0, index).findLast((before) => !/^#?[A-Z][A-Z0-9_]*=/.test(before)) ?? ''
      expect([line, above]).toEqual([line, expect.stringMatching(/^# .*\p{Script=Han}/u)])
    }
  })
  it('is read by systemd and by --env-file alike: no quotes, no spaces round the sign', () => {
    for (const line of ENV.split('\n')) expect(line).toMatch(/^(|#.*|[A-Z][A-Z0-9_]*=[^\s"']*)$/)
  })
})
