/** By code alone: the file system's errors may come from another realm, where `instanceof Error` says no. */
export const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT'
