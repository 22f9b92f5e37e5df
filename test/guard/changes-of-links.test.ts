import {describe, expect, it} from '@jest/globals'
import {anAsset, type Changes, organization, startDocument} from '../support/a-config.js'
import {guard} from './a-change.js'

const changes = (base: Changes, head: Changes): string[] =>
  guard(base, head).changes.map(({on, kind, id, action}) => `${on} ${kind} ${id} ${action}`)
const A = 'https://m.hehejj.example/a'
const B = 'https://m.hehejj.example/b'
const program = {type: 'miniprogram', title: 'p', appid: 'wx0000000000000001', page: 'a', cover: 'assets/m.png'}
const link = {type: 'link', title: 'l', url: A}
const template = (attachments: readonly object[], more: object = {}): Changes => ({
  'templates/hello.yaml': {title: 'x', text: 'x', fallback: 'x', attachments, ...more},
})

describe('an address that changes is a link, whatever else it is', () => {
  it('alone where only the address of a card or the page of a mini-program changes', () => {
    expect(changes(template([link]), template([{...link, url: B}]))).toEqual(['link template hello update'])
    expect(changes(template([program]), template([{...program, page: 'b'}]))).toEqual(['link template hello update'])
    expect(changes(template([program]), template([{...program, appid: 'wx0000000000000002'}]))).toEqual([
      'link template hello update',
    ])
  })
  it('is none where only the looks of a card change', () => {
    for (const looks of [{title: 'm'}, {description: 'd'}, {cover: 'assets/m.png'}])
      expect(changes(template([link]), template([{...link, ...looks}]))).toEqual(['attachment template hello update'])
    expect(changes(template([program]), template([{...program, cover: 'assets/n.png'}]))).toEqual([
      'attachment template hello update',
    ])
    const image = (file: string) => template([{type: 'image', file}])
    expect(changes(image('assets/a.png'), image('assets/b.png'))).toEqual(['attachment template hello update'])
  })
  it('beside the attachment where a card comes, goes or moves', () => {
    const both = ['attachment template hello update', 'link template hello update']
    expect(changes(template([link]), template([link, {...link, url: B}]))).toEqual(both)
    expect(changes(template([link, program]), template([link]))).toEqual(both)
    expect(changes(template([link, program]), template([program, link]))).toEqual(both)
  })
  it('where two cards of the same looks change places', () => {
    expect(changes(template([link, {...link, url: B}]), template([{...link, url: B}, link]))).toEqual([
      'link template hello update',
    ])
  })
  it('beside the text in a text or a fallback', () => {
    const text = (words: object): Changes => template([], words)
    const both = ['link template hello update', 'text template hello update']
    expect(changes(text({text: `看 ${A}`}), text({text: `看 ${B}`}))).toEqual(both)
    expect(changes(text({fallback: `看 ${A}`}), text({fallback: `看 ${B}`}))).toEqual(both)
    expect(changes(text({text: `看 ${A}`}), text({text: `请看 ${A}`}))).toEqual(['text template hello update'])
  })
  it('beside the group welcome, in its text or its attachment', () => {
    const welcome = (body: object): Changes => ({'group-welcomes/g.yaml': {title: 'g', text: '欢迎', ...body}})
    const both = ['group-welcome group-welcome g update', 'link group-welcome g update']
    expect(changes(welcome({text: `欢迎 ${A}`}), welcome({text: `欢迎 ${B}`}))).toEqual(both)
    expect(changes(welcome({attachment: link}), welcome({attachment: {...link, url: B}}))).toEqual(both)
    expect(changes(welcome({attachment: link}), welcome({attachment: {...link, title: 'm'}}))).toEqual([
      'group-welcome group-welcome g update',
    ])
  })
  it('beside the facts, naming the department whose they are', () => {
    const facts = (url: string): Changes => ({'facts.yaml': {'/总部': {官网: url}, '/总部/财务部': {电话: '1'}}})
    expect(changes(facts(A), facts(B))).toEqual(['facts facts facts update', 'link facts facts update'])
    const own = guard(facts(A), facts(B)).changes.find(({on}) => on === 'link')
    expect([own?.before, own?.after]).toEqual([{'/总部': {官网: [A]}}, {'/总部': {官网: [B]}}])
    expect(changes(facts(A), {'facts.yaml': {'/总部': {官网: A}, '/总部/财务部': {电话: '2'}}})).toEqual([
      'facts facts facts update',
    ])
  })
  it('beside the channel or the organization whose facts hold it', () => {
    const channel = (url: string): Changes => ({
      'channels/c.yaml': {title: 'c', state: 'c', kind: 'external', facts: {官网: url}},
    })
    expect(changes(channel(A), channel(B))).toEqual(['channel channel c update', 'link channel c update'])
    const [first] = startDocument<{members: object[]}>('organization.yaml').members
    const member = (url: string): Changes => ({
      'organization.yaml': organization({members: [{...first, leader: undefined, facts: {官网: url}}]}),
    })
    const clean = (config: Changes): Changes => JSON.parse(JSON.stringify(config)) as Changes
    expect(changes(clean(member(A)), clean(member(B)))).toEqual([
      'link organization organization update',
      'organization organization organization update',
    ])
  })
  it('in a QR code of a picture, cover or image, of a template or a group welcome', () => {
    const shown: Changes = {
      ...template([{...link, cover: 'assets/m.png'}]),
      'group-welcomes/g.yaml': {title: 'g', text: '欢迎', attachment: {type: 'image', file: 'assets/m.png'}},
    }
    const showing = (code: string) => [anAsset('assets/m.png', {qrCodes: [code], sha256: code})]
    const result = guard(shown, shown, {baseAssets: showing(A), headAssets: showing(B)})
    expect(result.changes.map(({on, kind}) => `${on} ${kind}`)).toEqual([
      'attachment asset',
      'link group-welcome',
      'link template',
    ])
  })
  it('of what is new or gone', () => {
    const extra: Changes = {'templates/b.yaml': {title: 'b', text: `看 ${A}`}}
    expect(changes({}, extra)).toEqual(['link template b create', 'text template b create'])
    expect(changes(extra, {})).toEqual([
      'deletion template b delete',
      'link template b delete',
      'text template b delete',
    ])
  })
})
