import {describe, expect, it} from '@jest/globals'
import {createCipheriv} from 'node:crypto'
import {decrypt, encrypt, getSignature} from '@wecom/crypto'
import fc from 'fast-check'
import {encryptMessage} from '../../scripts/sandbox/callback-crypto.js'
import {createCallbackReader, STALE_AFTER_MS, type CallbackQuery} from '../../scripts/wecom/callback.js'
import {parseXml, scanFlat, xmlText} from '../../scripts/wecom/callback-xml.js'
import {decodeAesKey, openFrame} from '../../scripts/wecom/callback-frame.js'

const CORP = 'wwemulator0000000001'
const TOKEN = 'emulatorToken01'
const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
const OLD_KEY = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefg'
const pair = {token: TOKEN, encodingAesKey: AES_KEY}
const reader = createCallbackReader({receiver: CORP, credentials: [pair]})

const ECHO_CIPHER = 'Q3stYC6hdFzMh9T8HCvyDKf5xMjJx7zzxVVf3LTgHJXRGv9PKzNhrxw7B85nl648Ws5yRIWT8junwvCllC82pw=='
const ECHO_SIGNATURE = '1664a0155bf80831da2c79bffd48edbdeae78799'
const EVENT_CIPHER =
  'Q3stYC6hdFzMh9T8HCvyDFmY+J0XG5donfi6QekTzRtgqABvhWRUXuLj5TB4jMqAXmGPfk+93UUdGAfYHxv5t0V673vs1lzenD7Ijx0087ORbjQ6X5WJO1UKokB6o6PcUBxbbXdKERvld2R5qgbo87fj8py9CBM0/U2AKaBbj9gnxJ8ves1H8Bv7JxqcL2toDnYrTEiwa3NY7KsFJUggm2o/5K+tu1JNnsuAF3VrFoLbYPdNV4c7jL+a3b5JWkTZxCv7I8zM6FA/Lv4Zom1xdsEt8SqMbjxFOmZ0CYy8YjsKTGJqa9YpKKggrD3G/66buHyb/d66xALJ467l9Y9bkAyo7bs6rhRU8hd6kN4aOuvRaH3nUSePhQ5HrQZfAut/SJAmK+XKKG3gaRM9bdkxAPgoPEXfiPR1V9SFghYcq+7EcW2H7VhRuequwsYnDOx8uzHcFkRkAJ+3/38FFmFJyGNgattr4dttCuvIKLYIDmvdqN7olwOQuPDtdwmi+eWHxhtugILzTrly4LwxgR2kRcdcBNdeyxKWKJsFyujOiFSv2J4UHEbqCT81OTDN7c294WMFWYxJedQYWsk/n0bSabGn2htT7MagysZNZyVHu/ZzgviVlKK9BILybKflkk0eH0wQh+d9ut72DJM3VqckoYxJrf7dy0moT/LBefiva2TI4sVKTaZ4iLtNJKc1MpDec1+66i80jvO8DxeDF/QYnQ=='
const EVENT_SIGNATURE = '74449a161c39a955e03fba5aae088e0bdc94e199'
const when = {timestamp: '1700000000', nonce: 'nonce123'}

const envelope = (encrypted: string, agentId = '1000002') =>
  Buffer.from(
    `<xml><ToUserName><![CDATA[${CORP}]]></ToUserName><AgentID><![CDATA[${agentId}]]></AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`,
  )

const sign = (encrypted: string, token = TOKEN): CallbackQuery => ({
  ...when,
  msg_signature: getSignature(token, when.timestamp, when.nonce, encrypted),
})

interface Sealed {
  readonly key?: string
  readonly token?: string
  readonly receiver?: string
}

const deliver = (message: string, {key = AES_KEY, token = TOKEN, receiver = CORP}: Sealed = {}, to = reader) => {
  const encrypted = encrypt(key, message, receiver)
  return to.readDelivery(sign(encrypted, token), envelope(encrypted))
}

/** Seals any plaintext bytes, so that frames can be wrong in every way. */
function sealBytes(plain: Buffer): string {
  const {key, iv} = decodeAesKey(AES_KEY)
  const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
  return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64')
}

