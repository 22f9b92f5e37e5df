import {generateKeyPairSync} from 'node:crypto'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest} from '@jest/globals'
import {type CodeHost, HostRefused} from '../../scripts/core/ports.js'
import {type ARepository, openRepository, TOKEN} from './a-repository.js'

let repository: ARepository

beforeEach(async () => {
  repository = await openRepository()
  repository.standIn.control.push({branch: 'main', files: {'config/a.yaml': 'a: 1\n'}, message: 'first', by: 'lin'})
})
afterEach(() => repository.close())

const asked = (): number[] => repository.standIn.control.requests.map(({status}) => status)
const refusalOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => 'fine').catch((error: unknown) => error)

describe('limits of GitHub', () => {
  const paced = () => repository.client({isPaced: true, secondMs: 0})
  it('are waited for, and the call is made again', async () => {
    repository.standIn.control.failNext(3, 429)
    expect(await paced().readTip('main')).toMatch(/^[0-9a-f]{40}$/)
    expect(asked()).toEqual([429, 429, 429, 200])
  })
  it('that do not end are told in the end, as what they are', async () => {
    repository.standIn.control.failNext(1000, 429)
    const refused = await refusalOf(paced().readTip('main'))
    expect(String(refused)).toBe('HostRefused: GitHub answered 429: too many calls; try again later')
    expect(asked().length).toBeLessThan(20)
  })
  it('a missing right is told at once, and not as a limit', async () => {
    repository.standIn.control.failNext(1, 403)
    expect(String(await refusalOf(paced().readTip('main')))).toBe('HostRefused: GitHub answered 403')
    expect(asked()).toEqual([403])
  })
  it('a server that keeps failing is asked three times', async () => {
    repository.standIn.control.failNext(1000, 502)
    expect(await refusalOf(repository.host.readTip('main'))).toMatchObject({status: 502})
    expect(asked()).toEqual([502, 502, 502])
  })
})

describe('nothing that is thrown or printed holds a token, a key or an address', () => {
  const keys = generateKeyPairSync('rsa', {modulusLength: 2048})
  const privateKey = keys.privateKey.export({type: 'pkcs8', format: 'pem'}).toString()
  const app = {appId: '77', privateKey, installationId: 88}
  const target = mkdtempSync(join(tmpdir(), 'yingbin-secrets-'))
  let printed = ''
  beforeAll(() => {
    for (const stream of [process.stdout, process.stderr])
      jest.spyOn(stream, 'write').mockImplementation((text) => {
        printed += String(text)
        return true
      })
    for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const)
      jest.spyOn(console, name).mockImplementation((...said: unknown[]) => void (printed += said.map(String).join(' ')))
  })
  afterAll(() => {
    jest.restoreAllMocks()
    rmSync(target, {recursive: true, force: true})
  })

  const every: Readonly<Record<keyof CodeHost, (host: CodeHost) => Promise<unknown>>> = {
    ownLogin: (host) => host.ownLogin(),
    readPull: (host) => host.readPull(1),
    findPullOf: (host) => host.findPullOf('a'.repeat(40)),
    readCommits: (host) => host.readCommits(1),
    readChangedFiles: (host) => host.readChangedFiles(1),
    readReviews: (host) => host.readReviews(1),
    readComments: (host) => host.readComments(1),
    countBehind: (host) => host.countBehind('a'.repeat(40), 'b'.repeat(40)),
    readStatuses: (host) => host.readStatuses('a'.repeat(40), 'x'),
    writeStatus: (host) => host.writeStatus('a'.repeat(40), {context: 'x', state: 'success', description: 'y'}),
    keepComment: (host) => host.keepComment(1, 'm', 'm body'),
    addComment: (host) => host.addComment(1, 'body'),
    setLabel: (host) => host.setLabel(1, 'label', true),
    readFolder: (host) => host.readFolder('main', 'config', target),
    commitAt: (host) => host.commitAt('a'.repeat(40), 0),
    readTip: (host) => host.readTip('main'),
    propose: (host) =>
      host.propose({branch: 'b', baseRef: 'main', title: 't', body: 'b', files: {a: 'b'}, labels: ['l']}),
    keepIssue: (host) => host.keepIssue('m', {title: 't', body: 'b', labels: []}),
    readIssue: (host) => host.readIssue(1),
  }
  const secrets = /ghp_|ghs_|eyJ|PRIVATE KEY|127\.0\.0\.1|localhost/

  it.each(Object.keys(every) as (keyof CodeHost)[])('by %s', async (name) => {
    for (const status of [401, 403, 503, null])
      for (const signIn of [{}, {token: undefined, app}]) {
        repository.standIn.control.failNext(20, status ?? 401)
        const where = status === null ? {baseUrl: 'http://127.0.0.1:1'} : {}
        const refused = await refusalOf(every[name](repository.client({login: undefined, ...signIn, ...where})))
        // A token of a run may not ask who it is: that is no failure.
        if (refused === 'fine') expect([name, status]).toEqual(['ownLogin', 403])
        else {
          expect(refused).toBeInstanceOf(HostRefused)
          const {message, stack, ...rest} = refused as HostRefused
          expect(`${message} ${stack} ${JSON.stringify(rest)}`).not.toMatch(secrets)
          expect(message).not.toContain(TOKEN)
          expect(refused).not.toHaveProperty('cause')
        }
      }
    expect(printed).not.toMatch(secrets)
  })
})

describe('who one is', () => {
  it('is asked once, and again when asking failed', async () => {
    const host = repository.client({token: 'token-of-lin', login: undefined})
    repository.standIn.control.failNext(3, 502)
    expect(await refusalOf(host.ownLogin())).toMatchObject({status: 502})
    expect([await host.ownLogin(), await host.ownLogin()]).toEqual(['lin', 'lin'])
    expect(asked()).toEqual([502, 502, 502, 200])
  })
})
