import {isWithin} from '../greet/member-context.js'

/** The top of the company lies above everybody and is a unit of its own. */
const isBelowTop = (path: string): boolean => path.lastIndexOf('/') > 0

/** A department and one below it count as one: a head and his own deputy are not two views. */
export const areOneUnit = (a: string, b: string): boolean =>
  a === b || (isBelowTop(a) && isWithin(b, a)) || (isBelowTop(b) && isWithin(a, b))

/** Names each department by the highest one of the list that it belongs to. */
export function createUnits(departments: readonly string[]): (department: string) => string {
  const highest = [...new Set(departments)].sort((a, b) => a.length - b.length)
  return (department) => highest.find((other) => areOneUnit(other, department)) ?? department
}
