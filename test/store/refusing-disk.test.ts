import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {CouldNotRun} from '../../scripts/commands/door.js'
import {orBlocked} from '../../scripts/commands/store-run.js'
import {RELEASE_KEY, RELEASE_PUBLIC_KEY} from '../apply/apply-world.js'
import {aConfig, inFolder, speaksBothLanguages} from '../support/a-config.js'
import {documentOf, type Ran, runCommand} from '../support/run-command.js'

const onLinux = process.platform === 'linux' ? it : it.skip
/** The kernel's own folder, in which nobody may make anything, not even root. */
const NOBODYS = '/sys/yingbin-store'

const refusalOf = async (work: Promise<unknown>): Promise<CouldNotRun> => {
  const error: unknown = await orBlocked(work).catch((refusal: unknown) => refusal)
  if (!(error instanceof CouldNotRun)) throw new Error('expected that it could not run', {cause: error})
  return error
}

const failing = (code: string): Promise<never> => Promise.reject(Object.assign(new Error(code), {code, path: '/s/a'}))

const expectPlainWords = ({code, err}: Ran): void => {
  expect(code).toBe(2)
  expect(err).toMatch(/存储/)
  expect(err).not.toMatch(/没有料到|\n {4}at /)
}

describe('a disk that refuses', () => {
  it.each([
    ['ENOSPC', '磁盘满了'],
    ['EDQUOT', '磁盘满了'],
    ['EACCES', '没有权限'],
    ['EPERM', '没有权限'],
    ['EROFS', '只读'],
    ['ENOTDIR', '不是文件夹'],
  ])('is no defect of the program: %s is said in plain words, with its place and its mend', async (code, words) => {
    const {says, fix} = await refusalOf(failing(code))
    expect(says.zh).toContain(words)
    for (const text of [says.zh, says.en]) expect(text).toContain(`${code} /s/a`)
    expect(speaksBothLanguages({rule: 'disk', says, fix})).toBe(true)
  })

  it('is not what other errors are taken for', async () => {
    await expect(orBlocked(failing('ECONNRESET'))).rejects.toThrow('ECONNRESET')
    await expect(orBlocked(Promise.reject(new TypeError('a defect')))).rejects.toThrow(TypeError)
  })

  onLinux('is known when it is really full', async () => {
    expect((await refusalOf(writeFile('/dev/full', 'one line'))).says.zh).toContain('磁盘满了（ENOSPC')
  })

  onLinux('ends apply with 2 before anything is done, and the same document says why', () =>
    inFolder(withConfig(), async (cwd) => {
      const env = {
        ...{WECOM_SECRET: 'secret', WECOM_BASE_URL: 'http://127.0.0.1:9', YINGBIN_TOKEN: 'token'},
        ...{YINGBIN_TOKEN_PUBLIC_KEY: RELEASE_PUBLIC_KEY, YINGBIN_RELEASE_KEY: RELEASE_KEY.privateKeyPem},
      }
      const plan = join(cwd, 'plan.json')
      expect(await runCommand(['plan', '--out', plan, '--store', 'file:store'], {cwd})).toMatchObject({code: 0})
      const ran = await runCommand(['apply', '--json', '--plan', plan, '--store', `file:${NOBODYS}`], {cwd, env})
      expectPlainWords(ran)
      expect(documentOf(ran)).toMatchObject({command: 'apply', verdict: 'failed', findings: []})
    }),
  )

  it('is said by plan as well, which only reads', () =>
    inFolder(withConfig(), async (cwd) => {
      expectPlainWords(await runCommand(['plan', '--store', 'file:config/policy.yaml'], {cwd}))
    }))
})

const withConfig = (): Record<string, string> =>
  Object.fromEntries(Object.entries(aConfig()).map(([path, text]) => [`config/${path}`, text]))
