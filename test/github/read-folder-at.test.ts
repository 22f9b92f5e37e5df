import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import nock from 'nock'
import {HostRefused} from '../../scripts/core/ports.js'
import {parseGitHubRef, readFolderAt} from '../../scripts/github/read-folder-at.js'

const API = 'https://api.github.example'
const REF = {owner: 'hehe', repo: 'welcome', ref: 'abc123'}
let target = ''

beforeEach(() => {
  nock.disableNetConnect()
  target = mkdtempSync(join(tmpdir(), 'yingbin-github-'))
})
afterEach(() => {
  nock.cleanAll()
  rmSync(target, {recursive: true, force: true})
})
afterAll(() => nock.restore())

const blob = (path: string, sha: string, mode = '100644') => ({path, sha, mode, type: 'blob', size: 10})
const serve = (tree: readonly object[]) =>
  nock(API)
    .get('/repos/hehe/welcome/git/trees/abc123')
    .query({recursive: 'true'})
    .reply(200, {sha: 'abc123', tree, truncated: false})
const serveBlob = (sha: string, text: string) =>
  nock(API)
    .get(`/repos/hehe/welcome/git/blobs/${sha}`)
    .reply(200, {sha, content: Buffer.from(text).toString('base64'), encoding: 'base64'})

describe('the base of a pull request read from GitHub', () => {
  it('writes the files of the folder and nothing beside it', async () => {
    serve([blob('config/templates/欢迎.yaml', 's1'), blob('README.md', 's2'), blob('configuration/x.yaml', 's3')])
    serveBlob('s1', 'title: 欢迎\n')
    await readFolderAt(REF, 'config', target, {baseUrl: API})
    expect(readFileSync(join(target, 'templates/欢迎.yaml'), 'utf8')).toBe('title: 欢迎\n')
    expect(readdirSync(target)).toEqual(['templates'])
  })
  it('leaves out symbolic links and paths that climb out', async () => {
    serve([blob('config/link.yaml', 's1', '120000'), blob('config/../../escape.yaml', 's2')])
    await readFolderAt(REF, 'config', target, {baseUrl: API})
    expect(readdirSync(target)).toEqual([])
  })
  it('tells the status and never the token when GitHub says no', async () => {
    nock(API).get('/repos/hehe/welcome/git/trees/abc123').query(true).reply(401, {message: 'Bad credentials'})
    const refused = await readFolderAt(REF, 'config', target, {baseUrl: API, token: 'ghp_not_to_be_seen'}).catch(
      (error: unknown) => error,
    )
    expect(refused).toBeInstanceOf(HostRefused)
    expect(String(refused)).toBe('HostRefused: GitHub answered 401')
    expect(JSON.stringify(refused)).not.toContain('ghp_')
  })
  it.each([
    ['github:hehe/welcome@main', {owner: 'hehe', repo: 'welcome', ref: 'main'}],
    ['github:hehe/welcome@feature/x', {owner: 'hehe', repo: 'welcome', ref: 'feature/x'}],
    ['origin/main', null],
    ['github:hehe@main', null],
  ])('reads %s', (text, expected) => {
    expect(parseGitHubRef(text)).toEqual(expected)
  })
})
