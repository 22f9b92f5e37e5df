import {generateKeyPairSync} from 'node:crypto'
import {afterEach, describe, expect, it} from '@jest/globals'
import {CouldNotRun} from '../../scripts/commands/door.js'
import {openCodeHost} from '../../scripts/commands/open-code-host.js'
import {type ARepository, openRepository, OWNER, REPO, TOKEN} from './a-repository.js'

type Env = Readonly<Record<string, string>>

const open = (env: Env, options: Readonly<Record<string, unknown>> = {}) =>
  openCodeHost(
    {
      env,
      cwd: '/',
      self: {execPath: '', script: '', execArgv: []},
      out: () => undefined,
      err: () => undefined,
      isTerminal: false,
      nowMs: () => 0,
      signal: new AbortController().signal,
    },
    options,
  )
const refusalOf = (env: Env, options?: Readonly<Record<string, unknown>>): CouldNotRun => {
  try {
    open(env, options)
  } catch (error) {
    if (error instanceof CouldNotRun) return error
  }
  throw new Error('expected a refusal')
}
const HERE = {GITHUB_REPOSITORY: `${OWNER}/${REPO}`}
const keys = generateKeyPairSync('rsa', {modulusLength: 2048})

describe('what is missing is named in both languages', () => {
  it.each<[string, Env, Readonly<Record<string, unknown>>, RegExp]>([
    ['the repository', {GITHUB_TOKEN: 'x'}, {}, /GITHUB_REPOSITORY/],
    ['a repository without an owner', {GITHUB_TOKEN: 'x'}, {repo: 'welcome'}, /--repo/],
    ['a repository that climbs', {GITHUB_TOKEN: 'x'}, {repo: 'a/b/../c'}, /--repo/],
    ['who speaks', HERE, {}, /GITHUB_TOKEN/],
    ['the rest of an app', {...HERE, YINGBIN_APP_ID: '1'}, {}, /YINGBIN_APP_INSTALLATION.*YINGBIN_APP_KEY/],
    [
      'a number of the installation',
      {...HERE, YINGBIN_APP_ID: '1', YINGBIN_APP_INSTALLATION: 'x', YINGBIN_APP_KEY: 'k'},
      {},
      /YINGBIN_APP_INSTALLATION/,
    ],
  ])('%s', (_what, env, options, variable) => {
    const {says, fix} = refusalOf(env, options)
    expect(`${says.zh} ${fix.zh}`).toMatch(variable)
    expect(`${says.en} ${fix.en}`).toMatch(variable)
  })
  it('a key that is none is not repeated', () => {
    const key = '-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0\n-----END RSA PRIVATE KEY-----'
    const refused = refusalOf({...HERE, YINGBIN_APP_ID: '1', YINGBIN_APP_INSTALLATION: '2', YINGBIN_APP_KEY: key})
    expect(refused.says.en).toContain('YINGBIN_APP_KEY')
    expect(`${refused.stack} ${JSON.stringify(refused)} ${String(refused.cause)}`).not.toContain('c2VjcmV0')
  })
})

describe('what is given opens the repository', () => {
  let repository: ARepository
  const start = async (): Promise<Env> => {
    const publicKeyPem = keys.publicKey.export({type: 'spki', format: 'pem'}).toString()
    repository = await openRepository([
      {login: 'gate[bot]', email: 'app@hehe.example', type: 'Bot', app: {id: 77, installationId: 88, publicKeyPem}},
    ])
    repository.standIn.control.push({branch: 'main', files: {'config/a.yaml': 'a\n'}, message: 'first', by: 'lin'})
    return {...HERE, GITHUB_API_URL: repository.standIn.url, YINGBIN_GITHUB_PACED: 'no'}
  }
  afterEach(() => repository.close())

  it('by a token', async () => {
    const env = await start()
    expect(await open({...env, GITHUB_TOKEN: 'token-of-lin'}).ownLogin()).toBe('lin')
    expect(await open({...env, GITHUB_TOKEN: TOKEN, YINGBIN_GATE_LOGIN: 'me[bot]'}).ownLogin()).toBe('me[bot]')
    await expect(open({...env, GITHUB_TOKEN: TOKEN}, {repo: 'hehe/other'}).readTip('main')).rejects.toThrow('404')
  })
  it.each<['pkcs1' | 'pkcs8', (pem: string) => string]>([
    ['pkcs1', (pem) => pem],
    ['pkcs8', (pem) => pem],
    ['pkcs1', (pem) => pem.replaceAll('\n', '\\n')],
  ])('by an app, its key as %s, on many lines or one, whatever token there is', async (type, written) => {
    const env = await start()
    const host = open({
      ...env,
      GITHUB_TOKEN: 'token-of-lin',
      YINGBIN_APP_ID: '77',
      YINGBIN_APP_INSTALLATION: '88',
      YINGBIN_APP_KEY: written(keys.privateKey.export({type, format: 'pem'}).toString()),
    })
    expect(await host.ownLogin()).toBe('gate[bot]')
    expect(await host.readTip('main')).toMatch(/^[0-9a-f]{40}$/)
  })
})