function frame({
  length,
  message = 'hello',
  receiver = CORP,
  pad,
}: {
  length?: number
  message?: string | Buffer
  receiver?: string
  pad?: (count: number) => Buffer
}) {
  const text = Buffer.from(message)
  const head = Buffer.alloc(20, 'r')
  head.writeUInt32BE(length ?? text.length, 16)
  const body = Buffer.concat([head, text, Buffer.from(receiver)])
  const count = 32 - (body.length % 32)
  return Buffer.concat([body, pad?.(count) ?? Buffer.alloc(count, count)])
}

const openBytes = (plain: Buffer) => openFrame(decodeAesKey(AES_KEY), sealBytes(plain), CORP)

describe('the test vectors of the platform page', () => {
  it('A: the echo opens to exactly its text', () => {
    const query = {...when, msg_signature: ECHO_SIGNATURE, echostr: ECHO_CIPHER}
    expect(reader.readEcho(query)).toEqual({ok: true, echo: '1234567890123456789'})
  })

  it('B: the event opens although its padding is longer than 16', () => {
    const result = reader.readDelivery({...when, msg_signature: EVENT_SIGNATURE}, envelope(EVENT_CIPHER))
    expect(result).toEqual({
      ok: true,
      sealed: EVENT_CIPHER,
      agentId: 1000002,
      event: {
        kind: 'add_external_contact',
        createdAtSeconds: 1_700_000_000,
        userId: 'lina',
        externalUserId: 'wmTEST0000000000000000000000001',
        state: 'rc-spring',
        welcomeCode: 'CODE-0001',
      },
    })
  })

  it('the key with spare bits in its last character is decoded', () => {
    expect(decodeAesKey(AES_KEY).key.toString('hex')).toBe(
      '69b71d79f8218a39259a7a29aabb2dbafc31cb3d35db7e39ebbf3d0010831051',
    )
  })
})

