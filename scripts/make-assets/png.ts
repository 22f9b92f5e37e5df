import {crc32, deflateSync} from 'node:zlib'

export type Colour = readonly [red: number, green: number, blue: number]

export interface Canvas {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8Array
  fillRectangle(left: number, top: number, width: number, height: number, colour: Colour): void
  fillCircle(centreX: number, centreY: number, radius: number, colour: Colour): void
}

export function createCanvas({width, height}: {readonly width: number; readonly height: number}, back: Colour): Canvas {
  const pixels = new Uint8Array(width * height * 3)
  const paint = (x: number, y: number, colour: Colour): void => pixels.set(colour, (y * width + x) * 3)
  const fillRectangle: Canvas['fillRectangle'] = (left, top, wide, high, colour) => {
    for (let y = Math.max(0, top); y < Math.min(height, top + high); y++)
      for (let x = Math.max(0, left); x < Math.min(width, left + wide); x++) paint(x, y, colour)
  }
  fillRectangle(0, 0, width, height, back)
  return {
    width,
    height,
    pixels,
    fillRectangle,
    fillCircle: (centreX, centreY, radius, colour) => {
      for (let y = Math.max(0, centreY - radius); y < Math.min(height, centreY + radius); y++)
        for (let x = Math.max(0, centreX - radius); x < Math.min(width, centreX + radius); x++)
          if ((x - centreX) ** 2 + (y - centreY) ** 2 < radius ** 2) paint(x, y, colour)
    },
  }
}

/** 8-bit RGB, no filter: every reader takes it. */
export function encodePng({width, height, pixels}: Canvas): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const rows = Buffer.alloc(height * (width * 3 + 1))
  for (let y = 0; y < height; y++)
    rows.set(pixels.subarray(y * width * 3, (y + 1) * width * 3), y * (width * 3 + 1) + 1)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, {level: 9})),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body) >>> 0)
  return Buffer.concat([length, body, sum])
}
