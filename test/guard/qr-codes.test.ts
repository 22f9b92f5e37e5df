import {join} from 'node:path'
import {deflateSync} from 'node:zlib'
import {describe, expect, it} from '@jest/globals'
import {readConfigFolder} from '../../scripts/pipeline/read-config-folder.js'
import {readQrCodes} from '../../scripts/pipeline/read-qr-codes.js'
import {aConfig, anAsset, type Changes, describeRemarks, inFolder, remarksOf, writeInto} from '../support/a-config.js'
import {aQrCode} from '../support/a-qr-code.js'
import {ROOT} from '../support/launch.js'
import {documentOf, listOf, runCommand} from '../support/run-command.js'

const image: Changes = {
  'templates/hello.yaml': {
    title: 'x',
    text: '您好',
    fallback: '您好',
    attachments: [{type: 'image', file: 'assets/a.png'}],
  },
}
const OFFICIAL = 'https://m.hehejj.example/a'
const EVIL = 'https://evil.example/a'

/** A grey PNG of this size whose every row is the same. */
function plainPng(width: number, height: number): Uint8Array {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const head = Buffer.alloc(4)
    head.writeUInt32BE(data.length)
    const tail = Buffer.alloc(4)
    tail.writeUInt32BE(crc32(body))
    return Buffer.concat([head, body, tail])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width)
  header.writeUInt32BE(height, 4)
  header[8] = 8
  const rows = deflateSync(Buffer.alloc((width + 1) * height))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))])
}

function crc32(bytes: Buffer): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}

/** What was read of one picture. */
const codesOf = (bytes: Uint8Array, name = 'a.png') =>
  inFolder({[`assets/${name}`]: bytes}, async (folder) => {
    const {assets} = await readQrCodes(await readConfigFolder(folder))
    const {qrCodes, qrUnread} = assets.get(`assets/${name}`) ?? {}
    return {qrCodes, qrUnread}
  })

describe('QR codes in pictures', () => {
  it('are read from the bytes, whatever they say', async () => {
    expect(await codesOf(await aQrCode(OFFICIAL))).toEqual({qrCodes: [OFFICIAL], qrUnread: undefined})
    expect(await codesOf(await aQrCode('桌号 12'))).toEqual({qrCodes: ['桌号 12'], qrUnread: undefined})
  })
  it('are none in a picture without one, and nobody looks into other files', async () => {
    expect(await codesOf(plainPng(40, 40))).toEqual({qrCodes: [], qrUnread: undefined})
    expect(await codesOf(Buffer.from('%PDF-1.4\n'), 'a.pdf')).toEqual({qrCodes: undefined, qrUnread: undefined})
  })
  it('cannot be read from a broken picture or one of more than 4096 pixels a side', async () => {
    const whole = await aQrCode(OFFICIAL)
    expect(await codesOf(whole.slice(0, whole.length - 60))).toEqual({qrCodes: undefined, qrUnread: 'unreadable'})
    expect(await codesOf(plainPng(4097, 2))).toEqual({qrCodes: undefined, qrUnread: 'too-large'})
    expect(await codesOf(plainPng(4096, 2))).toEqual({qrCodes: [], qrUnread: undefined})
  })
  it('cannot be read from a picture that changed while it was read', async () => {
    await inFolder({'assets/a.png': plainPng(41, 41)}, async (folder) => {
      const read = await readConfigFolder(folder)
      writeInto(folder, 'assets/a.png', await aQrCode(EVIL))
      expect((await readQrCodes(read)).assets.get('assets/a.png')?.qrUnread).toBe('unreadable')
    })
  })
})

