import type {WrittenOrganization} from '../model/written.js'
import type {Words} from '../model/words.js'
import type {LiveDepartment} from '../model/live-company.js'

/** Where the live departments belong in the mirror, and what became of the mirror's own paths. */
export interface Placement {
  /** Mirror path by department id. */
  readonly pathOf: ReadonlyMap<number, string>
  /** A path of the mirror as it is called now: a department keeps its id when it is renamed or put elsewhere. */
  renamed(path: string): string
  /** True at and below the departments the app sees; elsewhere nothing can be said. */
  isInView(path: string): boolean
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/'))
const lastName = (path: string): string => path.slice(path.lastIndexOf('/'))
const isRoot = ({path}: LiveDepartment): boolean => path.lastIndexOf('/') === 0

/**
 * An app that sees a part of the company gets paths from the topmost department it sees (WeCom 90208). Such a root is put
 * where the mirror has the department of its id, else where it has the only one of its name.
 */
export function placeLive(
  mirror: WrittenOrganization,
  live: readonly LiveDepartment[],
): Placement | {readonly problem: Words} {
  const known = new Map(
    (mirror.departments ?? []).flatMap(({id, path}) => (id === undefined ? [] : [[id, path] as const])),
  )
  const above = new Map<string, string>()
  for (const root of live.filter(isRoot)) {
    if (above.has(root.path)) return {problem: twoRoots(root.path)}
    const place = findAbove(root, known, mirror)
    if (place === null) return {problem: noPlace(root.path)}
    above.set(root.path, place)
  }
  const rootOf = (path: string): string => path.slice(0, path.indexOf('/', 1) < 0 ? path.length : path.indexOf('/', 1))
  const pathOf = new Map(live.map(({id, path}) => [id, `${above.get(rootOf(path)) ?? ''}${path}`]))
  const roots = live.filter(isRoot).flatMap(({id, path}) => [known.get(id), `${above.get(path) ?? ''}${path}`])
  const inView = new Set(roots.filter((path) => path !== undefined))
  return {
    pathOf,
    renamed: createRenamer(known, pathOf),
    isInView: (path) => ancestry(path).some((at) => inView.has(at)),
  }
}

function findAbove(
  root: LiveDepartment,
  known: ReadonlyMap<number, string>,
  mirror: WrittenOrganization,
): string | null {
  const own = known.get(root.id)
  if (own !== undefined) return parentOf(own)
  const {departments = [], members = []} = mirror
  const paths = new Set(
    [...departments.map(({path}) => path), ...members.flatMap((member) => member.departments)].flatMap(ancestry),
  )
  if (paths.has(root.path)) return ''
  const places = [...paths].filter((path) => lastName(path) === root.path)
  return places.length > 1 ? null : parentOf(places[0] ?? root.path)
}

/** `/a/b` → `/a/b`, `/a`: nearest first. */
export function ancestry(path: string): string[] {
  const paths: string[] = []
  for (let at = path; at !== ''; at = parentOf(at)) paths.push(at)
  return paths
}

/** Departments without an id follow the nearest one above them that has one. */
function createRenamer(
  known: ReadonlyMap<number, string>,
  pathOf: ReadonlyMap<number, string>,
): (path: string) => string {
  const now = new Map(
    [...known].flatMap(([id, path]) => (pathOf.has(id) ? [[path, pathOf.get(id) ?? path] as const] : [])),
  )
  return (path) => {
    for (const at of ancestry(path)) {
      const to = now.get(at)
      if (to !== undefined) return `${to}${path.slice(at.length)}`
    }
    return path
  }
}

const twoRoots = (path: string): Words => ({
  zh: `应用看得见两个都叫「${path.slice(1)}」的顶级部门，分不清谁是谁；请调整应用的可见范围`,
  en: `the app sees two topmost departments called "${path.slice(1)}" and cannot tell them apart; change its visible range`,
})
const noPlace = (path: string): Words => ({
  zh: `镜像里有好几个叫「${path.slice(1)}」的部门，不知道看得见的是哪一个；请在 organization.yaml 里写上它的 id`,
  en: `the mirror has several departments called "${path.slice(1)}"; write its id into organization.yaml to say which one is meant`,
})
