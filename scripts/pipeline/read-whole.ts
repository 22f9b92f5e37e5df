import {StoreDamaged, type Store} from '../core/ports.js'

/** The document as it was stored; `null` where it is missing or can no longer be trusted. */
export async function readWhole<T>(store: Pick<Store, 'readDocument'>, digest: string): Promise<T | null> {
  try {
    const text = await store.readDocument(digest)
    return text === null ? null : (JSON.parse(text) as T)
  } catch (error) {
    if (error instanceof StoreDamaged || error instanceof SyntaxError) return null
    throw error
  }
}
