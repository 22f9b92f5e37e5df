import {createPrivateKey, createPublicKey, generateKeyPairSync} from 'node:crypto'
import {readFile} from 'node:fs/promises'

/** An Ed25519 pair as PEM (PKCS#8 and SPKI). */
export interface KeyPair {
  readonly privateKeyPem: string
  readonly publicKeyPem: string
}

/** A key that is missing or of another kind. Never holds key material. */
export class KeyUnusable extends Error {
  override readonly name = 'KeyUnusable'
}

export function generateKeyPair(): KeyPair {
  const {privateKey, publicKey} = generateKeyPairSync('ed25519')
  return {
    privateKeyPem: privateKey.export({type: 'pkcs8', format: 'pem'}).toString(),
    publicKeyPem: publicKey.export({type: 'spki', format: 'pem'}).toString(),
  }
}

/** Where a key comes from: the text itself (as secrets stores hand it over), or a file. */
export type KeySource = {readonly pem: string} | {readonly file: string}

/** @param called how the user knows this key, for the error: a variable's or a flag's name */
export async function readPrivateKey(source: KeySource, called: string): Promise<string> {
  const pem = await readPem(source, called)
  return checkKey(() => createPrivateKey(pem), called, 'private')
    .export({type: 'pkcs8', format: 'pem'})
    .toString()
}

/** A private key is not taken for a public one: whoever only checks must not hold it. */
export async function readPublicKey(source: KeySource, called: string): Promise<string> {
  const pem = await readPem(source, called)
  if (pem.includes('PRIVATE KEY')) throw new KeyUnusable(`${called} is a private key; give the public one`)
  return checkKey(() => createPublicKey(pem), called, 'public')
    .export({type: 'spki', format: 'pem'})
    .toString()
}

export const publicKeyOf = (privateKeyPem: string): string =>
  createPublicKey(privateKeyPem).export({type: 'spki', format: 'pem'}).toString()

/** Secret stores and .env files often keep a key on one line with `\n` written out. */
const unfold = (text: string): string => text.replaceAll('\\n', '\n').trim() + '\n'

async function readPem(source: KeySource, called: string): Promise<string> {
  if ('pem' in source) return unfold(source.pem)
  try {
    return unfold(await readFile(source.file, 'utf8'))
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown'
    throw new KeyUnusable(`the file of ${called} cannot be read (${code})`)
  }
}

function checkKey<K extends {asymmetricKeyType?: string | undefined}>(parse: () => K, called: string, half: string): K {
  let key: K
  try {
    key = parse()
  } catch {
    // The parser's own error may quote the text it was given.
    throw new KeyUnusable(`${called} is no PEM text of a ${half} key`)
  }
  if (key.asymmetricKeyType !== 'ed25519')
    throw new KeyUnusable(`${called} is a ${key.asymmetricKeyType ?? 'unknown'} key, expected ed25519`)
  return key
}