describe('validate', () => {
  const showing = (...qrCodes: string[]) => [anAsset('assets/a.png', {qrCodes})]
  const found = (changes: Changes, assets: ReturnType<typeof showing>): string[] =>
    describeRemarks(remarksOf(changes, {assets})).filter((remark) => remark.startsWith('qr-'))
  it('holds a code to the registry, at the file of the attachment', () => {
    expect(found(image, showing(OFFICIAL))).toEqual([])
    expect(found(image, showing(OFFICIAL, EVIL))).toEqual([
      'qr-host-not-in-registry templates/hello.yaml /attachments/0/file',
    ])
    expect(found(image, showing('HTTPS://EVIL.EXAMPLE/A'))).toHaveLength(1)
    expect(found(image, showing('http://m.hehejj.example/a'))).toHaveLength(1)
    expect(found(image, showing('桌号 12'))).toEqual([])
  })
  it('holds covers and pictures of group welcomes to it too; what nobody shows is nobody’s', () => {
    const cover = {type: 'miniprogram', title: 'x', appid: 'wx0000000000000001', page: 'a', cover: 'assets/a.png'}
    const template = {title: 'x', text: '您好', fallback: '您好', attachments: [cover]}
    expect(found({'templates/hello.yaml': template}, showing(EVIL))).toEqual([
      'qr-host-not-in-registry templates/hello.yaml /attachments/0/cover',
    ])
    const welcome = {title: 'g', text: '欢迎', attachment: {type: 'image', file: 'assets/a.png'}}
    expect(found({'group-welcomes/g.yaml': welcome}, showing(EVIL))).toEqual([
      'qr-host-not-in-registry group-welcomes/g.yaml /attachment/file',
    ])
    expect(found({}, showing(EVIL))).toEqual([])
  })
  it('refuses a picture that nobody could look into', () => {
    for (const qrUnread of ['too-large', 'unreadable', 'too-many', 'took-too-long'] as const)
      expect(found(image, [anAsset('assets/a.png', {qrUnread})])).toEqual([
        'qr-codes-are-readable templates/hello.yaml /attachments/0/file',
      ])
  })
  it('reads real pictures, and says where the code leads', async () => {
    await inFolder({}, async (cwd) => {
      for (const [path, text] of Object.entries(aConfig(image))) writeInto(cwd, join('config', path), text)
      writeInto(cwd, 'config/assets/a.png', await aQrCode(EVIL))
      const ran = await runCommand(['validate', '--json', '--no-cache', '--lang', 'en'], {cwd})
      const codes = listOf(documentOf(ran), 'findings').filter(({rule}) => rule === 'qr-host-not-in-registry')
      expect([ran.code, codes.map(({says}) => says)]).toEqual([1, [expect.stringContaining(EVIL)]])
    })
  })
  it('has nothing against the pictures of the example company', async () => {
    const {assets} = await readQrCodes(await readConfigFolder(join(ROOT, 'config')))
    const pictures = [...assets.values()].filter(({mime}) => mime === 'image/png')
    expect(pictures.length).toBeGreaterThan(5)
    expect(pictures.filter(({qrCodes, qrUnread}) => qrCodes === undefined || qrUnread !== undefined)).toEqual([])
  })
})

describe('diff-check', () => {
  it('tells a code that leads elsewhere behind an unchanged path', async () => {
    await inFolder({}, async (cwd) => {
      for (const side of ['base', 'config'])
        for (const [path, text] of Object.entries(aConfig(image))) writeInto(cwd, join(side, path), text)
      writeInto(cwd, 'base/assets/a.png', await aQrCode(OFFICIAL))
      writeInto(cwd, 'config/assets/a.png', await aQrCode('https://m.hehejk.example/a'))
      const document = documentOf(await runCommand(['diff-check', '--base', 'base', '--json'], {cwd}))
      expect(listOf(document, 'locks').map(({kind}) => kind)).toEqual(
        expect.arrayContaining(['host-not-in-registry', 'lookalike', 'links']),
      )
      expect(listOf(document, 'changes').map(({on, kind}) => [on, kind])).toEqual([
        ['attachment', 'asset'],
        ['link', 'template'],
      ])
    })
  })
})
