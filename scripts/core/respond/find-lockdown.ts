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

/** Whether a scope covers what is asked about, whenever that is. */
export function isHit(scope: Lockdown['scope'], facts: Omit<LockdownFacts, 'atMs'>): boolean {
  if (scope === 'corp') return true
  if ('department' in scope) return facts.departments.some((path) => isWithin(path, scope.department))
  if ('template' in scope) return facts.templateId === scope.template
  return facts.template !== undefined && namesHost(facts.template, scope.host)
}

const holding = (lockdown: readonly Lockdown[], facts: LockdownFacts): Lockdown[] =>
  lockdown.filter(({scope, untilMs}) => (untilMs === undefined || facts.atMs < untilMs) && isHit(scope, facts))

/** The strictest kill switch that holds now, or null; notices are no matter of it. */
export function findLockdown(lockdown: readonly Lockdown[], facts: LockdownFacts): 'text-only' | 'silent' | null {
  const modes = holding(lockdown, facts).map(({mode}) => mode)
  if (modes.includes('silent')) return 'silent'
  return modes.includes('text-only') ? 'text-only' : null
}

/** The template that is said instead, or null; the narrowest scope counts, of departments the deepest. */
export function findNotice(lockdown: readonly Lockdown[], facts: LockdownFacts): string | null {
  const pinned = holding(lockdown, facts).filter(({mode}) => mode === 'pinned')
  const [narrowest] = pinned.sort((a, b) => widthOf(a.scope) - widthOf(b.scope))
  return narrowest?.notice ?? null
}

function widthOf(scope: Lockdown['scope']): number {
  if (scope === 'corp') return Number.POSITIVE_INFINITY
  if ('template' in scope) return 0
  return 'host' in scope ? 1 : 1 / scope.department.length + 2
}

/** Scopes that can be judged before a template is chosen. */
export const isBeforeChoice = ({scope}: Lockdown): boolean => scope === 'corp' || 'department' in scope
