import type {Lockdown} from '../model/release.js'
import type {Words} from '../model/words.js'

type Scope = Lockdown['scope']

/** `corp`, `department:PATH`, `template:ID` or `host:HOST`; `null` for anything else. */
export function parseScope(written: string): Scope | null {
  if (written === 'corp') return 'corp'
  const colon = written.indexOf(':')
  const [kind, name] = [written.slice(0, colon), written.slice(colon + 1).normalize('NFC')]
  if (colon < 0 || name === '') return null
  if (kind === 'department') return /^(\/[^/]+)+$/.test(name) ? {department: name} : null
  if (kind === 'template') return {template: name}
  if (kind !== 'host') return null
  const host = name.toLowerCase()
  return URL.canParse(`https://${host}`) && new URL(`https://${host}`).host === host ? {host} : null
}

/** As it is written on the command line. */
export function renderScope(scope: Scope): string {
  if (scope === 'corp') return 'corp'
  return Object.entries(scope)
    .map(([kind, name]) => `${kind}:${name}`)
    .join('')
}

export const isSameScope = (one: Scope, other: Scope): boolean => renderScope(one) === renderScope(other)

/** `corp  text-only`, with the end where there is one. */
export function describeLockdown({scope, mode, notice, untilMs}: Lockdown, instant: (ms: number) => string): Words {
  const place = renderScope(scope)
  const until = untilMs === undefined ? '' : instant(untilMs)
  const modes: Readonly<Record<Lockdown['mode'], Words>> = {
    silent: {zh: '不发欢迎语', en: 'nothing is said'},
    'text-only': {zh: '只发文字', en: 'text only'},
    pinned: {zh: `只说「${notice ?? ''}」`, en: `only "${notice ?? ''}" is said`},
  }
  return {
    zh: `${place}：${modes[mode].zh}${until && `，到 ${until} 为止`}`,
    en: `${place}: ${modes[mode].en}${until && `, until ${until}`}`,
  }
}
