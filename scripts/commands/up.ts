import {mkdirSync, rmSync} from 'node:fs'
import {isAbsolute, join, relative, resolve} from 'node:path'
import pc from 'picocolors'
import type {CanaryDecision} from '../core/canary/evaluate-canary.js'
import type {Language, Words} from '../core/model/words.js'
import {foldReports} from '../core/observe/fold-reports.js'
import {runCanary} from '../pipeline/canary.js'
import {createSystemClock} from '../runtime/system-clock.js'
import {createSystemRandomness} from '../runtime/system-randomness.js'
import {createFileStore} from '../store/create-file-store.js'
import {createLookPrinter} from './canary.js'
import {type CommandSpec, type Door, type ExitCode} from './door.js'
import {openCheckedConfig} from './open-config.js'
import {openWeCom} from './open-wecom.js'
import {openDemoSecrets} from './up/demo-secrets.js'
import {type LiveStack, startSandbox, startStack} from './up/live-stack.js'
import {plantMiniprogram} from './up/plant-fault.js'
import {renderOutcomes} from './up/show-outcomes.js'
import {applyPart, compareWithHead, planRun, type Run} from './up/stages.js'
import {createSeededFraction, letCustomersAdd, makeAdds, type SyntheticAdd} from './up/synthetic-customers.js'

/** A plain working morning, so that night rules and freeze windows do not depend on when one tries this. */
const DEMO_START_MS = Date.parse('2026-11-25T10:00:00+08:00')
const CUSTOMERS = 2000
/** These add while the canary is watched, the rest after everything was applied. */
const DURING_CANARY = 1600
const BATCH = 200
const CONCURRENCY = 32
const SEED = 20261125
/** The shortest observation is 10 minutes in earnest; here the evidence alone decides, and this is said. */
const DEMO_OBSERVE_MIN_MS = 0