describe('signatures', () => {
  const query = {...when, msg_signature: EVENT_SIGNATURE}
  it.each([
    ['another signature', {...query, msg_signature: EVENT_SIGNATURE.replace('7', '8')}],
    ['an empty one', {...query, msg_signature: ''}],
    ['upper case', {...query, msg_signature: EVENT_SIGNATURE.toUpperCase()}],
    ['one character more', {...query, msg_signature: `${EVENT_SIGNATURE}0`}],
    ['non-ASCII of the same length', {...query, msg_signature: '签'.repeat(40)}],
    ['another time', {...query, timestamp: '1700000001'}],
    ['another nonce', {...query, nonce: 'nonce124'}],
  ])('%s is refused', (_what, changed) => {
    expect(reader.readDelivery(changed, envelope(EVENT_CIPHER))).toEqual({ok: false, reason: 'signature'})
  })

  it.each(['msg_signature', 'timestamp', 'nonce'] as const)(
    'a missing %s is refused before anything is decrypted',
    (name) => {
      const {[name]: _left, ...rest} = query
      expect(reader.readDelivery(rest, envelope(EVENT_CIPHER))).toEqual({ok: false, reason: 'query'})
    },
  )

  it('while keys rotate, the old pair still opens and a stranger does not', () => {
    const old = {token: 'oldToken', encodingAesKey: OLD_KEY}
    const both = createCallbackReader({receiver: CORP, credentials: [pair, old]})
    const message = '<xml><Event>x</Event></xml>'
    expect(deliver(message, {key: OLD_KEY, token: 'oldToken'}, both).ok).toBe(true)
    expect(deliver(message, {}, both).ok).toBe(true)
    expect(deliver(message, {token: 'other'}, both)).toEqual({ok: false, reason: 'signature'})
    expect(deliver(message, {key: OLD_KEY, token: 'oldToken'})).toEqual({ok: false, reason: 'signature'})
  })

  it('the old pair is accepted until its time, and counted apart from strangers after it', () => {
    const clock = {now: 0, nowMs: () => clock.now}
    const old = {token: 'oldToken', encodingAesKey: OLD_KEY, untilMs: Number(when.timestamp) * 1000 + 60_000}
    const both = createCallbackReader({receiver: CORP, credentials: [pair, old], clock})
    const message = '<xml><Event>x</Event></xml>'
    clock.now = old.untilMs - 1
    expect(deliver(message, {key: OLD_KEY, token: 'oldToken'}, both).ok).toBe(true)
    clock.now = old.untilMs
    expect(deliver(message, {key: OLD_KEY, token: 'oldToken'}, both)).toEqual({ok: false, reason: 'old-key'})
    expect(deliver(message, {}, both).ok).toBe(true)
    expect(deliver(message, {token: 'other'}, both)).toEqual({ok: false, reason: 'signature'})
  })

  it.each([
    ['exactly five minutes old', STALE_AFTER_MS, true],
    ['a millisecond older', STALE_AFTER_MS + 1, false],
    ['exactly five minutes ahead', -STALE_AFTER_MS, true],
    ['a millisecond further ahead', -STALE_AFTER_MS - 1, false],
  ])('a delivery %s is accepted: %#', (_what, ageMs, isAccepted) => {
    const clock = {nowMs: () => Number(when.timestamp) * 1000 + ageMs}
    const timed = createCallbackReader({receiver: CORP, credentials: [pair], clock})
    const result = deliver('<xml><Event>x</Event></xml>', {}, timed)
    expect(result.ok ? 'ok' : result.reason).toBe(isAccepted ? 'ok' : 'stale')
  })

  it('a time stamp that is no number is stale, however well it is signed', () => {
    const timed = createCallbackReader({receiver: CORP, credentials: [pair], clock: {nowMs: () => 0}})
    const encrypted = encrypt(AES_KEY, '<xml><Event>x</Event></xml>', CORP)
    const query = {...when, timestamp: 'soon', msg_signature: getSignature(TOKEN, 'soon', when.nonce, encrypted)}
    expect(timed.readDelivery(query, envelope(encrypted))).toEqual({ok: false, reason: 'stale'})
  })

  it('a text that was kept opens again with whichever pair it came, even one whose time is over', () => {
    const both = createCallbackReader({
      receiver: CORP,
      credentials: [pair, {token: 'oldToken', encodingAesKey: OLD_KEY, untilMs: 0}],
    })
    const message = '<xml><Event>x</Event></xml>'
    for (const key of [AES_KEY, OLD_KEY])
      expect(both.readSealed(encrypt(key, message, CORP))).toMatchObject({kind: 'unknown', event: 'x'})
    expect(both.readSealed(encrypt('c'.repeat(43), message, CORP))).toBeNull()
    expect(both.readSealed('rubbish')).toBeNull()
  })

  it('a key may change while the token stays', () => {
    const both = createCallbackReader({receiver: CORP, credentials: [pair, {token: TOKEN, encodingAesKey: OLD_KEY}]})
    expect(deliver('<xml><Event>x</Event></xml>', {key: OLD_KEY}, both).ok).toBe(true)
  })
})

