/**
 * Draws the example company's covers, menu and PDF into a folder (default `config/assets`). Only shapes and flat
 * colours: small, real files that every picture reader takes. The same input gives the same pixels.
 */
import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {type Colour, createCanvas, encodePng} from './make-assets/png.js'

/** Background and accent of each cover; the shapes differ so that a wrong cover is seen at a glance. */
const COVERS: Readonly<
  Record<string, {readonly back: Colour; readonly accent: Colour; readonly shape: 'bars' | 'circle' | 'steps'}>
> = {
  'moist-guide': {back: [224, 242, 233], accent: [46, 125, 90], shape: 'bars'},
  'dry-guide': {back: [245, 234, 220], accent: [166, 94, 46], shape: 'steps'},
  'double-twelve': {back: [253, 236, 234], accent: [198, 40, 40], shape: 'circle'},
  measure: {back: [227, 236, 250], accent: [40, 88, 160], shape: 'steps'},
  senior: {back: [240, 240, 240], accent: [80, 80, 80], shape: 'bars'},
  'poster-gift': {back: [236, 232, 246], accent: [98, 72, 160], shape: 'circle'},
  breakfast: {back: [255, 246, 221], accent: [230, 150, 30], shape: 'circle'},
  'night-coupon': {back: [36, 42, 72], accent: [240, 200, 90], shape: 'circle'},
  'night-help': {back: [222, 240, 246], accent: [30, 130, 150], shape: 'steps'},
  live: {back: [250, 230, 240], accent: [190, 40, 110], shape: 'circle'},
  trial: {back: [232, 236, 250], accent: [70, 60, 170], shape: 'bars'},
  'us-guide': {back: [230, 240, 226], accent: [70, 120, 50], shape: 'steps'},
  'us-orders': {back: [230, 234, 240], accent: [60, 80, 120], shape: 'bars'},
  queue: {back: [252, 232, 224], accent: [200, 70, 30], shape: 'steps'},
}

/** WeCom recommends 520×416 for mini-program covers (92137). */
const COVER = {width: 520, height: 416}
const MENU = {width: 720, height: 960}

function drawCover(name: string): Uint8Array {
  const {back, accent, shape} = COVERS[name] ?? {back: [255, 255, 255], accent: [0, 0, 0], shape: 'bars'}
  const canvas = createCanvas(COVER, back)
  if (shape === 'circle') canvas.fillCircle(260, 208, 120, accent)
  for (let index = 0; index < 5 && shape !== 'circle'; index++) {
    const height = shape === 'bars' ? 120 + ((index * 53) % 130) : 60 + index * 55
    canvas.fillRectangle(70 + index * 80, 340 - height, 56, height, accent)
  }
  canvas.fillRectangle(0, 380, COVER.width, 12, accent)
  return encodePng(canvas)
}

/** A menu page: a heading, and rows of a dish and its price. */
function drawMenu(): Uint8Array {
  const [paper, ink, chili]: Colour[] = [
    [255, 250, 240],
    [70, 50, 40],
    [200, 50, 40],
  ]
  const canvas = createCanvas(MENU, paper ?? [255, 255, 255])
  if (ink && chili) {
    canvas.fillRectangle(0, 0, MENU.width, 120, chili)
    for (let row = 0; row < 12; row++) {
      const top = 170 + row * 62
      canvas.fillCircle(70, top + 14, 14, chili)
      canvas.fillRectangle(110, top, 220 + ((row * 71) % 140), 26, ink)
      canvas.fillRectangle(590, top, 70, 26, chili)
    }
  }
  return encodePng(canvas)
}

/** One page of plain text; offsets are counted, as the format wants them. */
function writePdf(lines: readonly string[]): Uint8Array {
  const text = lines
    .map((line, index) => `BT /F1 ${index === 0 ? 20 : 12} Tf 72 ${760 - index * 28} Td (${line}) Tj ET`)
    .join('\n')
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  let body = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = body.length
    body += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  return Buffer.from(
    `${body}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`,
    'latin1',
  )
}

/** Writes every asset below `folder` and answers with their paths. */
export function makeAssets(folder: string): string[] {
  const files: readonly (readonly [string, Uint8Array])[] = [
    ...Object.keys(COVERS).map((name) => [`covers/${name}.png`, drawCover(name)] as const),
    ['阿蓉小馆菜单.png', drawMenu()],
    [
      '雅思备考手册.pdf',
      writePdf([
        'IELTS Preparation Handbook',
        'Part 1: hometown, weather, weekends',
        'Part 2: a place you would like to revisit',
        'Part 3: travel and memory',
      ]),
    ],
  ]
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), {recursive: true})
    writeFileSync(join(folder, path), bytes)
  }
  return files.map(([path]) => path)
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  makeAssets(process.argv[2] ?? fileURLToPath(new URL('../config/assets', import.meta.url)))