export const command: CommandSpec = {
  name: 'up',
  summary: {
    zh: '在内置沙箱上走完整条流水线（不需要账号）',
    en: 'the whole pipeline on the embedded sandbox (no account needed)',
  },
  example: 'yingbin up --fault miniprogram',
  configure: (command) =>
    command
      .option('--fault <name>', 'miniprogram: plant a mini-program that WeCom refuses; the canary must catch it')
      .option('--keep', 'leave sandbox and responder running')
      .option('--fresh', 'forget what earlier runs left in the folder')
      .option('--folder <dir>', 'where sandbox state and store are kept', '.yingbin/up'),
  async run(door, options, language) {
    const folder = resolve(door.cwd, String(options['folder']))
    if (options['fresh'] === true) rmSync(folder, {recursive: true, force: true})
    mkdirSync(folder, {recursive: true})
    const randomness = createSystemRandomness()
    const storeFolder = join(folder, 'store')
    const offsetMs = (await startOf(storeFolder)) - Date.now()
    const clock = createSystemClock({offsetMs})
    const store = createFileStore(storeFolder, {
      clock,
      randomness,
      onDamage: ({what, why}) => door.err(`${what}: ${why}\n`),
    })
    const opened = await openCheckedConfig('up', door, options, language, clock.nowMs())
    if ('exitCode' in opened) return opened.exitCode
    const {config, tongue, warnings} = opened
    const show = createShow(door, options.json, tongue)
    const secrets = openDemoSecrets(folder, randomness)
    const fault =
      options['fault'] === 'miniprogram'
        ? plantMiniprogram(config, options.config, join(folder, 'faulty-config'), clock.nowMs())
        : null
    const faulty = fault
      ? await openCheckedConfig('up', door, {...options, config: fault.folder}, language, clock.nowMs())
      : null
    if (faulty && 'exitCode' in faulty) return faulty.exitCode
    show.stage('load', {
      zh: `配置 ${shortPath(door, options.config)}：${config.templates.size} 条模板、${config.schedules.size} 份排班、${config.channels.size} 个渠道、${config.groupWelcomes.size} 条入群欢迎语`,
      en: `configuration ${shortPath(door, options.config)}: ${config.templates.size} templates, ${config.schedules.size} schedules, ${config.channels.size} channels, ${config.groupWelcomes.size} group welcomes`,
    })
    show.stage('validate', {zh: `通过，${warnings.length} 个提醒`, en: `ok, ${warnings.length} warnings`})
    const settings = {folder, storeAddress: `file:${storeFolder}`, secrets, offsetMs}
    const sandbox = await startSandbox(door, config, settings)
    const client = openWeCom(
      door,
      sandbox.url,
      {corpId: config.enterprise.value.corpId, agentId: config.enterprise.value.agentId, secret: secrets.secret},
      clock,
    )
    const run: Run = {
      folder: fault?.folder ?? options.config,
      config: faulty?.config ?? config,
      store,
      clock,
      randomness,
      secrets,
      client,
      signal: door.signal,
    }
    let stack: LiveStack | null = null
    try {
      const unlocks = await showGuard(run, options.config, show, fault !== null)
      if (unlocks === null) return show.end('refused', {})
      const {made, sources} = await planRun(run)
      const {plan} = made
      show.stage('plan', planWords(plan))
      if (plan.steps.length === 0) {
        show.line({
          zh: '没有要做的事：企业微信和应答服务已经和配置一致。',
          en: 'Nothing to do: WeCom and the responders already match the configuration.',
        })
        return show.end('ok', {plan: {digest: plan.digest, steps: 0}})
      }
      const expanded = await applyPart(run, plan, sources, {part: 'expand', unlocks, onProgress: show.progress})
      if (expanded.kind === 'refused') return show.refused(expanded.reason)
      stack = await startStack(door, run.config, sandbox, clock, settings)
      show.line({
        zh: `沙箱 ${sandbox.url}，应答服务 ${stack.responderUrl}`,
        en: `sandbox ${sandbox.url}, responder ${stack.responderUrl}`,
      })
      const adds = makeAdds(
        run.config,
        CUSTOMERS,
        clock.nowMs(),
        createSeededFraction(SEED + made.recovered.state.serial),
      )
      const decision =
        plan.release.before === plan.release.after
          ? null
          : await watchCanary(run, plan, stack, adds.slice(0, DURING_CANARY), show)
      if (decision?.verdict !== 'rollback') {
        const outcome = await applyPart(run, plan, sources, {part: 'rest', unlocks, onProgress: show.progress})
        if (outcome.kind === 'refused') return show.refused(outcome.reason)
        const failed = outcome.reports.filter(({status}) => status !== 'done')
        show.stage('apply', {
          zh: `${outcome.reports.length - failed.length} 步完成，${failed.length} 步未完成`,
          en: `${outcome.reports.length - failed.length} steps done, ${failed.length} not`,
        })
        for (const report of failed) show.line(report.says)
        const manifest = await store.readManifest()
        await stack.untilRunning(manifest?.manifest.version ?? 0)
        await letCustomersAdd(stack.control, adds.slice(DURING_CANARY), CONCURRENCY)
      }
      return await showEnd(run, stack, decision, fault !== null, show, options['keep'] === true, door)
    } finally {
      client.close()
      await (stack ? stack.stop() : sandbox.child.stop())
      await store.close()
    }
  },
}

/** Time never goes back for a store: a second run starts after the last manifest of the first. */
async function startOf(storeFolder: string): Promise<number> {
  const randomness = createSystemRandomness()
  const store = createFileStore(storeFolder, {clock: createSystemClock(), randomness})
  const last = await store.readManifest()
  await store.close()
  return Math.max(DEMO_START_MS, (last?.manifest.issuedAtMs ?? 0) + 60_000)
}

const shortPath = (door: Door, path: string): string => {
  const near = relative(door.cwd, path)
  return near.startsWith('..') || isAbsolute(near) ? path : near
}

const planWords = (plan: {
  readonly digest: string
  readonly steps: readonly {readonly action: string}[]
  readonly people: {readonly before: number; readonly after: number}
}): Words => {
  const count = (action: string): number => plan.steps.filter((step) => step.action === action).length
  return {
    zh: `${plan.digest.slice(0, 12)}：新增 ${count('create')}、修改 ${count('update')}、删除 ${count('delete')}，涉及成员 ${plan.people.before} → ${plan.people.after}`,
    en: `${plan.digest.slice(0, 12)}: ${count('create')} to create, ${count('update')} to change, ${count('delete')} to delete, members ${plan.people.before} → ${plan.people.after}`,
  }
}

