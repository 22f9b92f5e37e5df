import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Randomness} from '../../core/ports.js'
import {generateKeyPair, type KeyPair} from '../../runtime/keys.js'
import type {SandboxSecrets} from './seed-sandbox.js'

/** Everything a company would keep in its secret store; here it opens only the sandbox on this machine. */
export interface DemoSecrets extends SandboxSecrets {
  readonly release: KeyPair
  readonly token: string
  readonly approval: KeyPair
  readonly customerKey: string
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const AES_KEY_LENGTH = 43

/** Made once for a folder, so that a second run is understood by the same sandbox and store. */
export function openDemoSecrets(folder: string, randomness: Randomness): DemoSecrets {
  const file = join(folder, 'secrets.json')
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as DemoSecrets
  const letters = (count: number): string =>
    Array.from({length: count}, () => LETTERS[Math.floor(randomness.fraction() * LETTERS.length)] ?? 'A').join('')
  const secrets: DemoSecrets = {
    secret: letters(AES_KEY_LENGTH),
    token: letters(20),
    aesKey: letters(AES_KEY_LENGTH),
    release: generateKeyPair(),
    approval: generateKeyPair(),
    customerKey: randomness.hex(16),
  }
  mkdirSync(folder, {recursive: true})
  writeFileSync(file, JSON.stringify(secrets), {mode: 0o600})
  return secrets
}
