import {readFileSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {join, resolve} from 'node:path'
import type {Plan} from '../core/model/plan.js'
import type {Language} from '../core/model/words.js'
import {applyRest, type ApplyOutcome, type ApplyPorts, type ApplyRequest} from '../pipeline/apply.js'
import {planSources} from '../pipeline/plan-sources.js'
import {type CommandSpec, CouldNotRun, type Door} from './door.js'
import {openCheckedConfig} from './open-config.js'
import {keyFromEnv, openStore} from './open-store.js'
import {openClock, STORE_HELP} from './store-option.js'
import {openWriter, WECOM_HELP} from './open-wecom.js'
import {createProgressView} from './show-progress.js'
import {StoreLocked} from '../core/ports.js'

export const command: CommandSpec = {
  name: 'apply',
  summary: {zh: '执行计划的其余部分；可中断后继续', en: 'the rest of the plan; journaled and resumable'},
  example: 'yingbin apply --plan plan.json --token "$TOKEN"',
  configure: (command) =>
    command
      .requiredOption('--plan <file>', 'the plan that was approved (yingbin plan --out)')
      .requiredOption('--token <jws>', 'the approval token that gate minted')
      .option('--store <address>', STORE_HELP)
      .option('--wecom <url>', WECOM_HELP)
      .option('--head <sha>', 'the commit that is applied; compared with the token'),
  async run(door, options, language) {
    const clock = openClock(door)
    const opened = await openCheckedConfig('apply', door, options, language, clock.nowMs())
    if ('exitCode' in opened) return opened.exitCode
    const {config, tongue} = opened
    const store = openStore(door, options['store'], clock)
    const progress = createProgressView(door, tongue)
    const wecom = openWriter(door, options['wecom'], config, clock)
    try {
      const ports: ApplyPorts = {
        store,
        writer: wecom.writer,
        clock,
        readAssetFile: (path) => readFile(join(options.config, path)),
      }
      const request: ApplyRequest = {
        plan: readPlan(door, options['plan']),
        sources: await planSources(config, store, clock.nowMs()),
        token: String(options['token']),
        tokenKeyPem: await keyFromEnv(door, 'YINGBIN_TOKEN_PUBLIC_KEY', 'public'),
        ...(typeof options['head'] === 'string' ? {head: options['head']} : {}),
        manifest: {privateKeyPem: await keyFromEnv(door, 'YINGBIN_RELEASE_KEY', 'private')},
        holder: holderName(door),
        commit: typeof options['head'] === 'string' ? options['head'] : null,
        onProgress: progress.show,
        signal: door.signal,
      }
      const outcome = await orLocked(applyRest(ports, request)).finally(progress.end)
      door.out(
        options.json
          ? `${JSON.stringify({command: 'apply', verdict: verdictOf(outcome), findings: [], ...shown(outcome, tongue)})}\n`
          : renderOutcome(outcome, tongue),
      )
      return verdictOf(outcome) === 'ok' ? 0 : 1
    } finally {
      await wecom.close()
      await store.close()
    }
  },
}

/** Names this runner in the lock, for whoever finds it held. */
export const holderName = (door: Door): string => door.env['GITHUB_RUN_ID'] ?? `pid-${process.pid}`

/** A held lock is no defect: another apply runs, or died a moment ago. */
export async function orLocked<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof StoreLocked)) throw error
    throw new CouldNotRun(
      {zh: `存储正被 ${error.holder} 使用`, en: error.message},
      {
        zh: '等它结束后再来；若它已中断，锁会自己过期',
        en: 'come again when it has finished; if it died, the lock expires by itself',
      },
      {cause: error},
    )
  }
}

export function readPlan(door: Door, written: unknown): Plan {
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

export const verdictOf = (outcome: ApplyOutcome): 'ok' | 'refused' =>
  outcome.kind === 'ran' && outcome.isComplete ? 'ok' : 'refused'

function shown(outcome: ApplyOutcome, language: Language): object {
  if (outcome.kind === 'refused') return {reason: outcome.reason[language], differing: outcome.differing ?? []}
  return {steps: outcome.reports.map(({says, ...report}) => ({...report, says: says[language]}))}
}

function renderOutcome(outcome: ApplyOutcome, language: Language): string {
  const zh = language === 'zh'
  if (outcome.kind === 'refused')
    return `${zh ? '拒绝' : 'refused'}: ${outcome.reason[language]}\n${(outcome.differing ?? []).map((key) => `  ${key}\n`).join('')}`
  const count = (status: string): number => outcome.reports.filter((report) => report.status === status).length
  const rest = outcome.reports
    .filter(({status}) => status !== 'done')
    .map(({key, status, says}) => `  ${status}  ${key}  ${says[language]}\n`)
  const summary = zh
    ? `完成 ${count('done')}，失败 ${count('failed')}，跳过 ${count('skipped')}，待定 ${count('ambiguous')}`
    : `${count('done')} done, ${count('failed')} failed, ${count('skipped')} skipped, ${count('ambiguous')} ambiguous`
  return `${rest.join('')}${summary}\n`
}