/** Shows what the guard says; answers with the unlocks the run goes on under, or `null` when it is locked. */
async function showGuard(run: Run, original: string, show: Show, isFault: boolean): Promise<readonly string[] | null> {
  const guarded = await compareWithHead(run.folder, original, run.clock.nowMs())
  const result = guarded?.result
  if (!result) {
    show.stage('diff-check', {zh: '没有可比较的 git 历史，跳过比较', en: 'no git history to compare with'})
    return []
  }
  const {changed, total} = result.links
  const people = {
    zh: `影响成员 ${result.people.before} → ${result.people.after}`,
    en: `members ${result.people.before} → ${result.people.after}`,
  }
  show.stage('diff-check', {
    zh: `与 HEAD 相比 ${result.changes.length} 处语义改动，链接变化 ${changed}/${total}，${people.zh}`,
    en: `${result.changes.length} changes in meaning since HEAD, links ${changed}/${total}, ${people.en}`,
  })
  for (const lock of result.locks) show.line({zh: `✖ ${lock.says.zh}`, en: `✖ ${lock.says.en}`})
  if (result.locks.length === 0) return []
  if (!isFault) return null
  show.line({
    zh: '演示：假定两个其他部门的安全员已解锁，看灰度能否拦住',
    en: 'demonstration: two security officers of other departments are taken to have unlocked it; will the canary stop it?',
  })
  return result.locks.map(({scope}) => scope)
}

async function watchCanary(
  run: Run,
  plan: Parameters<typeof runCanary>[1]['plan'],
  stack: LiveStack,
  adds: readonly SyntheticAdd[],
  show: Show,
): Promise<CanaryDecision> {
  const {store, clock, randomness, config, secrets, signal} = run
  const stopAdding = new AbortController()
  const before = (await store.readManifest())?.manifest.version ?? 0
  const watching = runCanary(
    {store, clock, randomness},
    {
      plan,
      policy: config.policy.value,
      timezone: config.enterprise.value.timezone,
      manifest: {privateKeyPem: secrets.release.privateKeyPem},
      lookEveryMs: 300,
      observeMinMs: DEMO_OBSERVE_MIN_MS,
      onLook: show.look,
      signal: AbortSignal.any([signal, stopAdding.signal]),
    },
  )
  show.stage('canary', {
    zh: '5% 的客户先听新版（正式环境至少观察 10 分钟；演示里只看证据）',
    en: '5 % of the customers hear it first (in earnest for 10 minutes at least; here the evidence alone decides)',
  })
  let settled = false
  const decided = watching.finally(() => (settled = true))
  const adding = (async () => {
    await stack.untilRunning(before + 1)
    for (let at = 0; at < adds.length && !(settled && at >= adds.length / 2); at += BATCH)
      await letCustomersAdd(stack.control, adds.slice(at, at + BATCH), CONCURRENCY)
    // Nobody else will add: what is not known after the last reports will not become known.
    await clock.sleep(2500)
    stopAdding.abort()
  })()
  const [{decision, reports}] = await Promise.all([decided, adding])
  const {arms} = foldReports(reports)
  const events = (arm: string): number =>
    arms
      .filter((one) => one.arm === arm && (arm === 'stable' || one.release === plan.release.after))
      .reduce((sum, one) => sum + one.events, 0)
  const {canary, control} = decision.evidence
  const share = canary.sends / Math.max(1, canary.sends + control.sends)
  show.line({
    zh: `实测灰度比例 ${(share * 100).toFixed(1)}%（${canary.sends} / ${canary.sends + control.sends} 次发送；事件 ${events('canary') + events('stable')}）`,
    en: `measured share ${(share * 100).toFixed(1)}% (${canary.sends} of ${canary.sends + control.sends} sends; ${events('canary') + events('stable')} events)`,
  })
  show.line({zh: pcVerdict(decision, 'zh'), en: pcVerdict(decision, 'en')})
  return decision
}

const pcVerdict = ({verdict, because}: CanaryDecision, language: Language): string =>
  `${verdict.toUpperCase()}: ${because[language]}`

