import {readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {prepareZXingModule, writeBarcode} from 'zxing-wasm/writer'

const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/writer/zxing_writer.wasm'))
prepareZXingModule({
  overrides: {wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength)},
})

/** A PNG with one QR code that says this. */
export async function aQrCode(says: string): Promise<Uint8Array> {
  const {image, error} = await writeBarcode(says, {format: 'QRCode', scale: 6})
  if (!image) throw new Error(error)
  return new Uint8Array(await image.arrayBuffer())
}
