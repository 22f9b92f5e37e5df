import {resolve} from 'node:path'
import type {Clock, Store} from '../core/ports.js'
import {KeyUnusable, readPrivateKey, readPublicKey} from '../runtime/keys.js'
import {createSystemRandomness} from '../runtime/system-randomness.js'
import {createFileStore} from '../store/create-file-store.js'
import {CouldNotRun, type Door} from './door.js'

export function openStore(door: Door, written: unknown, clock: Clock): Store {
  const address = typeof written === 'string' ? written : (door.env['YINGBIN_STORE'] ?? 'file:.yingbin/store')
  if (!address.startsWith('file:'))
    throw new CouldNotRun(
      {zh: `不认识的存储 ${address}`, en: `unknown store ${address}`},
      {zh: '写作 file:文件夹', en: 'write file:FOLDER'},
    )
  const onDamage = ({what, why}: {readonly what: string; readonly why: string}): void => door.err(`${what}: ${why}\n`)
  return createFileStore(resolve(door.cwd, address.slice('file:'.length)), {
    clock,
    randomness: createSystemRandomness(),
    onDamage,
  })
}

/** A key from the environment: its PEM text in NAME, or a file in NAME_FILE. */
export async function keyFromEnv(door: Door, name: string, half: 'private' | 'public'): Promise<string> {
  const [pem, file] = [door.env[name], door.env[`${name}_FILE`]]
  if (pem === undefined && file === undefined)
    throw new CouldNotRun(
      {zh: `环境里没有密钥 ${name}`, en: `the environment has no key ${name}`},
      {
        zh: `把 PEM 文本放进 ${name}，或把文件路径放进 ${name}_FILE`,
        en: `put the PEM text into ${name}, or a file's path into ${name}_FILE`,
      },
    )
  const source = pem === undefined ? {file: resolve(door.cwd, file ?? '')} : {pem}
  try {
    return await (half === 'private' ? readPrivateKey(source, name) : readPublicKey(source, name))
  } catch (error) {
    if (!(error instanceof KeyUnusable)) throw error
    throw new CouldNotRun(
      {zh: `密钥不能用：${error.message}`, en: error.message},
      {zh: '换成 Ed25519 密钥的 PEM', en: 'use the PEM of an Ed25519 key'},
      {cause: error},
    )
  }
}
