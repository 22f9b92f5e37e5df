type Fields = Readonly<Record<string, unknown>>

/**
 * Whether two plain values (as YAML or JSON give them) say the same; the order of keys does not matter. Many times faster
 * than making their canonical texts, which counts where ten thousand files are compared.
 */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && isSameList(a, b)
  const [left, right] = [a as Fields, b as Fields]
  const keys = Object.keys(left)
  if (keys.length !== Object.keys(right).length) return false
  for (const key of keys) if (!Object.hasOwn(right, key) || !isSame(left[key], right[key])) return false
  return true
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) if (!isSame(a[index], b[index])) return false
  return true
}
