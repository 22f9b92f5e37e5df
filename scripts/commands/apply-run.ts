import {readFileSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {join, resolve} from 'node:path'
import type {Command} from 'commander'
import type {Config} from '../core/model/config.js'
import type {Plan} from '../core/model/plan.js'
import type {Language} from '../core/model/words.js'
import type {Clock, Store} from '../core/ports.js'
import type {ApplyPorts, ApplyRequest} from '../pipeline/apply.js'
import {planSources} from '../pipeline/plan-sources.js'
import {type CommonOptions, CouldNotRun, type Door, type ExitCode} from './door.js'
import {openCheckedConfig} from './open-config.js'
import {keyFromEnv, openStore} from './open-store.js'
import {openWriter} from './open-wecom.js'
import {WECOM_HELP} from './wecom-option.js'
import {createProgressView} from './show-progress.js'
import {holderName, orBlocked} from './store-run.js'
import {openClock, STORE_HELP} from './store-option.js'

/** The flags of the verbs that write: what was agreed to, and where it goes. */
export const configureApplyRun = (command: Command): Command =>
  command
    .requiredOption('--plan <file>', 'the plan that was approved (yingbin plan --out)')
    .option('--token <jws>', 'the approval token that gate minted (default: YINGBIN_TOKEN)')
    .option('--store <address>', STORE_HELP)
    .option('--wecom <url>', WECOM_HELP)
    .option('--head <sha>', 'the commit that is applied; compared with the token')

/** Everything a verb that writes works with. */
export interface ApplyRun {
  readonly config: Config
  readonly tongue: Language
  readonly store: Store
  readonly clock: Clock
  readonly ports: ApplyPorts
  readonly request: ApplyRequest
  /** Runs a part of the apply with progress; a held lock becomes a plain message. */
  watched<T>(work: Promise<T>): Promise<T>
}

/** Opens configuration, store and WeCom for a verb, and closes them again whatever happens. */
export async function withApplyRun(
  name: string,
  door: Door,
  options: Readonly<Record<string, unknown>> & CommonOptions,
  language: Language | undefined,
  work: (run: ApplyRun) => Promise<ExitCode>,
): Promise<ExitCode> {
  const clock = openClock(door)
  const opened = await openCheckedConfig(name, door, options, language, clock.nowMs())
  if ('exitCode' in opened) return opened.exitCode
  const {config, tongue} = opened
  const store = openStore(door, options['store'], clock)
  const wecom = openWriter(door, options['wecom'], config, clock)
  const progress = createProgressView(door, tongue)
  const head = typeof options['head'] === 'string' ? options['head'] : null
  try {
    const ports: ApplyPorts = {
      store,
      writer: wecom.writer,
      clock,
      readAssetFile: (path) => readFile(join(options.config, path)),
    }
    const request: ApplyRequest = {
      plan: readPlan(door, options['plan']),
      sources: await orBlocked(planSources(config, store, clock.nowMs())),
      token: tokenOf(door, options['token']),
      tokenKeyPem: await keyFromEnv(door, 'YINGBIN_TOKEN_PUBLIC_KEY', 'public'),
      ...(head === null ? {} : {head}),
      manifest: {privateKeyPem: await keyFromEnv(door, 'YINGBIN_RELEASE_KEY', 'private')},
      holder: holderName(door),
      commit: head,
      onProgress: progress.show,
      signal: door.signal,
    }
    return await work({
      config,
      tongue,
      store,
      clock,
      ports,
      request,
      watched: (part) => orBlocked(part).finally(progress.end),
    })
  } finally {
    await wecom.close()
    await store.close()
  }
}

/** By flag, or from the environment, where no list of processes shows it. */
function tokenOf(door: Door, written: unknown): string {
  const token = typeof written === 'string' ? written : door.env['YINGBIN_TOKEN']
  if (token) return token
  throw new CouldNotRun(
    {zh: '没有审批令牌', en: 'there is no approval token'},
    {
      zh: '用 --token 或 YINGBIN_TOKEN 给出 yingbin gate --mint 签发的令牌',
      en: 'give the token that yingbin gate --mint minted, with --token or in YINGBIN_TOKEN',
    },
  )
}

function readPlan(door: Door, written: unknown): Plan {
  const file = String(written)
  const unusable = (error: unknown): CouldNotRun =>
    new CouldNotRun(
      {zh: `计划文件不能用：${file}`, en: `the plan file cannot be used: ${file}`},
      {zh: '用 yingbin plan --out 重新生成', en: 'make it again with yingbin plan --out'},
      {cause: error},
    )
  let parsed: unknown
  try {
    parsed = JSON.parse(readFileSync(resolve(door.cwd, file), 'utf8'))
  } catch (error) {
    throw unusable(error)
  }
  if (!isPlan(parsed)) throw unusable(undefined)
  return parsed
}

/** Enough to be compared: its digest is checked against its steps before anything is done. */
const isPlan = (value: unknown): value is Plan =>
  typeof value === 'object' &&
  value !== null &&
  'digest' in value &&
  typeof value.digest === 'string' &&
  'steps' in value &&
  Array.isArray(value.steps) &&
  'release' in value
