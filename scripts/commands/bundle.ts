import {resolve} from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import type {Words} from '../core/model/words.js'
import {makeBundle} from '../pipeline/bundle.js'
import {type CommandSpec, CouldNotRun} from './door.js'
import {keyFromEnv} from './open-store.js'
import {languageFor} from './show-findings.js'
import {orBlocked, withStore} from './store-run.js'
import {STORE_WORDS} from './store-option.js'

const OUT_WORDS: Words = {zh: '写到哪个文件', en: 'the file to write'}

const NOTES: Words = {
  zh: '\n环境：YINGBIN_RELEASE_KEY 或 YINGBIN_RELEASE_KEY_FILE（发布私钥）。\n应答服务用 respond --bundle 文件 启动，不需要网络；比它已有的旧的、没有签名的、不完整的都不接受。',
  en: '\nEnvironment: YINGBIN_RELEASE_KEY or YINGBIN_RELEASE_KEY_FILE (the private release key).\nA responder starts from it with respond --bundle FILE, without any network; an older, unsigned or incomplete one is refused.',
}

export const command: CommandSpec = {
  name: 'bundle',
  summary: {
    zh: '把现在的发布写成一个签名的应急文件，没有网络也能启动应答服务',
    en: 'writes the present release into one signed emergency file that a responder can start from without a network',
  },
  example: 'yingbin bundle --out yingbin.bundle',
  configure: (command, language = 'zh') =>
    command
      .requiredOption('--out <file>', OUT_WORDS[language])
      .option('--store <address>', STORE_WORDS[language])
      .addHelpText('after', NOTES[language]),
  run: (door, options, language) =>
    withStore(door, options, async (store) => {
      const tongue = languageFor(language)
      const key = await keyFromEnv(door, 'YINGBIN_RELEASE_KEY', 'private')
      const made = await orBlocked(makeBundle(store, key))
      if (made === null) {
        door.out(
          options.json
            ? `${JSON.stringify({command: 'bundle', verdict: 'refused', findings: [], file: null})}\n`
            : `${NOTHING_YET[tongue]}\n`,
        )
        return 1
      }
      const file = String(options['out'])
      await write(resolve(door.cwd, file), made.text)
      const {version, stable, canary} = made.signed.manifest
      const facts = {file, version, stable, canary: canary?.digest ?? null, bytes: Buffer.byteLength(made.text)}
      door.out(
        options.json
          ? `${JSON.stringify({command: 'bundle', verdict: 'ok', findings: [], ...facts})}\n`
          : `${DONE({...facts, media: made.media})[tongue]}\n`,
      )
      return 0
    }),
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFileAtomic(file, text, {fsync: true})
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new CouldNotRun(
      {zh: `应急文件写不下去（${code}）`, en: `the emergency file cannot be written (${code})`},
      {zh: '换一个 --out', en: 'take another --out'},
      {cause: error},
    )
  }
}

const NOTHING_YET: Words = {
  zh: '还没有发布过，没有可写的',
  en: 'nothing was ever published: there is nothing to write',
}

const DONE = ({
  file,
  version,
  bytes,
  media,
}: {
  readonly file: string
  readonly version: number
  readonly bytes: number
  readonly media: number
}): Words => ({
  zh: `${file}：清单第 ${version} 版，${Math.ceil(bytes / 1024)} KiB，${media} 个素材（临时素材三天后失效，到时文字照发）`,
  en: `${file}: manifest ${version}, ${Math.ceil(bytes / 1024)} KiB, ${media} media (temporary ones die after three days; the text goes all the same)`,
})
