import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {dump, load, parseEvents} from 'js-yaml'
import {constructPlain, NOT_PLAIN} from '../../scripts/core/load/construct-plain.js'

const plain = (text: string): unknown => constructPlain(parseEvents(text, {}), text)

describe('the builder of plain documents', () => {
  it('gives what the full reader gives, whatever the value', () => {
    fc.assert(
      fc.property(fc.jsonValue({maxDepth: 5}), fc.boolean(), (value, flow) => {
        const text = dump(value, flow ? {flowLevel: 1} : {})
        const built = plain(text)
        if (built !== NOT_PLAIN) expect(built).toEqual(load(text))
        else expect(text).toMatch(/__proto__|&|\*|!/)
      }),
      {numRuns: 500},
    )
  })
  it.each([
    'a: ~\nb:\nc: null\nd: Null\ne: nULL\n',
    '[true, True, TRUE, tRUE, false, no, yes, on, "true", y]',
    '[1, -1, +1, 0o17, 0x1F, 010, 1_000, 0b1, 1.5, .5, -.5, 1e3, .inf, -.Inf, .nan, 1., ., +]',
    '- 22:00\n- 2026-11-24\n- 12e03\n- "1"\n- \'2\'\n- |\n  3\n- >-\n  4\n  5\n',
    '{1: a, true: b, null: c, 1.50: d, ? e : f}',
    'a: {b: [c, {d: []}], e: {}}\n',
    '# nothing but\n--- text\n...\n',
    '<<: {a: 1}\nb: 2\n',
  ])('reads %j as the full reader does', (text) => {
    const built = plain(text)
    expect(built).not.toBe(NOT_PLAIN)
    expect(built).toEqual(load(text))
    expect(Object.is(JSON.stringify(built), JSON.stringify(load(text)))).toBe(true)
  })
  it.each([
    ['an alias', 'a: &x 1\nb: *x\n'],
    ['an anchor', 'a: &x {b: 1}\n'],
    ['a tag', 'a: !!str 1\n'],
    ['a directive', '%TAG !e! tag:x.example,2026:\n---\na: 1\n'],
    ['a key that is a list', '? [a]\n: 1\n'],
    ['a key that stands twice', 'a: 1\na: 2\n'],
    ['a key that stands twice in two spellings', '1: a\n"1": b\n'],
    ['the key __proto__', '__proto__: {a: 1}\n'],
    ['no document', '# nothing\n'],
    ['two documents', 'a: 1\n---\nb: 2\n'],
  ])('leaves %s to the full reader', (_what, text) => {
    expect(plain(text)).toBe(NOT_PLAIN)
  })
})
