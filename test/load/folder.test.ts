import {chmodSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {validateConfig} from '../../scripts/pipeline/validate.js'
import {loadConfig, type LoadedConfig} from '../../scripts/pipeline/load.js'
import {aConfig, describeRemarks, inFolder, NOW_MS, speaksBothLanguages} from '../support/a-config.js'

type Content = Readonly<Record<string, string | Uint8Array>>

const MB = 1024 * 1024

/** Loads the small start with more files, after `prepare` has had its way with the folder. */
const loaded = (files: Content, prepare: (folder: string) => void = () => undefined): Promise<LoadedConfig> =>
  inFolder({...aConfig(), ...files}, async (folder) => {
    prepare(folder)
    const result = await loadConfig(folder)
    expect(result.remarks.filter((remark) => !speaksBothLanguages(remark))).toEqual([])
    return result
  })

const faults = async (files: Content, prepare?: (folder: string) => void): Promise<string[]> =>
  describeRemarks((await loaded(files, prepare)).remarks)

describe('the small start as a folder', () => {
  it('is read without a finding', async () => {
    const {remarks, config} = await loaded({})
    expect(describeRemarks(remarks)).toEqual([])
    expect([...config.templates.keys()]).toEqual(['hello'])
  })
  it('gives the same findings whatever the order of the file system, sorted by place', async () => {
    const files = {
      ...aConfig({'templates/z.yaml': {titel: 'z'}, 'templates/a.yaml': {titel: 'a'}, 'channels/m.yaml': {}}),
    }
    const reversed = Object.fromEntries(Object.entries(files).reverse())
    const [one, other] = await Promise.all(
      [files, reversed].map((content) =>
        inFolder(content, async (folder) => (await validateConfig(folder, NOW_MS)).findings),
      ),
    )
    expect(one).toEqual(other)
    expect((one ?? []).map(({file}) => file)).toEqual([...(one ?? [])].map(({file}) => file).sort())
  })
})

describe('text', () => {
  it('may start with a byte order mark, and columns do not count it', async () => {
    const findings = await inFolder(
      {...aConfig(), 'templates/hello.yaml': '\ufefftitel: x\ntext: 您好\n'},
      async (folder) => (await validateConfig(folder, NOW_MS)).findings.filter(({rule}) => rule === 'key-is-known'),
    )
    expect(findings.map(({line, column}) => [line, column])).toEqual([[1, 1]])
  })
  it('in GBK is refused as not UTF-8', async () => {
    // "title: 你好" in GBK.
    const gbk = Uint8Array.from([...Buffer.from('title: '), 0xc4, 0xe3, 0xba, 0xc3, 0x0a])
    expect(await faults({'templates/hello.yaml': gbk})).toEqual(['file-is-utf8-text templates/hello.yaml 1:1'])
  })
  it('that is binary or in UTF-16 is refused', async () => {
    expect(await faults({'templates/hello.yaml': Uint8Array.from([0x74, 0, 0x69, 0])})).toEqual([
      'file-is-utf8-text templates/hello.yaml 1:1',
    ])
    expect(await faults({'templates/hello.yaml': Uint8Array.from([0xff, 0xfe, 0x74, 0])})).toEqual([
      'file-is-utf8-text templates/hello.yaml 1:1',
    ])
  })
  it('may hold the replacement character itself', async () => {
    expect(await faults({'templates/hello.yaml': 'title: x\ntext: 您\ufffd好\n'})).toEqual([])
  })
  it('may use the line ends of Windows', async () => {
    expect(await faults({'templates/hello.yaml': 'title: x\r\ntext: 您好\r\n'})).toEqual([])
  })
  it('of 1 MB is read, of one byte more it is refused', async () => {
    const padded = (bytes: number): string => {
      const head = 'title: x\ntext: 您好\n#'
      return head + 'x'.repeat(bytes - Buffer.byteLength(head) - 1) + '\n'
    }
    expect(await faults({'templates/hello.yaml': padded(MB)})).toEqual([])
    expect(await faults({'templates/hello.yaml': padded(MB + 1)})).toEqual([
      'file-size-within-limit templates/hello.yaml 1:1',
    ])
  })
})

describe('names of files', () => {
  it('that are unknown are refused with what belongs here', async () => {
    const {remarks} = await loaded({
      'notes.txt': 'x',
      'Templates/a.yaml': 'x',
      'templates/readme.md': 'x',
      'extra.yaml': 'a: 1\n',
    })
    expect(describeRemarks(remarks).sort()).toEqual([
      'file-is-known Templates 1:1',
      'file-is-known extra.yaml 1:1',
      'file-is-known notes.txt 1:1',
      'file-is-known templates/readme.md 1:1',
    ])
    expect(remarks[0]?.fix.zh).toContain('templates/')
  })
  it('ending in .yml are told to end in .yaml', async () => {
    const {remarks} = await loaded({'templates/b.yml': 'title: b\ntext: b\n'})
    expect(remarks.map(({rule, fix}) => [rule, fix.zh])).toEqual([['file-is-known', expect.stringContaining('.yaml')]])
  })
  it('starting with a dot are left alone', async () => {
    expect(await faults({'.gitkeep': '', 'templates/.hidden.yaml': '{', '.git/config': 'x'})).toEqual([])
  })
  it('make ids with folders, in Unicode NFC', async () => {
    const {config} = await loaded({
      'templates/south/store.yaml': 'title: x\ntext: x\n',
      'templates/cafe\u0301.yaml': 'title: x\ntext: x\n',
      'schedules/all.yaml': 'title: s\naudience: {}\ntemplate: [south/store, caf\u00e9]\n',
    })
    expect([...config.templates.keys()].sort()).toEqual(['café', 'hello', 'south/store'])
  })
  it('that differ only in Unicode form are one id twice', async () => {
    const rules = (
      await faults({
        'templates/cafe\u0301.yaml': 'title: x\ntext: x\n',
        'templates/caf\u00e9.yaml': 'title: x\ntext: x\n',
      })
    ).map((fault) => fault.split(' ')[0])
    expect(rules).toEqual(['id-is-unique'])
  })
  it('of an empty folder or without anything are no reason to fail', async () => {
    expect(await inFolder({}, async (folder) => describeRemarks((await loadConfig(folder)).remarks))).toEqual([
      'required-file-exists enterprise.yaml 1:1',
      'required-file-exists organization.yaml 1:1',
      'required-file-exists policy.yaml 1:1',
    ])
  })
})

describe('required files', () => {
  it.each(['enterprise.yaml', 'organization.yaml', 'policy.yaml'])(
    '%s missing is one finding, broken is another',
    async (file) => {
      const files = aConfig({[file]: null})
      expect(await inFolder(files, async (folder) => describeRemarks((await loadConfig(folder)).remarks))).toEqual([
        `required-file-exists ${file} 1:1`,
      ])
      expect((await faults({[file]: '{'})).map((fault) => fault.split(' ')[0])).toEqual(['yaml-well-formed'])
      expect((await faults({[file]: Uint8Array.from([0])})).map((fault) => fault.split(' ')[0])).toEqual([
        'file-is-utf8-text',
      ])
    },
  )
  it.each(['links.yaml', 'roles.yaml', 'facts.yaml'])('%s may be missing', async (file) => {
    expect(
      await inFolder(aConfig({[file]: null}), async (folder) => describeRemarks((await loadConfig(folder)).remarks)),
    ).toEqual([])
  })
})

describe('symbolic links', () => {
  it('to a file inside are followed', async () => {
    const {remarks, config} = await loaded({}, (folder) =>
      symlinkSync('hello.yaml', join(folder, 'templates/same.yaml')),
    )
    expect(describeRemarks(remarks)).toEqual([])
    expect(config.templates.get('same')?.value.title).toBe('问候')
  })
  it('out of the folder are refused unread', async () => {
    const secret = 'title: 秘密\ntext: 秘密\n'
    await inFolder({'outside.yaml': secret}, async (outside) => {
      const {remarks, config} = await loaded({}, (folder) =>
        symlinkSync(join(outside, 'outside.yaml'), join(folder, 'templates/out.yaml')),
      )
      expect(describeRemarks(remarks)).toEqual(['link-stays-inside templates/out.yaml 1:1'])
      expect(config.templates.has('out')).toBe(false)
      expect(JSON.stringify(remarks)).not.toContain('秘密')
    })
  })
  it('to nowhere, to themselves and to folders are refused', async () => {
    const links = (folder: string): void => {
      symlinkSync('gone.yaml', join(folder, 'templates/gone.yaml'))
      symlinkSync('self.yaml', join(folder, 'templates/self.yaml'))
      symlinkSync('..', join(folder, 'templates/up'))
      symlinkSync('templates', join(folder, 'schedules/more'))
    }
    expect(await faults({}, links)).toEqual([
      'link-stays-inside schedules/more 1:1',
      'link-stays-inside templates/gone.yaml 1:1',
      'link-stays-inside templates/self.yaml 1:1',
      'link-stays-inside templates/up 1:1',
    ])
  })
  it('as the folder itself are followed', async () => {
    await inFolder({}, async (place) => {
      await inFolder(aConfig(), async (folder) => {
        symlinkSync(folder, join(place, 'config'))
        expect((await loadConfig(join(place, 'config'))).remarks).toEqual([])
      })
    })
  })
  it('among the assets are held to the same', async () => {
    await inFolder({'a.png': 'x'}, async (outside) => {
      const {remarks, config} = await loaded({'assets/own.txt': 'inside'}, (folder) => {
        symlinkSync(join(outside, 'a.png'), join(folder, 'assets/out.png'))
        symlinkSync('own.txt', join(folder, 'assets/in.txt'))
      })
      expect(describeRemarks(remarks)).toEqual(['link-stays-inside assets/out.png 1:1'])
      expect([...config.assets.keys()].sort()).toEqual(['assets/in.txt', 'assets/own.txt'])
    })
  })
})

describe('assets', () => {
  // The smallest PNG there is: one transparent pixel.
  const PNG = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
    'base64',
  )
  it('are known by content, size and digest, whatever their name', async () => {
    const {config} = await loaded({'assets/picture.txt': PNG, 'assets/多/级/note.png': 'plain words'})
    expect(config.assets.get('assets/picture.txt')).toMatchObject({
      mime: 'image/png',
      bytes: PNG.length,
      width: 1,
      height: 1,
    })
    expect(config.assets.get('assets/picture.txt')?.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(config.assets.get('assets/多/级/note.png')).toMatchObject({mime: null})
  })
  it('that are cut off have no size', async () => {
    const {config} = await loaded({'assets/cut.png': PNG.subarray(0, 20)})
    expect(config.assets.get('assets/cut.png')?.width).toBeUndefined()
  })
  it('of 20 MB are read, of one byte more they are refused', async () => {
    const {remarks, config} = await loaded({
      'assets/most.bin': Buffer.alloc(20 * MB, 1),
      'assets/more.bin': Buffer.alloc(20 * MB + 1, 1),
    })
    expect(describeRemarks(remarks)).toEqual(['file-size-within-limit assets/more.bin 1:1'])
    expect([...config.assets.keys()]).toEqual(['assets/most.bin'])
  })
})

describe('a folder that cannot be read', () => {
  it('throws the error of the file system', async () => {
    await inFolder({'file.txt': 'x'}, async (folder) => {
      await expect(loadConfig(join(folder, 'nowhere'))).rejects.toMatchObject({code: 'ENOENT'})
      await expect(loadConfig(join(folder, 'file.txt'))).rejects.toMatchObject({code: 'ENOTDIR'})
    })
  })
})

describe('what the file system will not give', () => {
  // Root reads everything, so this is only tried by others.
  const byOthers = process.getuid?.() === 0 ? it.skip : it
  byOthers('a file or a folder without rights is a finding, and the rest is read', async () => {
    const locked = (folder: string): void => {
      for (const name of ['templates/closed.yaml', 'assets/closed.png', 'channels']) chmodSync(join(folder, name), 0)
    }
    const files = {'templates/closed.yaml': 'x', 'assets/closed.png': 'x', 'channels/c.yaml': 'x'}
    expect(await faults(files, locked)).toEqual([
      'file-is-readable channels 1:1',
      'file-is-readable templates/closed.yaml 1:1',
      'file-is-readable assets/closed.png 1:1',
    ])
  })
})
