import {readFileSync} from 'node:fs'
import {beforeAll, describe, expect, it} from '@jest/globals'
import {type Exchange, openExchangeCheck} from './check-exchange.js'
import {cutOpenApi, SLICE} from './cut-openapi.js'

let check: Awaited<ReturnType<typeof openExchangeCheck>>
beforeAll(async () => {
  check = await openExchangeCheck()
})

const SHA = 'a'.repeat(40)
const STATUS: Exchange = {
  method: 'POST',
  path: `/repos/hehe/welcome/statuses/${SHA}`,
  query: '',
  requestBody: JSON.stringify({state: 'success', context: 'x'}),
  status: 404,
  contentType: 'application/json; charset=utf-8',
  body: JSON.stringify({message: 'Not Found'}),
}
const LABELS: Exchange = {
  ...STATUS,
  path: '/repos/hehe/welcome/labels',
  requestBody: JSON.stringify({name: 'x', color: 'b60205'}),
  status: 201,
  body: JSON.stringify({
    id: 1,
    node_id: 'x',
    url: 'https://x.example/',
    name: 'x',
    description: null,
    color: 'b60205',
    default: false,
  }),
}
const LIST: Exchange = {
  ...STATUS,
  method: 'GET',
  path: '/repos/hehe/welcome/issues',
  requestBody: '',
  status: 200,
  body: '[]',
}
const TREE: Exchange = {...STATUS, path: '/repos/hehe/welcome/git/trees'}
const label = (more: object): string => JSON.stringify({...(JSON.parse(LABELS.body) as object), ...more})

describe("what goes over the wire is held against GitHub's description", () => {
  it('an exchange as described is fine', () => {
    expect(check(LABELS)).toEqual({operation: 'issues/create-label', violations: []})
    expect(check(STATUS)).toEqual({operation: 'repos/create-commit-status', violations: []})
    expect(check(LIST)).toEqual({operation: 'issues/list-for-repo', violations: []})
    expect(check({...TREE, requestBody: '{"tree": [{"path": "a"}]}'}).violations).toEqual([])
    expect(check({...STATUS, status: 500, body: '{"message": "Server Error"}'}).violations).toEqual([])
  })
  it.each<[string, Partial<Exchange>, RegExp]>([
    ['an operation nobody described', {path: '/repos/hehe/welcome/labels/x/y'}, /no such operation/],
    ['a method nobody described', {method: 'PUT'}, /no such operation/],
    ['a field left out of a request', {requestBody: JSON.stringify({color: 'b60205'})}, /'name'/],
    ['a field GitHub does not know', {requestBody: JSON.stringify({name: 'x', colour: 'red'})}, /colour/],
    ['a parameter GitHub does not know', {query: 'perPage=100'}, /perPage/],
    ['a request without its body', {requestBody: ''}, /requestBody/],
    ['a status that is not described', {status: 200}, /no such status/],
    ['a field left out of an answer', {body: '{"id": 1}'}, /node_id/],
    ['a field of another type', {body: label({id: '1'})}, /id must be integer/],
    ['an address that is none', {body: label({url: 'x y'})}, /uri/],
    ['a null where none may be', {body: label({name: null})}, /name must be string/],
    ['another content type', {contentType: 'text/html'}, /content type/],
    ['an error without a message', {status: 404, body: '{}'}, /message/],
    ['a value that is none of those described', {...STATUS, requestBody: '{"state": "good"}'}, /allowed values/],
    ['a time that is none', {...LIST, query: 'since=2026-02-30T00:00:00Z'}, /date-time/],
    ['a number of a page that is none', {...LIST, query: 'per_page=many'}, /per_page/],
    ['a field GitHub does not know inside another', {...TREE, requestBody: '{"tree": [{"shaa": "x"}]}'}, /shaa/],
    ['a bug of the stand-in', {status: 500, contentType: 'text/plain', body: 'stand-in bug: x'}, /content type/],
  ])('%s is told', (_what, change, told) => {
    expect(check({...LABELS, ...change}).violations.join('\n')).toMatch(told)
  })
})

describe('the slice', () => {
  const written = readFileSync(SLICE, 'utf8')
  it('is what the cutter cuts, and names its licence and version', () => {
    const slice = JSON.parse(written) as Readonly<Record<string, unknown>>
    expect(cutOpenApi(slice)).toEqual(slice)
    expect(slice['info']).toMatchObject({license: {name: 'MIT'}, version: expect.stringMatching(/^\d+\.\d+\.\d+$/)})
  })
  it('holds facts of the interface only', () => {
    expect(written).not.toMatch(/"(example|examples|summary|externalDocs|tags|x-[\w-]+)":/)
    expect(written.match(/"description": "/g)).toHaveLength(1)
    expect(written.length).toBeLessThan(500_000)
  })
})
