import type {Directory} from '../model/directory.js'

function rootOf(path: string): string {
  const end = path.indexOf('/', 1)
  return end < 0 ? path : path.slice(0, end)
}

/** `/a/b/c` → `/a/b/c`, `/a/b`, `/a`. */
function ancestry(path: string): string[] {
  const paths: string[] = []
  for (let at = path; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) paths.push(at)
  return paths
}

const lastName = (path: string): string => path.slice(path.lastIndexOf('/'))

/**
 * An app that sees a part of the company gets its paths from the topmost department it sees (WeCom 90208): `/华南区/天河店`
 * for the mirror's `/总部/华南区/天河店`. Such a path is put where the mirror has its root; where the mirror has no such
 * root, or several, the answer is `null` and the path is of no use. An empty mirror takes every path as it is.
 */
export function createPathPlacer(mirror: Directory): (path: string) => string | null {
  const known = new Set(
    [...mirror.members.flatMap(({departments}) => departments), ...mirror.transfers.map(({to}) => to)].flatMap(
      ancestry,
    ),
  )
  const aboveByRoot = new Map<string, string | null>()
  const findAbove = (root: string): string | null => {
    if (known.size === 0 || known.has(root)) return ''
    const places = [...known].filter((path) => lastName(path) === root)
    const [place] = places
    return place === undefined || places.length > 1 ? null : place.slice(0, place.lastIndexOf('/'))
  }
  return (path) => {
    const root = rootOf(path)
    let above = aboveByRoot.get(root)
    if (above === undefined) aboveByRoot.set(root, (above = findAbove(root)))
    return above === null ? null : `${above}${path}`
  }
}
