import {distance} from 'fastest-levenshtein'

/** The known name that is most likely meant; `undefined` where none is near. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const most = Math.max(1, Math.floor(name.length / 4))
  return [...known]
    .map((other) => ({other, steps: distance(other, name)}))
    .filter(({steps}) => steps <= most)
    .sort((a, b) => a.steps - b.steps || (a.other < b.other ? -1 : 1))[0]?.other
}
