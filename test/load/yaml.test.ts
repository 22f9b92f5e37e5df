import {describe, expect, it} from '@jest/globals'
import {parseYaml} from '../../scripts/core/load/parse-yaml.js'
import {type Changes, remarksOf, rulesOf} from '../support/a-config.js'

const parsed = (text: string): unknown => {
  const result = parseYaml(text, 'a.yaml')
  return 'value' in result ? result.value : result.remark.rule
}

/** Rule, line and column of the one fault of a text. */
function fault(text: string): string {
  const result = parseYaml(text, 'a.yaml')
  if ('value' in result) return 'none'
  const {rule, at} = result.remark
  return 'line' in at ? `${rule} ${at.line}:${at.column}` : rule
}

describe('what is not well-formed', () => {
  it('is found with its line and column', () => {
    expect(fault('a: 1\nb: [1, 2\n')).toMatch(/^yaml-well-formed [23]:/)
    expect(fault('a: "x\n')).toMatch(/^yaml-well-formed [12]:/)
    expect(fault('a:\n  b: 1\n c: 2\n')).toMatch(/^yaml-well-formed 3:/)
    expect(fault('a: b: c\n')).toMatch(/^yaml-well-formed 1:/)
  })
  it('is a key that stands twice, at the second', () => {
    expect(fault('title: a\ntext: b\ntitle: c\n')).toBe('yaml-well-formed 3:1')
    expect(fault('a: {x: 1, x: 2}\n')).toBe('yaml-well-formed 1:11')
  })
  it('is a tab in the indentation', () => {
    expect(fault('a:\n\tb: 1\n')).toMatch(/^yaml-well-formed 2:/)
  })
  it('is more than one document', () => {
    expect(fault('a: 1\n---\nb: 2\n')).toBe('yaml-well-formed 2:1')
    expect(fault('# x\n---\na: 1\n\n---\nb: 2\n')).toBe('yaml-well-formed 5:1')
  })
  it('is an alias of nothing', () => {
    expect(fault('a: *x\n')).toMatch(/^yaml-well-formed 1:/)
  })
  it('is an unknown tag', () => {
    expect(fault('a: !!js/function "x"\n')).toMatch(/^yaml-well-formed/)
    expect(fault('a: !secret x\n')).toMatch(/^yaml-well-formed/)
  })
  it.each(['', ' \n\n', '# only a remark\n', '\n'])('an empty file %j is told as such', (text) => {
    expect(fault(text)).toBe('yaml-not-empty 1:1')
  })
  it('is told in Chinese with its cause', () => {
    const says = (text: string): string => {
      const result = parseYaml(text, 'a.yaml')
      return 'remark' in result ? result.remark.says.zh : ''
    }
    expect(says('a: 1\na: 2\n')).toContain('同一个键写了两次')
    expect(says('a:\n\tb: 1\n')).toContain('制表符')
    expect(says('a: *x\n')).toContain('别名')
    expect(says('a: 1\n---\nb: 2\n')).toContain('一份文档')
  })
})

describe('bombs', () => {
  const bomb = (levels: number): string =>
    [
      'a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]',
      ...'bcdefgh'
        .slice(0, levels)
        .split('')
        .map((key, index) => `${key}: &${key} [${`*${'abcdefgh'[index] ?? 'a'}, `.repeat(8)}1]`),
    ].join('\n')
  it('of aliases are refused: twenty are taken, twenty-one are not', () => {
    expect(fault(bomb(7))).toMatch(/^yaml-well-formed/)
    const aliases = (count: number): string => `a: &x 1\nb: [${Array.from({length: count}, () => '*x').join(', ')}]\n`
    expect(fault(aliases(20))).toBe('none')
    expect(fault(aliases(21))).toMatch(/^yaml-well-formed 2:/)
  })
  it('of depth are refused', () => {
    expect(fault(`a: ${'['.repeat(30)}1${']'.repeat(30)}\n`)).toBe('none')
    expect(fault(`a: ${'['.repeat(2000)}1${']'.repeat(2000)}\n`)).toMatch(/^yaml-well-formed/)
  })
  it('that contain themselves are refused', () => {
    expect(fault('a: &x [*x]\n')).toMatch(/^yaml-(has-no-cycle|well-formed)/)
    expect(fault('a: &x {b: {c: *x}}\n')).toMatch(/^yaml-(has-no-cycle|well-formed)/)
    expect(fault('a: &x {b: 1}\nc: [*x, *x]\n')).toBe('none')
  })
})

describe('the traps of YAML 1.1', () => {
  it.each([
    ['no', 'no'],
    ['off', 'off'],
    ['yes', 'yes'],
    ['On', 'On'],
    ['8:30', '8:30'],
    ['22:00', '22:00'],
    ['1_000', '1_000'],
    ['2026-11-25', '2026-11-25'],
    ['0b11', '0b11'],
    ['true', true],
    ['null', null],
    ['~', null],
    ['12', 12],
    ['1e3', 1000],
    ['0x1F', 31],
  ])('%s is read as %j', (written, value) => {
    expect(parsed(`a: ${written}\n`)).toEqual({a: value})
  })
  it('a merge key is a plain key', () => {
    expect(parsed('<<: {a: 1}\n')).toEqual({'<<': {a: 1}})
  })
  it('__proto__ is a key like any other and changes no object', () => {
    const value = parsed('__proto__: {polluted: yes}\na: 1\n')
    expect(Object.keys(value as object)).toEqual(['__proto__', 'a'])
    expect('polluted' in {}).toBe(false)
  })
  const organization = (number: string): Changes => ({
    'organization.yaml': `members:\n  - {id: zhang.san, departments: [/总部], number: ${number}}\n`,
    'facts.yaml': null,
  })
  it('a number with leading zeros must be quoted, and the finding says so', () => {
    expect(rulesOf(remarksOf(organization('"00123"')))).toEqual([])
    const [remark] = remarksOf(organization('00123'))
    expect([remark?.rule, remark?.fix.zh]).toEqual(['value-has-type', expect.stringContaining('引号')])
  })
  it('a slot may write its times without quotes', () => {
    const slots = 'title: s\naudience: {}\nslots:\n  - {from: 08:30, to: 22:00, template: hello}\ndefault: hello\n'
    expect(rulesOf(remarksOf({'schedules/all.yaml': slots}))).toEqual([])
    expect(rulesOf(remarksOf({'schedules/all.yaml': slots.replace('08:30', '8:30')}))).toEqual(['value-has-form'])
  })
  it('ids that another reader takes for booleans are ids', () => {
    const files = {
      'templates/no.yaml': 'title: no\ntext: 不\n',
      'templates/off.yaml': 'title: off\ntext: 关\n',
      'schedules/all.yaml': 'title: s\naudience: {}\ntemplate: [no, off, hello]\n',
    }
    expect(rulesOf(remarksOf(files))).toEqual([])
  })
  it('a state of digits must be quoted', () => {
    const channel = (state: string): Changes => ({'channels/c.yaml': `title: c\nstate: ${state}\nkind: external\n`})
    expect(rulesOf(remarksOf(channel('"0123"')))).toEqual([])
    expect(rulesOf(remarksOf(channel('0123')))).toEqual(['value-has-type'])
  })
})
