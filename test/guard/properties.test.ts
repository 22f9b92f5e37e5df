import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {addressDangers} from '../../scripts/core/guard/address-dangers.js'
import {compareFacts, isAbove} from '../../scripts/core/guard/compare-facts.js'
import {createLookalikeFinder, isOneEdit, skeletonOf} from '../../scripts/core/guard/look-alike.js'
import {createRegistry} from '../../scripts/core/guard/registry.js'
import type {Fact} from '../../scripts/core/guard/template-facts.js'
import {isSame} from '../../scripts/core/model/is-same.js'
import {canonicalText} from '../../scripts/core/model/canonical.js'
import {assembleConfig} from '../../scripts/core/load/assemble-config.js'
import {evaluateGuard} from '../../scripts/core/guard/evaluate-guard.js'
import {aConfig, type Changes, configOf, NOW_MS} from '../support/a-config.js'
import {guard, registered, says} from './a-change.js'

const fact = fc.record({
  kind: fc.constantFrom('link' as const, 'phone' as const, 'price' as const),
  value: fc.constantFrom('a', 'b', 'c', 'd'),
  pointer: fc.constant('/text'),
})
const facts: fc.Arbitrary<Fact[]> = fc.array(fact, {maxLength: 12})

describe('a comparison of facts', () => {
  it('is the same backwards: as much of as much', () => {
    fc.assert(
      fc.property(facts, facts, (a, b) => {
        const [there, back] = [compareFacts(a, b), compareFacts(b, a)]
        expect([there.kept, there.changed, there.total]).toEqual([back.kept, back.changed, back.total])
      }),
    )
  })
  it('with itself, in any order, is nothing', () => {
    fc.assert(
      fc.property(facts, (a) => {
        expect(compareFacts(a, [...a].reverse())).toMatchObject({kept: a.length, changed: 0})
      }),
    )
  })
  it('locks no less when more changes', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), fc.integer({min: 1, max: 100}), (changed, kept, percent) => {
        const limit = percent / 100
        if (isAbove(changed, changed + kept, limit)) expect(isAbove(changed + 1, changed + 1 + kept, limit)).toBe(true)
      }),
    )
  })
})

const label = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,8}[a-z0-9])?$/)
const host = fc
  .tuple(label, label, fc.constantFrom('example', 'com', 'com.cn', 'github.io'))
  .map((all) => all.join('.'))

describe('a look-alike', () => {
  const finderOf = (hosts: readonly string[]) => {
    const config = configOf(registered(...hosts))
    return createRegistry(config, NOW_MS)
  }
  it('is never something registered, whatever else is registered beside it', () => {
    fc.assert(
      fc.property(fc.uniqueArray(host, {minLength: 1, maxLength: 8}), (hosts) => {
        const registry = finderOf(hosts)
        for (const one of hosts) expect(registry.findImitated(one)).toBeNull()
        for (const one of hosts) {
          const kinds = addressDangers(`https://${one}/x`, registry).map(({kind}) => kind)
          expect(kinds.filter((kind) => kind !== 'idn-homoglyph')).toEqual([])
        }
      }),
    )
  })
  it('is every host that is one edit of another domain away', () => {
    const edit = fc.tuple(
      label.filter((text) => text.length >= 4),
      fc.nat(),
      fc.constantFrom('x', 'q', '7'),
      fc.nat(2),
    )
    fc.assert(
      fc.property(edit, ([name, at, letter, how]) => {
        const index = at % name.length
        const cut = [name.slice(0, index), name.slice(index + 1)] as const
        const edited = how === 0 ? cut.join('') : how === 1 ? cut.join(letter) : cut[0] + letter + name[index] + cut[1]
        fc.pre(edited !== name && /^[a-z0-9].*[a-z0-9]$/.test(edited))
        const find = createLookalikeFinder(new Set([`${name}.example`]), new Set([`${name}.example`]))
        expect(find(`${edited}.example`)).toBe(`${name}.example`)
      }),
    )
  })
  it('one edit is one both ways, and never none', () => {
    fc.assert(
      fc.property(fc.string({maxLength: 6}), fc.string({maxLength: 6}), (a, b) => {
        expect(isOneEdit(a, b)).toBe(isOneEdit(b, a))
        expect(isOneEdit(a, a)).toBe(false)
      }),
    )
  })
  it('a skeleton is one of itself', () => {
    fc.assert(fc.property(host, (name) => expect(skeletonOf(skeletonOf(name))).toBe(skeletonOf(name))))
  })
})

describe('any address', () => {
  it('is judged without an exception, and only what is registered passes', () => {
    const registry = createRegistry(configOf(registered('m.hehejj.example')), NOW_MS)
    const anything = fc.oneof(
      fc.webUrl(),
      fc.string().map((text) => `https://${text}`),
      fc.string(),
    )
    fc.assert(
      fc.property(anything, (address) => {
        if (addressDangers(address, registry).length === 0) expect(new URL(address).hostname).toBe('m.hehejj.example')
      }),
      {numRuns: 500},
    )
  })
})

describe('a text made to take long', () => {
  it.each([
    ['letters of another script', 'е'.repeat(200_000)],
    ['labels', 'a.'.repeat(100_000)],
    ['signs after an address', `https://m.hehejj.example/${'!'.repeat(200_000)}x`],
    ['calls to pay', '转我'.repeat(100_000)],
    ['redirects', `https://m.hehejj.example/?${'a=https://m.hehejj.example/&'.repeat(2_000)}`],
    ['nested redirects', `https://m.hehejj.example/${'?a=https://m.hehejj.example/'.repeat(2_000)}`],
    ['hyphens', `https://${'a-'.repeat(20_000)}b.example/`],
  ])(
    'is judged in time: %s',
    (_what, text) => {
      expect(guard({}, says(text)).changes.length).toBeGreaterThan(0)
    },
    10_000,
  )
})

describe('the order of files', () => {
  const text = fc.constantFrom(
    '您好',
    'https://m.hehejj.example/a',
    'https://evil.example/b 400-000-0001',
    '转账给我 1980元',
  )
  const world: fc.Arbitrary<Changes> = fc
    .dictionary(fc.constantFrom('a', 'b', 'c', 'd'), text, {maxKeys: 4})
    .map((texts) =>
      Object.fromEntries(Object.entries(texts).map(([id, said]) => [`templates/${id}.yaml`, {title: id, text: said}])),
    )
  it('does not matter', () => {
    const shuffled = (changes: Changes) => {
      const files = Object.entries(aConfig(changes)).map(([path, said]) => ({path, text: said}))
      return assembleConfig(files.reverse(), new Map(), new Set()).config
    }
    fc.assert(
      fc.property(world, world, (before, after) => {
        const mixed = evaluateGuard(shuffled(before), shuffled(after), NOW_MS)
        expect(mixed).toEqual(guard(before, after))
      }),
      {numRuns: 40},
    )
  })
})

describe('two values', () => {
  it('are the same where their canonical texts are', () => {
    const value = fc.jsonValue({maxDepth: 3})
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(isSame(a, b)).toBe(canonicalText(a) === canonicalText(b))
        expect(isSame(a, JSON.parse(JSON.stringify(a)))).toBe(true)
      }),
    )
  })
})
