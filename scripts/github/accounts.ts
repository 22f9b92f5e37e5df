import type {Account} from '../core/model/review.js'

interface Written {
  readonly login: string
  readonly type?: string | undefined
}

/** A deleted account is shown as GitHub shows it. */
const GHOST: Account = {login: 'ghost', isBot: false}

/** Apps end in `[bot]`; a machine's type says so too. */
export const accountOf = (written: Written | null | undefined): Account =>
  written ? {login: written.login, isBot: written.type === 'Bot' || written.login.endsWith('[bot]')} : GHOST
