import {createPrivateKey} from 'node:crypto'
import type {Words} from '../core/model/words.js'
import type {CodeHost} from '../core/ports.js'
import {createCodeHost} from '../github/create-code-host.js'
import {CouldNotRun, type Door} from './door.js'

export const REPO_HELP: Words = {
  zh: '组织/仓库（默认 GITHUB_REPOSITORY）',
  en: 'owner/name (default: GITHUB_REPOSITORY)',
}

/**
 * GitHub as flags and environment name it: GITHUB_API_URL (Enterprise has its own), and GITHUB_TOKEN or an app by
 * YINGBIN_APP_ID, YINGBIN_APP_INSTALLATION and YINGBIN_APP_KEY (PEM). YINGBIN_GATE_LOGIN names the account where its token may
 * not ask who it is; YINGBIN_GITHUB_PACED=no leaves out the pauses between writes, for a stand-in.
 */
export function openCodeHost({env}: Door, options: Readonly<Record<string, unknown>>): CodeHost {
  const written = typeof options['repo'] === 'string' ? options['repo'] : env['GITHUB_REPOSITORY']
  const [, owner, repo] = /^([\w.-]+)\/([\w.-]+)$/.exec(written ?? '') ?? []
  if (!owner || !repo)
    throw new CouldNotRun(
      {zh: '不知道是哪个 GitHub 仓库', en: 'which GitHub repository is meant is not known'},
      {zh: '写 --repo 组织/仓库，或设 GITHUB_REPOSITORY', en: 'write --repo owner/name, or set GITHUB_REPOSITORY'},
    )
  return createCodeHost({
    owner,
    repo,
    baseUrl: env['GITHUB_API_URL'],
    login: env['YINGBIN_GATE_LOGIN'],
    isPaced: env['YINGBIN_GITHUB_PACED'] !== 'no',
    ...credentialsOf(env),
  })
}

const APP_VARIABLES = ['YINGBIN_APP_ID', 'YINGBIN_APP_INSTALLATION', 'YINGBIN_APP_KEY']

function credentialsOf(env: Door['env']): Pick<Parameters<typeof createCodeHost>[0], 'token' | 'app'> {
  const {YINGBIN_APP_ID: appId, YINGBIN_APP_INSTALLATION: installation, YINGBIN_APP_KEY: key, GITHUB_TOKEN: token} = env
  if (appId && installation && key) {
    if (!/^\d+$/.test(installation))
      throw new CouldNotRun(
        {zh: 'YINGBIN_APP_INSTALLATION 不是编号', en: 'YINGBIN_APP_INSTALLATION is no number'},
        {zh: '写应用安装页面地址末尾的编号', en: "write the number at the end of the installation page's address"},
      )
    return {app: {appId, privateKey: appKeyOf(key), installationId: Number(installation)}}
  }
  if (token) return {token}
  const missing = APP_VARIABLES.filter((name) => !env[name])
  if (missing.length < APP_VARIABLES.length)
    throw new CouldNotRun(
      {
        zh: `应用的变量不全，还缺 ${missing.join('、')}`,
        en: `the app's variables are not complete; ${missing.join(', ')} missing`,
      },
      {zh: '补上缺的变量，或改设 GITHUB_TOKEN', en: 'set what is missing, or set GITHUB_TOKEN instead'},
    )
  throw new CouldNotRun(
    {
      zh: '环境里没有 GITHUB_TOKEN，也没有应用（YINGBIN_APP_ID、YINGBIN_APP_INSTALLATION、YINGBIN_APP_KEY）',
      en: 'the environment has neither GITHUB_TOKEN nor an app (YINGBIN_APP_ID, YINGBIN_APP_INSTALLATION, YINGBIN_APP_KEY)',
    },
    {zh: '设其中一种', en: 'set one of them'},
  )
}

/** GitHub gives PKCS#1, its client wants PKCS#8; secret stores often keep a key on one line with `\\n` written out. */
function appKeyOf(written: string): string {
  try {
    const key = createPrivateKey(written.replaceAll('\\n', '\n'))
    return key.export({type: 'pkcs8', format: 'pem'}).toString()
  } catch {
    // The parser's own error may quote the text it was given.
    throw new CouldNotRun(
      {zh: 'YINGBIN_APP_KEY 不是能用的私钥', en: 'YINGBIN_APP_KEY is no usable private key'},
      {zh: '粘贴 GitHub 应用页面下载的 .pem 全文', en: "paste the whole .pem downloaded from the app's page"},
    )
  }
}