describe('frames', () => {
  it('a message for another receiver is refused', () => {
    expect(deliver('<xml/>', {receiver: 'wwsomebodyelse'})).toEqual({ok: false, reason: 'receiver'})
    expect(deliver('<xml/>', {receiver: ''})).toEqual({ok: false, reason: 'receiver'})
    expect(deliver('<xml/>', {receiver: `${CORP}x`})).toEqual({ok: false, reason: 'receiver'})
  })

  it.each([
    ['zero', (count: number) => Buffer.alloc(count, 0)],
    ['33', (count: number) => Buffer.alloc(count, 33)],
    ['mixed', (count: number) => Buffer.concat([Buffer.alloc(count - 1, 1), Buffer.from([count])])],
  ])('padding of %s is refused', (_what, pad) => {
    expect(openBytes(frame({pad}))).toEqual({ok: false, reason: 'padding'})
  })

  it('a whole block of padding is fine', () => {
    const message = 'x'.repeat(64 - 20 - CORP.length)
    expect(openBytes(frame({message}))).toEqual({ok: true, message})
  })

  it('a length one beyond the end is refused; one that reaches into the receiver is another receiver', () => {
    const whole = 5 + CORP.length
    expect(openBytes(frame({length: whole + 1}))).toEqual({ok: false, reason: 'length'})
    expect(openBytes(frame({length: whole}))).toEqual({ok: false, reason: 'receiver'})
    expect(openBytes(frame({length: 4}))).toEqual({ok: false, reason: 'receiver'})
    expect(openBytes(frame({length: 0xffffffff}))).toEqual({ok: false, reason: 'length'})
  })

  it('a frame without room for its head is refused', () => {
    expect(openBytes(Buffer.concat([Buffer.alloc(12, 1), Buffer.alloc(20, 20)]))).toEqual({ok: false, reason: 'length'})
  })

  it('a message that is no UTF-8 is refused', () => {
    expect(openBytes(frame({message: Buffer.from([0xe4, 0xb8])}))).toEqual({ok: false, reason: 'encoding'})
  })

  it.each(['', 'AAAA', Buffer.alloc(48).toString('base64')])('%j is no whole number of blocks', (encrypted) => {
    expect(openFrame(decodeAesKey(AES_KEY), encrypted, CORP)).toEqual({ok: false, reason: 'cipher'})
  })

  it('opens whatever @wecom/crypto seals', () => {
    const keys = fc.stringMatching(/^[A-Za-z0-9]{43}$/)
    const texts = fc.string({unit: 'grapheme', maxLength: 300})
    const ids = fc.stringMatching(/^[a-z0-9]{0,24}$/)
    fc.assert(
      fc.property(keys, texts, ids, (key, message, receiver) => {
        fc.pre(Buffer.from(message).toString() === message)
        expect(openFrame(decodeAesKey(key), encrypt(key, message, receiver), receiver)).toEqual({ok: true, message})
      }),
    )
  })

  it('a callback changed in one character anywhere never opens', () => {
    fc.assert(
      fc.property(fc.nat(EVENT_CIPHER.length - 3), fc.constantFrom(...'ABCxyz019+/'), (at, letter) => {
        fc.pre(EVENT_CIPHER[at] !== letter)
        const mutated = EVENT_CIPHER.slice(0, at) + letter + EVENT_CIPHER.slice(at + 1)
        const result = reader.readDelivery({...when, msg_signature: EVENT_SIGNATURE}, envelope(mutated))
        expect(result).toEqual({ok: false, reason: 'signature'})
      }),
    )
  })

  it('signed rubbish is refused and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({minLength: 32, maxLength: 96}), (bytes) => {
        const encrypted = Buffer.from(bytes).toString('base64')
        expect(reader.readDelivery(sign(encrypted), envelope(encrypted)).ok).toBe(false)
      }),
    )
  })

  it.each(['', 'short', 'a'.repeat(42), 'a'.repeat(44), `${'a'.repeat(42)}=`])(
    'the key %j is refused at the start',
    (key) => {
      const make = () => createCallbackReader({receiver: CORP, credentials: [{token: TOKEN, encodingAesKey: key}]})
      expect(make).toThrow(/43 letters and digits/)
      expect(make).not.toThrow(new RegExp(`"${key}"`))
    },
  )

  it("no credentials at all are the operator's mistake", () => {
    expect(() => createCallbackReader({receiver: CORP, credentials: []})).toThrow(/at least one pair/)
  })
})

