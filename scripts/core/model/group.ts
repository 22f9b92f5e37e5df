/** Adds to the list a map holds under a key; the first makes the list. */
export function putUnder<K, T>(lists: Map<K, T[]>, key: K, item: T): void {
  const list = lists.get(key)
  if (list) list.push(item)
  else lists.set(key, [item])
}

/** Items by key, each list and the keys in the order they came. */
export function groupBy<K, T>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) putUnder(groups, keyOf(item), item)
  return groups
}
