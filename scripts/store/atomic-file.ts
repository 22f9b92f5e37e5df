import {link, mkdir, open, readdir, readFile, unlink} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import writeFileAtomic from 'write-file-atomic'

/** By code alone: the file system's errors may come from another realm, where `instanceof Error` says no. */
export const hasCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code

/** The bytes of a file, or `null` when there is none. */
export async function readIfThere(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}

/** Names in a folder, sorted; none when there is no such folder. */
export async function findNames(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}

/** Replaces a file as a whole: after a crash there is the old content or the new one, never a mixture. */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(file), {recursive: true})
  await writeFileAtomic(file, typeof content === 'string' ? content : Buffer.from(content), {fsync: true})
  await syncFolder(dirname(file))
}

/**
 * Makes a file that must not exist yet, complete from its first moment. `false` when somebody else made it first: of
 * several processes exactly one gets `true`, without any lock that a crash could leave behind.
 * @param suffix makes the name of the temporary file unique among processes and machines
 */
export async function writeExclusive(file: string, content: string, suffix: string): Promise<boolean> {
  // Hidden: a crash may leave it behind, and in a folder of configuration every other file counts.
  const temporary = join(dirname(file), `.${basename(file)}.${suffix}.tmp`)
  await mkdir(dirname(file), {recursive: true})
  await writeFileAtomic(temporary, content, {fsync: true})
  try {
    await link(temporary, file)
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  } finally {
    await unlink(temporary)
  }
  await syncFolder(dirname(file))
  return true
}

/** `false` when it was gone already. */
export async function removeIfThere(file: string): Promise<boolean> {
  try {
    await unlink(file)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}

/** A rename or a link survives a power cut only once its folder is on the disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
