import type {Config} from './config.js'
import type {Capability} from './written.js'

/** What a role may do; a role nobody defined may nothing. */
export function capabilitiesOf({roles}: Pick<Config, 'roles'>, role: string): readonly Capability[] {
  const written = Object.hasOwn(roles.value, role) ? roles.value[role] : undefined
  return typeof written === 'object' ? written.may : []
}
