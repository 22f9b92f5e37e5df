import {generateKeyPairSync} from 'node:crypto'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {generateKeyPair, KeyUnusable, publicKeyOf, readPrivateKey, readPublicKey} from '../../scripts/runtime/keys.js'
import {createSystemClock} from '../../scripts/runtime/system-clock.js'
import {createSystemRandomness} from '../../scripts/runtime/system-randomness.js'
import {aFolder} from './a-store.js'

describe('keys', () => {
  const pair = generateKeyPair()

  it('are read from text, from text on one line, and from a file', async () => {
    const file = join(aFolder(), 'key.pem')
    writeFileSync(file, pair.privateKeyPem)
    const oneLine = pair.privateKeyPem.trim().replaceAll('\n', '\\n')
    for (const source of [{pem: pair.privateKeyPem}, {pem: oneLine}, {file}])
      expect(await readPrivateKey(source, 'KEY')).toBe(pair.privateKeyPem)
    expect(await readPublicKey({pem: pair.publicKeyPem}, 'KEY')).toBe(pair.publicKeyPem)
    expect(publicKeyOf(pair.privateKeyPem)).toBe(pair.publicKeyPem)
  })

  it('a private key is not taken where a public one belongs', async () => {
    await expect(readPublicKey({pem: pair.privateKeyPem}, 'RELEASE_KEY')).rejects.toThrow(
      /RELEASE_KEY is a private key/,
    )
  })

  it('another kind of key is named', async () => {
    const pem = generateKeyPairSync('ec', {namedCurve: 'P-256'})
      .privateKey.export({type: 'pkcs8', format: 'pem'})
      .toString()
    await expect(readPrivateKey({pem}, 'KEY')).rejects.toThrow('KEY is a ec key, expected ed25519')
  })

  it('an error never holds what was given', async () => {
    const refused = readPrivateKey({pem: 'secret words'}, 'KEY')
    await expect(refused).rejects.toThrow(KeyUnusable)
    await expect(refused).rejects.not.toThrow(/secret/)
    await expect(readPrivateKey({file: join(aFolder(), 'none.pem')}, 'KEY')).rejects.toThrow(/ENOENT/)
  })
})

describe('clock and randomness', () => {
  it('a shifted clock runs that much ahead', () => {
    const shifted = createSystemClock({offsetMs: 3_600_000}).nowMs() - createSystemClock().nowMs()
    expect(Math.round(shifted / 3_600_000)).toBe(1)
  })

  it('an aborted sleep rejects at once', async () => {
    await expect(createSystemClock().sleep(1_000_000, AbortSignal.abort())).rejects.toThrow()
  })

  it('fractions lie in [0, 1) and hex has the asked length', () => {
    const randomness = createSystemRandomness()
    const fractions = Array.from({length: 1000}, () => randomness.fraction())
    expect(fractions.every((value) => value >= 0 && value < 1)).toBe(true)
    expect(randomness.hex(16)).toMatch(/^[0-9a-f]{32}$/)
  })
})
