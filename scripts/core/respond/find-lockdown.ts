import type {Lockdown, ReleaseTemplate} from '../model/release.js'

/** What a lockdown is asked about; the template is absent before anything was chosen. */
export interface LockdownFacts {
  readonly departments: readonly string[]
  readonly templateId?: string | null
  readonly template?: ReleaseTemplate | undefined
  readonly atMs: number
}

const isWithin = (path: string, ancestor: string): boolean => path === ancestor || path.startsWith(`${ancestor}/`)

function hostOf(url: string): string | null {
  try {
    return new URL(url).hostname.toLowerCase()
  } catch {
    // A release may hold no address that cannot be read; if one does, its text below still names the host.
    return null
  }
}

/** True when a template leads to the host or one below it, by link, by cover or in its words. */
function namesHost(template: ReleaseTemplate, host: string): boolean {
  const wanted = host.toLowerCase()
  const texts = [template.text, template.fallback ?? ''].map((text) => text.toLowerCase())
  const urls = template.attachments.flatMap((part) => (part.type === 'link' ? [part.url, part.cover ?? ''] : []))
  const isHost = (found: string | null) => found === wanted || (found?.endsWith(`.${wanted}`) ?? false)
  return texts.some((text) => text.includes(wanted)) || urls.some((url) => isHost(hostOf(url)))
}

function isHit(scope: Lockdown['scope'], facts: LockdownFacts): boolean {
  if (scope === 'corp') return true
  if ('department' in scope) return facts.departments.some((path) => isWithin(path, scope.department))
  if ('template' in scope) return facts.templateId === scope.template
  return facts.template !== undefined && namesHost(facts.template, scope.host)
}

/** The strictest kill switch that holds now, or null. */
export function findLockdown(lockdown: readonly Lockdown[], facts: LockdownFacts): Lockdown['mode'] | null {
  const hits = lockdown.filter(
    ({scope, untilMs}) => (untilMs === undefined || facts.atMs < untilMs) && isHit(scope, facts),
  )
  if (hits.some(({mode}) => mode === 'silent')) return 'silent'
  return hits.length > 0 ? 'text-only' : null
}

/** Scopes that can be judged before a template is chosen. */
export const isBeforeChoice = ({scope}: Lockdown): boolean => scope === 'corp' || 'department' in scope
