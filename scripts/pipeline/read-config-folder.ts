import {closeSync, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync} from 'node:fs'
import {join, sep} from 'node:path'
import type {SourceFile} from '../core/load/assemble-config.js'
import {ASSET_FOLDER, KNOWN_NAMES} from '../core/load/kinds.js'
import {sha256} from '../core/model/sha256.js'
import type {Asset} from '../core/model/config.js'
import type {Remark} from '../core/model/finding.js'

export const MAX_YAML_BYTES = 1024 * 1024
/** The largest thing WeCom takes is a 20 MB file (90253); anything bigger is not read. */
const MAX_ASSET_BYTES = 20 * 1024 * 1024
const HEAD_BYTES = 4100

/** Everything below the configuration folder, read but not yet understood. */
export interface ConfigFolder {
  readonly folder: string
  readonly files: readonly SourceFile[]
  readonly assets: ReadonlyMap<string, Asset>
  readonly remarks: readonly Remark[]
  readonly unreadable: ReadonlySet<string>
}

/** Told of the bytes of every file as they are read; they are overwritten by the next file. */
export type Witness = (path: string, bytes: Uint8Array) => void

/** Small files read fastest one after the other (see the bench); order is by path, whatever the file system says. */
export async function readConfigFolder(folder: string, witness?: Witness): Promise<ConfigFolder> {
  const root = realpathSync(folder)
  const shelf = Buffer.allocUnsafe(MAX_YAML_BYTES + 1)
  const remarks: Remark[] = []
  const unreadable = new Set<string>()
  const files: SourceFile[] = []
  const assetPaths: string[] = []
  const refuse = (path: string, remark: Pick<Remark, 'rule' | 'says' | 'fix'>) => {
    unreadable.add(path)
    remarks.push({...remark, level: 'error', at: {file: path, line: 1, column: 1}})
  }
  for (const path of listFiles(root, '', refuse)) {
    if (path.startsWith(`${ASSET_FOLDER}/`)) assetPaths.push(path)
    else {
      const bytes = readBytes(`${root}/${path}`, path, shelf, refuse)
      if (bytes === null) continue
      witness?.(path, bytes)
      const text = textOf(bytes, path, refuse)
      if (text !== null) files.push({path: path.normalize('NFC'), text})
    }
  }
  const assets = await readAssets(root, assetPaths, refuse, witness)
  return {folder: root, files, assets, remarks, unreadable}
}

type Refuse = (path: string, remark: Pick<Remark, 'rule' | 'says' | 'fix'>) => void

function listFiles(root: string, below: string, refuse: Refuse): string[] {
  const found: string[] = []
  const entries = readable(below, refuse, () => readdirSync(join(root, below), {withFileTypes: true})) ?? []
  const shown = entries.filter((entry) => !entry.name.startsWith('.'))
  for (const entry of shown.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    const kind = entry.isSymbolicLink()
      ? kindBehindLink(root, path, refuse)
      : entry.isDirectory()
        ? 'folder'
        : entry.isFile()
          ? 'file'
          : 'other'
    if (kind === 'folder') {
      if (below === '' && !KNOWN_NAMES.includes(`${path}/`)) refuse(path, UNKNOWN_FOLDER)
      else found.push(...listFiles(root, path, refuse))
    } else if (kind === 'file') found.push(path)
    else if (kind === 'other') refuse(path, NOT_A_FILE)
  }
  return found
}

/** What the file system will not give, for want of rights or since it has just gone, is a finding like any other. */
function readable<T>(path: string, refuse: Refuse, read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (path === '' || !isFileError(error)) throw error
    refuse(path, NOT_READABLE)
    return null
  }
}

/** A link may point to a file inside the folder; one that leads out, nowhere or to a folder is refused. */
function kindBehindLink(root: string, path: string, refuse: Refuse): 'file' | 'refused' {
  try {
    const target = realpathSync(join(root, path))
    if (target.startsWith(root + sep) && statSync(target).isFile()) return 'file'
  } catch (error) {
    if (!isFileError(error)) throw error
  }
  refuse(path, LINK_LEADS_OUT)
  return 'refused'
}

const isFileError = (error: unknown): boolean => typeof error === 'object' && error !== null && 'code' in error