async function showEnd(
  run: Run,
  stack: LiveStack,
  decision: CanaryDecision | null,
  isFault: boolean,
  show: Show,
  keep: boolean,
  door: Door,
): Promise<ExitCode> {
  const {store, clock} = run
  await clock.sleep(1500)
  const observed = foldReports(await store.readReports())
  show.stage('observe', {zh: '什么人听到了什么：', en: 'what was said by which release:'})
  show.block(renderOutcomes(observed, show.language))
  const rolledBack = decision?.verdict === 'rollback'
  const again = rolledBack ? null : (await planRun(run)).made.plan
  if (again)
    show.line(
      again.steps.length === 0
        ? {zh: '再做一次计划：空，没有要做的事。', en: 'A second plan is empty: nothing to do.'}
        : {
            zh: `再做一次计划：还有 ${again.steps.length} 步`,
            en: `a second plan still has ${again.steps.length} steps`,
          },
    )
  if (rolledBack)
    show.line({
      zh: '灰度发现问题并自动回滚：其余客户没有听到新版，坏的发布已隔离。',
      en: 'The canary caught it and rolled back by itself: nobody else heard the release, which is quarantined.',
    })
  if (keep) await keepRunning(run, stack, show, door)
  const isFine = isFault ? rolledBack : again?.steps.length === 0
  return show.end(isFine ? 'ok' : 'refused', {
    decision: decision && {verdict: decision.verdict, because: decision.because[show.language]},
    evidence: decision?.evidence ?? null,
    arms: observed.arms,
    latency: {p50Ms: observed.p50Ms, p99Ms: observed.p99Ms},
    secondPlanSteps: again?.steps.length ?? null,
  })
}

async function keepRunning(run: Run, stack: LiveStack, show: Show, door: Door): Promise<void> {
  const store = `file:${join(shortPath(door, resolve(door.cwd, String(run.folder))), '..')}`
  void store
  show.line({
    zh: `沙箱和应答服务继续运行（Ctrl+C 结束）。可以试：`,
    en: 'Sandbox and responder go on running (Ctrl+C ends them). Try:',
  })
  for (const line of [
    'npx yingbin explain --member jiang.li --at 2026-11-28T02:00:00+08:00',
    `npx yingbin plan --store file:.yingbin/up/store`,
    `curl ${stack.responderUrl}/healthz`,
    `curl ${stack.sandboxUrl}/__sandbox/welcomes?last=3`,
  ])
    show.line({zh: `  ${line}`, en: `  ${line}`})
  await new Promise<void>((done) =>
    door.signal.aborted ? done() : door.signal.addEventListener('abort', () => done(), {once: true}),
  )
}

interface Show {
  readonly language: Language
  stage(name: string, words: Words): void
  line(words: Words): void
  block(text: string): void
  look(decision: CanaryDecision): void
  progress(progress: {
    readonly finished: number
    readonly total: number
    readonly report: {readonly key: string; readonly status: string; readonly says: Words}
  }): void
  refused(reason: Words): ExitCode
  end(verdict: 'ok' | 'refused', result: object): ExitCode
}

/** Progress goes to stderr with `--json`, else to stdout; one line a stage. */
function createShow(door: Door, json: boolean, language: Language): Show {
  const print = (text: string): void => (json ? door.err(text) : door.out(text))
  const colours = pc.createColors(door.isTerminal && !json)
  const look = createLookPrinter((text) => print(`    ${text}`), language)
  const end = (verdict: 'ok' | 'refused', result: object): ExitCode => {
    if (json) door.out(`${JSON.stringify({command: 'up', verdict, findings: [], ...result})}\n`)
    return verdict === 'ok' ? 0 : 1
  }
  return {
    language,
    stage: (name, words) => print(`${colours.bold(colours.cyan(name.padEnd(11)))} ${words[language]}\n`),
    line: (words) => print(`            ${words[language]}\n`),
    block: (text) => print(`${text}\n`),
    look,
    progress: ({finished, total, report}) => {
      if (report.status !== 'done')
        print(`    [${finished}/${total}] ${report.key} ${report.status}: ${report.says[language]}\n`)
    },
    refused: (reason) => {
      print(`${reason[language]}\n`)
      return end('refused', {reason: reason[language]})
    },
    end,
  }
}
