import {relative, sep} from 'node:path'
import type {Door} from './door.js'

/** Where a folder lies in the repository, from where the command was started; one that lies elsewhere is called `config` there. */
export function pathInRepository(door: Door, folder: string): string {
  const near = relative(door.cwd, folder).split(sep).join('/')
  return near === '' || near.startsWith('..') ? 'config' : near
}
