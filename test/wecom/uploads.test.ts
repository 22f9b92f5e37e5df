import {describe, expect, it} from '@jest/globals'
import {MediaDiffers, uploadChecked} from '../../scripts/wecom/upload-checked.js'
import type {MediaType} from '../../scripts/wecom/wire.js'
import {startPlayground} from '../sandbox/playground.js'
import {aClient, TestClock} from './a-client.js'

const PNG = Buffer.from('89504e470d0a1a0a0000000d', 'hex')
const JPEG = Buffer.from('ffd8ffe000104a46494600', 'hex')
const PDF = Buffer.from('%PDF-1.7 twelve plans')

/** A WeCom that keeps something else than it was sent. */
const keeping = (kept: Uint8Array) => ({
  sendMedia: () => Promise.resolve({mediaId: 'MID', createdAtSeconds: 0}),
  fetchMedia: () => Promise.resolve(kept),
})
const upload = (type: MediaType, sent: Uint8Array, kept: Uint8Array) =>
  uploadChecked(keeping(kept), type, {fileName: 'x', bytes: sent})

describe('an upload', () => {
  it('of a file or a video is good when every byte came back', async () => {
    await expect(upload('file', PDF, Buffer.from(PDF))).resolves.toBe('MID')
    await expect(upload('video', PDF, Buffer.from(PDF))).resolves.toBe('MID')
  })

  it.each([
    ['one byte less', PDF.subarray(0, -1)],
    ['one other byte', Buffer.concat([PDF.subarray(0, -1), Buffer.from('!')])],
    ['475 bytes of rubbish', Buffer.alloc(475, '<')],
    ['nothing', Buffer.alloc(0)],
  ])('of a file that comes back as %s is not used', async (_what, kept) => {
    await expect(upload('file', PDF, kept)).rejects.toThrow(MediaDiffers)
  })

  it('of a picture may come back encoded anew, but not as another kind or as a page', async () => {
    await expect(upload('image', PNG, Buffer.concat([PNG, PNG]))).resolves.toBe('MID')
    await expect(upload('image', PNG, JPEG)).rejects.toThrow(MediaDiffers)
    await expect(upload('image', PNG, Buffer.from('{"errcode":0}'))).rejects.toThrow(MediaDiffers)
  })

  it('goes to the sandbox and back as bytes, whatever bytes they are', async () => {
    const sandbox = await startPlayground()
    const {client} = aClient({baseUrl: sandbox.url, corpId: 'wwemulator0000000001', secret: 'secret-a'})
    const bytes = Buffer.from(Array.from({length: 512}, (_, index) => index % 256))
    await expect(uploadChecked(client, 'file', {fileName: '收纳.bin', bytes})).resolves.toMatch(/./)
    await expect(client.fetchMedia('no such')).rejects.toMatchObject({errcode: 40007})
    client.close()
    await sandbox.close()
  })
})

describe('the platform’s time', () => {
  it('is told with every answer, the yes and the no', async () => {
    const heard: number[] = []
    const sandbox = await startPlayground()
    const {client} = aClient(
      {
        baseUrl: sandbox.url,
        corpId: 'wwemulator0000000001',
        secret: 'secret-a',
        onPlatformTime: (platformMs) => heard.push(platformMs),
      },
      new TestClock(),
    )
    await client.fetchMedia('no such').catch(() => undefined)
    await sandbox.advance(90_000)
    await client.fetchMedia('no such').catch(() => undefined)
    expect(heard.map((atMs) => new Date(atMs).toISOString())).toEqual([
      '2026-11-24T02:00:00.000Z',
      '2026-11-24T02:00:00.000Z',
      '2026-11-24T02:01:30.000Z',
    ])
    client.close()
    await sandbox.close()
  })
})
