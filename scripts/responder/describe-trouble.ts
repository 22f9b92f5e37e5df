/** Work that ran over its time. */
export class TooLate extends Error {
  override readonly name = 'TooLate'
  readonly code = 'E_TOO_LATE'
}

/**
 * What may be logged about a failure. Errors of ours that carry a code (`E_…`) are made to be read; of any other only the
 * class is told, for a message made from somebody's data could hold it.
 */
export function describeTrouble(error: unknown): {readonly kind: string; readonly reason?: string} {
  if (!(error instanceof Error)) return {kind: typeof error}
  const isSafe = 'code' in error && typeof error.code === 'string' && error.code.startsWith('E_')
  return {kind: error.name, ...(isSafe && {reason: error.message})}
}
