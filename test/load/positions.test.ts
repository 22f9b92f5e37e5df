import {describe, expect, it} from '@jest/globals'
import {dump, load} from 'js-yaml'
import fc from 'fast-check'
import {createPlaceFinder} from '../../scripts/core/load/find-place.js'
import {pointerTo} from '../../scripts/core/model/pointer.js'
import {placeRemarks} from '../../scripts/pipeline/load.js'
import {aConfig, remarksOf} from '../support/a-config.js'

/** `line:column` of a value, or of its key. */
const placeOf = (text: string, pointer: string, atKey = false): string => {
  const {line, column} = createPlaceFinder(text)(pointer, atKey)
  return `${line}:${column}`
}

describe('the place of a value', () => {
  it('in block style is where its first character stands', () => {
    const text = 'title: 门店\naudience:\n  departments:\n    - /总部\n    - /分部\nslots:\n  - from: a\n    to: b\n'
    expect(placeOf(text, '/title')).toBe('1:8')
    expect(placeOf(text, '/audience')).toBe('3:3')
    expect(placeOf(text, '/audience/departments/1')).toBe('5:7')
    expect(placeOf(text, '/slots/0')).toBe('7:5')
    expect(placeOf(text, '/slots/0/to')).toBe('8:9')
  })
  it('in flow style too, also over several lines', () => {
    const text = 'slots:\n  - {from: "06:00", to: "14:00", template: [a,\n     b]}\n'
    expect(placeOf(text, '/slots/0')).toBe('2:5')
    expect(placeOf(text, '/slots/0/to')).toBe('2:25')
    expect(placeOf(text, '/slots/0/template')).toBe('2:44')
    expect(placeOf(text, '/slots/0/template/1')).toBe('3:6')
  })
  it('in quotes is where the quote opens', () => {
    const text = `a: 'x'\nb: "y"\nc:   "多 字"\n`
    expect(placeOf(text, '/a')).toBe('1:4')
    expect(placeOf(text, '/b')).toBe('2:4')
    expect(placeOf(text, '/c')).toBe('3:6')
  })
  it('of several lines is in its first', () => {
    const text = 'a: |-\n  第一行\n  第二行\nb: >\n  折叠\n  的\nc: 末\n'
    expect(placeOf(text, '/a').split(':')[0]).toMatch(/[12]/)
    expect(placeOf(text, '/c')).toBe('7:4')
  })
  it('of a key is where the key stands', () => {
    const text = 'a: 1\n"b c": 2\nd:\n  e: {f: 3}\n'
    expect(placeOf(text, '/a', true)).toBe('1:1')
    expect(placeOf(text, '/b c', true)).toBe('2:1')
    expect(placeOf(text, '/d/e', true)).toBe('4:3')
    expect(placeOf(text, '/d/e/f', true)).toBe('4:7')
  })
  it('of an alias is where the alias stands', () => {
    const text = 'a: &x [1, 2]\nb: *x\nc:\n  - *x\n'
    expect(placeOf(text, '/b')).toBe('2:4')
    expect(placeOf(text, '/c/0')).toBe('4:5')
    expect(placeOf(text, '/a/1')).toBe('1:11')
  })
  it('that was left empty is its key', () => {
    expect(placeOf('a: 1\nb:\nc: 2\n', '/b')).toBe('2:1')
    expect(placeOf('a:\n  - 1\n  -\n  - 3\n', '/a/2')).toBe('4:5')
  })
  it('that is not there is its nearest parent', () => {
    const text = 'a:\n  b: 1\n'
    expect(placeOf(text, '/a/c')).toBe('2:3')
    expect(placeOf(text, '/x/y/z')).toBe('1:1')
    expect(placeOf('', '/x')).toBe('1:1')
    expect(placeOf('# only a remark\n', '/x')).toBe('1:1')
  })
  it('knows keys with slashes and tildes', () => {
    const text = '/总部/华南: {电话: 1}\na~b: 2\n'
    expect(placeOf(text, pointerTo('/总部/华南', '电话'))).toBe('1:14')
    expect(placeOf(text, pointerTo('a~b'))).toBe('2:6')
  })
  it('counts lines of Windows files and columns as editors do', () => {
    expect(placeOf('a: 1\r\nb: 2\r\n', '/b')).toBe('2:4')
    expect(placeOf('a: [😊, x]\n', '/a/1')).toBe('1:9')
  })
  it('after comments, blank lines and a document start is right', () => {
    expect(placeOf('# 说明\n\n---\na: 1 # 尾注\n\nb: 2\n', '/b')).toBe('6:4')
  })
  it('of anything the YAML writer makes points at that very value', () => {
    const document = fc.dictionary(
      fc.stringMatching(/^[a-z]{1,5}$/),
      fc.jsonValue({maxDepth: 3, noUnicodeString: true}),
      {minKeys: 1},
    )
    fc.assert(
      fc.property(document, fc.boolean(), (value, flow) => {
        const text = dump(value, flow ? {flowLevel: 1} : {})
        const find = createPlaceFinder(text)
        for (const [key, inner] of Object.entries(value)) {
          const {line, column} = find(pointerTo(key), true)
          if (
            !text
              .split('\n')
              [line - 1]?.slice(column - 1)
              .replace(/^'/, '')
              .startsWith(key)
          )
            throw new Error(`key ${key} at ${line}:${column}`)
          if (typeof inner !== 'number') continue
          const at = find(pointerTo(key), false)
          const rest = text.split('\n')[at.line - 1]?.slice(at.column - 1) ?? ''
          if (load(rest.replace(/[,}].*$/, '')) !== inner) throw new Error(`value of ${key} at ${at.line}:${at.column}`)
        }
      }),
      {numRuns: 500},
    )
  })
})

describe('findings', () => {
  it('come all at once, sorted by file, line and column', () => {
    const changes = {
      'templates/hello.yaml': 'title: 问候\ntext: "[客户呢称]您好"\nfalback: 您好\n',
      'schedules/all.yaml': 'title: 全员\naudience: {}\ntemplate: helo\ncalender: cn\n',
      'channels/c.yaml': 'title: c\n',
      'enterprise.yaml': 'corpId: ww1\nagentId: "1"\ntimezone: Asia/Shanghai\n',
    }
    const files = Object.entries(aConfig(changes)).map(([path, text]) => ({path, text}))
    const placed = placeRemarks(remarksOf(changes), files)
    expect(placed.map(({rule, file, line, column}) => `${file}:${line}:${column} ${rule}`)).toEqual([
      'channels/c.yaml:1:1 field-is-present',
      'enterprise.yaml:2:10 value-has-type',
      'schedules/all.yaml:4:1 key-is-known',
      'templates/hello.yaml:3:1 key-is-known',
    ])
  })
  it('of one place come in the order of their rules', () => {
    const at = {file: 'a.yaml', line: 3, column: 2}
    const words = {zh: '字', en: 'words'}
    const remark = (rule: string, where: object = {}) => ({
      rule,
      level: 'error' as const,
      at: {...at, ...where},
      says: words,
      fix: words,
    })
    const placed = placeRemarks(
      [
        remark('b'),
        remark('a'),
        remark('c', {column: 1}),
        remark('d', {line: 2}),
        remark('e', {file: 'A.yaml'}),
        remark('f', {line: 10}),
      ],
      [],
    )
    expect(placed.map(({rule}) => rule)).toEqual(['e', 'd', 'c', 'a', 'b', 'f'])
  })
})