describe('envelopes', () => {
  const query = {...when, msg_signature: EVENT_SIGNATURE}
  const body = envelope(EVENT_CIPHER)

  it('exactly at the limit is read, one byte more is refused', () => {
    const limited = (maxBodyBytes: number) => createCallbackReader({receiver: CORP, credentials: [pair], maxBodyBytes})
    expect(limited(body.length).readDelivery(query, body).ok).toBe(true)
    expect(limited(body.length - 1).readDelivery(query, body)).toEqual({ok: false, reason: 'size'})
  })

  it('the default limit is 256 KiB', () => {
    const padded = (size: number) => Buffer.concat([body, Buffer.alloc(size - body.length, ' ')])
    expect(reader.readDelivery(query, padded(262_144)).ok).toBe(true)
    expect(reader.readDelivery(query, padded(262_145))).toEqual({ok: false, reason: 'size'})
  })

  it.each([
    ['nothing', ''],
    ['no XML', 'hello'],
    ['JSON', '{"encrypt":"x"}'],
    ['another root', `<other><Encrypt>${EVENT_CIPHER}</Encrypt></other>`],
    ['no Encrypt', '<xml><ToUserName>x</ToUserName></xml>'],
    ['an empty Encrypt', '<xml><Encrypt/></xml>'],
    ['two Encrypts', `<xml><Encrypt>${EVENT_CIPHER}</Encrypt><Encrypt>${EVENT_CIPHER}</Encrypt></xml>`],
    ['a DOCTYPE', `<!DOCTYPE xml [<!ENTITY a "b">]><xml><Encrypt>${EVENT_CIPHER}</Encrypt></xml>`],
    ['an unclosed CDATA', '<xml><Encrypt><![CDATA[abc'],
  ])('%s is refused as xml', (_what, text) => {
    expect(reader.readDelivery(query, Buffer.from(text))).toEqual({ok: false, reason: 'xml'})
  })

  it('bytes that are no UTF-8 are refused as xml', () => {
    expect(reader.readDelivery(query, Buffer.from([0xff, 0xfe, 0x3c]))).toEqual({ok: false, reason: 'xml'})
  })

  it('elements without CDATA and with line breaks between them are read', () => {
    const loose = `<xml>\n <ToUserName>x</ToUserName>\n <Encrypt>${EVENT_CIPHER}</Encrypt>\n</xml>`
    expect(reader.readDelivery(query, Buffer.from(loose))).toMatchObject({ok: true, agentId: null})
  })

  it('an inner document with a DOCTYPE is refused, the same letters inside CDATA are text', () => {
    expect(deliver('<!DOCTYPE x [<!ENTITY e "boom">]><xml><Event>&e;</Event></xml>')).toEqual({
      ok: false,
      reason: 'xml',
    })
    const quoted = '<xml><Event><![CDATA[a <!DOCTYPE b]]></Event></xml>'
    expect(deliver(quoted)).toMatchObject({ok: true, event: {kind: 'unknown', event: 'a <!DOCTYPE b'}})
  })

  it('entities are never expanded', () => {
    expect(deliver('<xml><Event>a&lt;b</Event></xml>')).toMatchObject({event: {event: 'a&lt;b'}})
  })
})

describe('against the official package', () => {
  const messages = fc.string({unit: 'grapheme', maxLength: 400}).filter((text) => Buffer.from(text).toString() === text)
  const keys = fc.stringMatching(/^[A-Za-z0-9]{43}$/)

  it('what it seals we open, what the sandbox seals it opens, on the same random messages', () => {
    fc.assert(
      fc.property(keys, messages, fc.uint8Array({minLength: 16, maxLength: 16}), (key, message, random) => {
        expect(openFrame(decodeAesKey(key), encrypt(key, message, CORP), CORP)).toEqual({ok: true, message})
        const sealed = encryptMessage(message, {aesKey: key, receiveId: CORP}, Buffer.from(random))
        expect(decrypt(key, sealed)).toMatchObject({message, id: CORP})
        expect(openFrame(decodeAesKey(key), sealed, CORP)).toEqual({ok: true, message})
      }),
      {numRuns: 300},
    )
  })

  it('of 10,000 mutated callbacks every one is refused, or says exactly what the true one says', () => {
    const query = {...when, msg_signature: EVENT_SIGNATURE}
    const body = envelope(EVENT_CIPHER)
    const truth = reader.readDelivery(query, body)
    const inBody = fc.record({
      at: fc.nat(body.length - 1),
      cut: fc.nat(3),
      put: fc.oneof(
        fc.uint8Array({maxLength: 4}),
        fc.constantFrom(...['<', '>', ']]>', '&', '<!', '\0']).map((text) => Buffer.from(text)),
      ),
    })
    const inQuery = fc.record({
      name: fc.constantFrom('msg_signature' as const, 'timestamp' as const, 'nonce' as const),
      at: fc.nat(39),
      put: fc.string({maxLength: 3}),
    })
    let refused = 0
    fc.assert(
      fc.property(fc.option(inBody, {freq: 4}), fc.option(inQuery, {freq: 4}), (bodyChange, queryChange) => {
        const mutated =
          bodyChange === null
            ? body
            : Buffer.concat([
                body.subarray(0, bodyChange.at),
                bodyChange.put,
                body.subarray(bodyChange.at + bodyChange.cut),
              ])
        const asked = {...query}
        if (queryChange !== null) {
          const text = asked[queryChange.name]
          asked[queryChange.name] = text.slice(0, queryChange.at) + queryChange.put + text.slice(queryChange.at + 1)
        }
        const result = reader.readDelivery(asked, mutated)
        if (!result.ok) refused += 1
        // The envelope around the encrypted text is not signed: it may change, what is said may not.
        else expect({...result, agentId: 0}).toEqual({...truth, agentId: 0})
      }),
      {numRuns: 10_000},
    )
    expect(refused).toBeGreaterThan(8_000)
  })
})

