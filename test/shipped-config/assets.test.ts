import {afterAll, describe, expect, it} from '@jest/globals'
import {fileTypeFromBuffer} from 'file-type'
import {imageSize} from 'image-size'
import {createHash} from 'node:crypto'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {inflateSync} from 'node:zlib'
import {makeAssets} from '../../scripts/make-assets.js'
import {CONFIG, findFiles} from './read-shipped-config.js'

const ASSETS = join(CONFIG, 'assets/')
const files = findFiles(ASSETS)
const readAsset = (path: string): Buffer => readFileSync(join(ASSETS, path))

/** SHA-256 of a PNG's header and inflated pixels: two Node versions may deflate the same pixels into different bytes. */
function digestPixels(png: Buffer): string {
  const data: Buffer[] = []
  const hash = createHash('sha256')
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at)
    const type = png.toString('latin1', at + 4, at + 8)
    const body = png.subarray(at + 8, at + 8 + length)
    if (type === 'IHDR') hash.update(body)
    if (type === 'IDAT') data.push(body)
    at += length + 12
  }
  return hash.update(inflateSync(Buffer.concat(data))).digest('hex')
}

describe('the shipped assets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yingbin-assets-'))
  afterAll(() => rmSync(folder, {recursive: true, force: true}))

  it.each(files)('%s is below 30 kB and is what its name says', async (path) => {
    const bytes = readAsset(path)
    const type = await fileTypeFromBuffer(bytes)
    expect(bytes.length).toBeLessThan(30_000)
    expect(type?.ext).toBe(path.slice(path.lastIndexOf('.') + 1))
  })

  it.each(files.filter((path) => path.startsWith('covers/')))('%s is 520 by 416 pixels', (path) => {
    expect(imageSize(readAsset(path))).toMatchObject({width: 520, height: 416, type: 'png'})
  })

  it('no two covers look the same', () => {
    const pictures = files.filter((path) => path.startsWith('covers/')).map((path) => digestPixels(readAsset(path)))
    expect(new Set(pictures).size).toBe(pictures.length)
  })

  it('the PDF has one page, text that can be read, and offsets that hit their objects', () => {
    const path = files.find((file) => file.endsWith('.pdf')) ?? ''
    const pdf = readAsset(path).toString('latin1')
    expect(pdf).toMatch(/\/Type \/Pages \/Kids \[\d+ 0 R\] \/Count 1/)
    expect(pdf).toContain('(IELTS Preparation Handbook) Tj')
    const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(pdf)?.[1])
    expect(pdf.slice(start, start + 4)).toBe('xref')
    const offsets = [...pdf.slice(start).matchAll(/^(\d{10}) 00000 n /gm)].map((row) => Number(row[1]))
    expect(offsets.map((offset, index) => pdf.startsWith(`${index + 1} 0 obj`, offset))).toEqual([
      true,
      true,
      true,
      true,
      true,
    ])
  })

  it('the maker draws exactly the shipped files again', () => {
    expect([...makeAssets(folder)].sort()).toEqual(files)
    const digest = (path: string, bytes: Buffer): string =>
      path.endsWith('.png') ? digestPixels(bytes) : createHash('sha256').update(bytes).digest('hex')
    for (const path of files)
      expect([path, digest(path, readFileSync(join(folder, path)))]).toEqual([path, digest(path, readAsset(path))])
  })

  it('making them twice gives the same bytes', () => {
    const first = new Map(makeAssets(folder).map((path) => [path, readFileSync(join(folder, path))]))
    for (const path of makeAssets(folder)) expect(first.get(path)?.equals(readFileSync(join(folder, path)))).toBe(true)
  })
})
