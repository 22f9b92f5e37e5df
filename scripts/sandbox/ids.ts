import {createHash} from 'node:crypto'
import type {SandboxState} from './state.js'

/** Makes the next id of the sandbox: a prefix and hex digits that depend on the seed and on how many ids came before. */
export function makeId(state: SandboxState, prefix: string, digits = 24): string {
  state.serial += 1
  return prefix + createHash('sha256').update(`${state.seed} ${state.serial} ${prefix}`).digest('hex').slice(0, digits)
}