describe('the quick way through a document', () => {
  const names = fc.constantFrom('Event', 'ChangeType', 'UserID', 'State', 'WelcomeCode', 'CreateTime')
  const values = fc.oneof(
    fc.string({maxLength: 12}),
    fc.constantFrom('', '007', ' a ', 'a]b', 'a>b', 'a&lt;b', '<b/>', ']]>', '\r\n', '客户', '__proto__'),
  )
  const children = fc
    .array(fc.tuple(names, values, fc.boolean()), {maxLength: 7})
    .map((all) =>
      all.map(([name, value, isMarked]) => `<${name}>${isMarked ? `<![CDATA[${value}]]>` : value}</${name}>`),
    )
  const documents = fc
    .tuple(children, fc.constantFrom('', '\n', ' ', '<!-- c -->', 'x'))
    .map(([all, gap]) => `<xml>${all.join(gap)}</xml>`)

  it('finds what the general parser finds, or leaves the document to it', () => {
    let quick = 0
    fc.assert(
      fc.property(documents, (text) => {
        const found = scanFlat(text)
        if (found === null) return
        quick += 1
        const parsed = parseXml(text) ?? {}
        for (const name of Object.keys(found)) expect(xmlText(found, name)).toBe(xmlText(parsed, name))
        expect(Object.keys(parsed).filter((name) => name !== '#text' && !(name in found))).toEqual([])
      }),
      {numRuns: 2000},
    )
    expect(quick).toBeGreaterThan(200)
  })

  it('takes the events of the platform', () => {
    const {message} = decrypt(AES_KEY, EVENT_CIPHER)
    expect(scanFlat(message)).not.toBeNull()
    expect(scanFlat(envelope(EVENT_CIPHER).toString())).not.toBeNull()
  })

  it('is done with a hostile document in time that grows with its length alone', () => {
    const hostile = `<xml>${'<A>'.repeat(20_000)}${'<![CDATA['.repeat(5_000)}`
    expect(scanFlat(hostile)).toBeNull()
    expect(scanFlat(`<xml>${' '.repeat(100_000)}`)).toBeNull()
  })
})

describe('the echo', () => {
  const signed = {...when, msg_signature: ECHO_SIGNATURE}
  it('is refused without text, with a wrong signature, or for somebody else', () => {
    const encrypted = encrypt(AES_KEY, '1', 'wwsomebodyelse')
    expect(reader.readEcho(signed)).toEqual({ok: false, reason: 'query'})
    expect(reader.readEcho({...signed, echostr: ECHO_CIPHER.replace('Q', 'R')})).toEqual({
      ok: false,
      reason: 'signature',
    })
    expect(reader.readEcho({...sign(encrypted), echostr: encrypted})).toEqual({ok: false, reason: 'receiver'})
  })

  it('whose plus signs became spaces is refused', () => {
    const plus = encrypt(AES_KEY, '12345', CORP, Buffer.alloc(16, 3))
    expect(plus).toContain('+')
    expect(reader.readEcho({...sign(plus), echostr: plus.replaceAll('+', ' ')})).toEqual({
      ok: false,
      reason: 'signature',
    })
  })
})
