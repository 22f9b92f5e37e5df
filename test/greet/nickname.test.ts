import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {cleanNickname} from '../../scripts/core/greet/clean-nickname.js'
import {aGreeter, BARE, members, schedule} from '../support/a-greeter.js'

describe('a nickname', () => {
  it.each([
    ['小林', '小林'],
    ['  小 林  ', '小 林'],
    ['a\nb\r\nc\td', 'a b c d'],
    ['a\u2028b\u2029c', 'a b c'],
    ['a\u0000b\u0007c\u001b[31m', 'abc[31m'],
    ['a\u200bb\u200cc\u2060d\ufeffe', 'abcde'],
    ['\u202egnp.exe', 'gnp·exe'],
    ['a\u2066b\u2069', 'ab'],
    ['\ud800', ''],
    ['\ue000', ''],
    ['', ''],
    [' \u200b\n ', ''],
    ['👨‍👩‍👧', '👨‍👩‍👧'],
    ['👩🏽‍🚀', '👩🏽‍🚀'],
    ['❤️‍🔥', '❤️‍🔥'],
    ['a\u200db', 'ab'],
    ['👍🏽', '👍🏽'],
    ['évil.example', 'évil·example'],
    ['https://evil.example/x', 'https：evil·example/x'],
    ['1.2.3.4', '1·2·3·4'],
    ['evil。example', 'evil·example'],
    ['ok... 好。', 'ok... 好。'],
    ['$&$1$$', '$&$1$$'],
    ['[客户昵称]', '[客户昵称]'],
    ['#客户昵称#%NICKNAME%', '#客户昵称#%NICKNAME%'],
    ['\\', '\\'],
  ])('%j is said as %j', (nickname, expected) => {
    expect(cleanNickname(nickname)).toBe(expected)
  })
  it('of 128 bytes stays whole, one byte more loses its last character', () => {
    expect(cleanNickname('a'.repeat(128))).toBe('a'.repeat(128))
    expect(cleanNickname('a'.repeat(129))).toBe('a'.repeat(128))
    expect(cleanNickname('汉'.repeat(42) + 'ab')).toBe('汉'.repeat(42) + 'ab')
    expect(cleanNickname('汉'.repeat(43))).toBe('汉'.repeat(42))
  })
  it('is never cut inside a character as people see it', () => {
    const family = '👨‍👩‍👧'
    expect(cleanNickname(family.repeat(20))).toBe(family.repeat(Math.floor(128 / Buffer.byteLength(family))))
  })
})

/** Pieces that have broken other tools, mixed with anything at all. */
const anyNickname = fc.oneof(
  fc.string({unit: 'binary', maxLength: 80}),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '$&',
          '$$',
          '$1',
          "$'",
          '\\',
          '\\[',
          '[客户昵称]',
          '[员工姓名]',
          '[电话]',
          '#客户昵称#',
          '%NICKNAME%',
          '{{name}}',
        ),
        fc.constantFrom(
          '\u202e',
          '\u200b',
          '\u200d',
          '\u2066',
          '\n',
          '\r',
          '\u2028',
          '\0',
          '\ud83d',
          '\udc68',
          '👨‍👩‍👧',
          '🏽',
          '\ufe0f',
        ),
        fc.constantFrom('https://', 'evil.example', '。', '.', '1.1.1.1', 'weixin://', '汉字', 'a', ' '),
      ),
      {maxLength: 30},
    )
    .map((pieces) => pieces.join('')),
)

/** A link that clients make clickable: a scheme with an address, or letters, a dot and letters. */
const CLICKABLE = /:\/\/|[\p{L}\p{N}][.。．｡][\p{L}\p{N}]/u
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u

describe('any nickname at all', () => {
  it('comes out on one line, within 128 bytes, without links or unseen characters, and cleaning again changes nothing', () => {
    fc.assert(
      fc.property(anyNickname, (nickname) => {
        const cleaned = cleanNickname(nickname)
        if (Buffer.byteLength(cleaned) > 128) throw new Error('too long')
        if (UNSEEN.test(cleaned)) throw new Error('something unseen')
        if (CLICKABLE.test(cleaned)) throw new Error('a link')
        if (Buffer.from(cleaned).toString() !== cleaned) throw new Error('half a character')
        if (cleaned !== cleaned.trim()) throw new Error('space around')
        if (cleanNickname(cleaned) !== cleaned) throw new Error('not settled')
      }),
      {numRuns: 100_000},
    )
  })

  it('stands in the text as it is and nowhere else: nothing is expanded again', () => {
    const {greeter, choose} = aGreeter({
      ...BARE,
      ...members({id: 'mei', displayName: '梅'}),
      'facts.yaml': {'/总部': {电话: '400-000-0000'}},
      'templates/t.yaml': {title: 't', text: '<[客户昵称]|[员工姓名]|[电话]|[客户昵称]>', fallback: 'f'},
      ...schedule('s', {}, {template: 't'}),
    })
    const choice = choose({member: 'mei', at: '2026-11-25T15:00:00'})
    fc.assert(
      fc.property(anyNickname, (nickname) => {
        const name = cleanNickname(nickname)
        const {text} = greeter.render(choice, {nickname})
        if (text !== `<${name}|梅|400-000-0000|${name}>`) throw new Error(JSON.stringify({nickname, text}))
      }),
      {numRuns: 100_000},
    )
  })
})
