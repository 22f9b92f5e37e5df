import {describe, expect, it} from '@jest/globals'
import {decrypt, getSignature} from '@wecom/crypto'
import {decodeAesKey, decryptMessage, encryptMessage, signEnvelope} from '../../scripts/sandbox/callback-crypto.js'
import {renderEvent, renderXml} from '../../scripts/sandbox/callback-xml.js'
import {AES_KEY, CALLBACK_TOKEN, CORPID} from './playground.js'

const KEY = {aesKey: AES_KEY, receiveId: CORPID}
const PREFIX = Buffer.from('0123456789abcdef')

/** Known results made once and checked by round trip: a short echo text, and an event whose padding is longer than 16. */
const VECTORS = [
  {
    name: 'A, an echo text',
    plaintext: '1234567890123456789',
    ciphertext: 'Q3stYC6hdFzMh9T8HCvyDKf5xMjJx7zzxVVf3LTgHJXRGv9PKzNhrxw7B85nl648Ws5yRIWT8junwvCllC82pw==',
    signature: '1664a0155bf80831da2c79bffd48edbdeae78799',
  },
  {
    name: 'B, an add event',
    plaintext:
      '<xml><ToUserName><![CDATA[wwemulator0000000001]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName><CreateTime>1700000000</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[change_external_contact]]></Event><ChangeType><![CDATA[add_external_contact]]></ChangeType><UserID><![CDATA[lina]]></UserID><ExternalUserID><![CDATA[wmTEST0000000000000000000000001]]></ExternalUserID><State><![CDATA[rc-spring]]></State><WelcomeCode><![CDATA[CODE-0001]]></WelcomeCode></xml>',
    ciphertext:
      'Q3stYC6hdFzMh9T8HCvyDFmY+J0XG5donfi6QekTzRtgqABvhWRUXuLj5TB4jMqAXmGPfk+93UUdGAfYHxv5t0V673vs1lzenD7Ijx0087ORbjQ6X5WJO1UKokB6o6PcUBxbbXdKERvld2R5qgbo87fj8py9CBM0/U2AKaBbj9gnxJ8ves1H8Bv7JxqcL2toDnYrTEiwa3NY7KsFJUggm2o/5K+tu1JNnsuAF3VrFoLbYPdNV4c7jL+a3b5JWkTZxCv7I8zM6FA/Lv4Zom1xdsEt8SqMbjxFOmZ0CYy8YjsKTGJqa9YpKKggrD3G/66buHyb/d66xALJ467l9Y9bkAyo7bs6rhRU8hd6kN4aOuvRaH3nUSePhQ5HrQZfAut/SJAmK+XKKG3gaRM9bdkxAPgoPEXfiPR1V9SFghYcq+7EcW2H7VhRuequwsYnDOx8uzHcFkRkAJ+3/38FFmFJyGNgattr4dttCuvIKLYIDmvdqN7olwOQuPDtdwmi+eWHxhtugILzTrly4LwxgR2kRcdcBNdeyxKWKJsFyujOiFSv2J4UHEbqCT81OTDN7c294WMFWYxJedQYWsk/n0bSabGn2htT7MagysZNZyVHu/ZzgviVlKK9BILybKflkk0eH0wQh+d9ut72DJM3VqckoYxJrf7dy0moT/LBefiva2TI4sVKTaZ4iLtNJKc1MpDec1+66i80jvO8DxeDF/QYnQ==',
    signature: '74449a161c39a955e03fba5aae088e0bdc94e199',
  },
]

describe('the callback envelope', () => {
  it.each(VECTORS)('encrypts vector $name to the known bytes', ({plaintext, ciphertext}) => {
    expect(encryptMessage(plaintext, KEY, PREFIX)).toBe(ciphertext)
  })

  it.each(VECTORS)('decrypts vector $name', ({plaintext, ciphertext}) => {
    expect(decryptMessage(ciphertext, KEY)).toBe(plaintext)
  })

  it.each(VECTORS)('signs vector $name', ({ciphertext, signature}) => {
    expect(signEnvelope(CALLBACK_TOKEN, '1700000000', 'nonce123', ciphertext)).toBe(signature)
  })

  it('decodes a key whose last character has spare bits', () => {
    expect(decodeAesKey(AES_KEY).toString('hex')).toBe(
      '69b71d79f8218a39259a7a29aabb2dbafc31cb3d35db7e39ebbf3d0010831051',
    )
  })

  it.each([42, 44])('refuses a key of %i characters', (length) => {
    expect(() => decodeAesKey('a'.repeat(length))).toThrow(/43/)
  })

  it('refuses an envelope for another receiver', () => {
    expect(() => decryptMessage(encryptMessage('x', KEY), {...KEY, receiveId: 'wwanother'})).toThrow(/receiver/)
  })

  it.each(Array.from({length: 33}, (_, length) => length))('comes back whole after %i bytes of message', (length) => {
    const message = 'a'.repeat(length)
    expect(decryptMessage(encryptMessage(message, KEY), KEY)).toBe(message)
  })

  it('is understood by the library WeCom itself publishes', () => {
    const encrypted = encryptMessage('您好', KEY)
    expect(decrypt(AES_KEY, encrypted)).toMatchObject({message: '您好', id: CORPID})
    expect(getSignature(CALLBACK_TOKEN, '1700000000', 'nonce123', encrypted)).toBe(
      signEnvelope(CALLBACK_TOKEN, '1700000000', 'nonce123', encrypted),
    )
  })

  it('renders the event of vector B element by element', () => {
    const rendered = renderEvent(CORPID, 1_700_000_000, 'change_external_contact', [
      ['ChangeType', 'add_external_contact'],
      ['UserID', 'lina'],
      ['ExternalUserID', 'wmTEST0000000000000000000000001'],
      ['State', 'rc-spring'],
      ['WelcomeCode', 'CODE-0001'],
    ])
    expect(rendered).toBe(VECTORS[1]?.plaintext)
  })

  it('cannot be broken out of by a value that ends its CDATA section', () => {
    expect(renderXml([['State', 'a]]><x/>']])).toBe('<State><![CDATA[a]]]]><![CDATA[><x/>]]></State>')
  })
})