/** The bytes of a file on the shelf, which is one byte longer than the file may be. */
function readBytes(file: string, path: string, shelf: Buffer, refuse: Refuse): Buffer | null {
  const content = readable(path, refuse, () => readBounded(file, shelf))
  if (typeof content !== 'number') return content
  refuse(path, tooLarge(content, shelf.length - 1))
  return null
}

function textOf(content: Buffer, path: string, refuse: Refuse): string | null {
  const text = content.toString('utf8')
  if (text.includes('\0') || (text.includes('\uFFFD') && !Buffer.from(text, 'utf8').equals(content))) {
    refuse(path, NOT_TEXT)
    return null
  }
  return (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text).normalize('NFC')
}

/** The bytes, or the size where they fill the shelf; a read without asking the size first, since there are many. */
function readBounded(file: string, shelf: Buffer): Buffer | number {
  const handle = openSync(file, 'r')
  try {
    const read = readSync(handle, shelf, 0, shelf.length, 0)
    return read < shelf.length ? shelf.subarray(0, read) : fstatSync(handle).size
  } finally {
    closeSync(handle)
  }
}

async function readAssets(
  root: string,
  paths: readonly string[],
  refuse: Refuse,
  witness: Witness | undefined,
): Promise<Map<string, Asset>> {
  const assets = new Map<string, Asset>()
  if (paths.length === 0) return assets
  // Only folders with assets pay for these two packages.
  const [{fileTypeFromBuffer}, {imageSize}] = await Promise.all([import('file-type'), import('image-size')])
  const shelf = Buffer.allocUnsafe(MAX_ASSET_BYTES + 1)
  for (const path of paths) {
    const content = readBytes(join(root, path), path, shelf, refuse)
    if (content === null) continue
    witness?.(path, content)
    const mime = (await fileTypeFromBuffer(content.subarray(0, HEAD_BYTES)))?.mime ?? null
    const size = mime?.startsWith('image/') ? measure(imageSize, content) : null
    const key = path.normalize('NFC')
    assets.set(key, {path: key, sha256: sha256(content), bytes: content.length, mime, ...size})
  }
  return assets
}

/** A picture whose size cannot be read is broken; validate says so when something uses it. */
function measure(
  imageSize: (bytes: Uint8Array) => {width: number; height: number},
  bytes: Uint8Array,
): {width: number; height: number} | null {
  try {
    const {width, height} = imageSize(bytes)
    // A picture cut off inside its head reads as zero.
    return width > 0 && height > 0 ? {width, height} : null
  } catch {
    return null
  }
}

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1)

const tooLarge = (bytes: number, limit: number) => ({
  rule: 'file-size-within-limit',
  says: {
    zh: `文件有 ${megabytes(bytes)} MB，上限 ${megabytes(limit)} MB`,
    en: `the file has ${megabytes(bytes)} MB, the limit is ${megabytes(limit)} MB`,
  },
  fix: {zh: '拆成几个文件，或压缩后再放', en: 'split it into several files, or make it smaller'},
})
const UNKNOWN_FOLDER = {
  rule: 'file-is-known',
  says: {zh: '不认识的文件夹', en: 'unknown folder'},
  fix: {zh: `这里只放：${KNOWN_NAMES.join('、')}`, en: `only these belong here: ${KNOWN_NAMES.join(', ')}`},
}
const NOT_READABLE = {
  rule: 'file-is-readable',
  says: {zh: '读不到这个文件或文件夹', en: 'this file or folder cannot be read'},
  fix: {zh: '检查它的权限，并确认它还在', en: 'check its permissions, and that it is still there'},
}
const NOT_A_FILE = {
  rule: 'file-is-regular',
  says: {zh: '这不是普通文件', en: 'this is not a regular file'},
  fix: {zh: '换成普通文件', en: 'replace it by a regular file'},
}
const LINK_LEADS_OUT = {
  rule: 'link-stays-inside',
  says: {
    zh: '符号链接指向配置文件夹之外，或指向不存在的地方',
    en: 'the symbolic link leads out of the configuration folder, or nowhere',
  },
  fix: {zh: '把内容放进来，不用链接', en: 'put the content here instead of a link'},
}
const NOT_TEXT = {
  rule: 'file-is-utf8-text',
  says: {
    zh: '文件不是 UTF-8 文本（可能是二进制或 GBK 编码）',
    en: 'the file is not UTF-8 text (binary, or another encoding such as GBK)',
  },
  fix: {zh: '另存为 UTF-8 编码的 YAML', en: 'save it as YAML in UTF-8'},
}
