import {mkdirSync, rmSync} from 'node:fs'
import {join, resolve} from 'node:path'
import type {Plan} from '../core/model/plan.js'
import type {Words} from '../core/model/words.js'
import {createSystemClock} from '../runtime/system-clock.js'
import {createSystemRandomness} from '../runtime/system-randomness.js'
import {createFileStore} from '../store/create-file-store.js'
import {hindranceOf} from './canary.js'
import {type CommandSpec, CouldNotRun} from './door.js'
import {openCheckedConfig} from './open-config.js'
import {openWeCom} from './open-wecom.js'
import {shownPath} from './show-findings.js'
import {openDemoSecrets} from './up/demo-secrets.js'
import {type Drill, drillRollback} from './up/drill-rollback.js'
import {finish, keepRunning} from './up/finish.js'
import {type LiveStack, startSandbox, startStack} from './up/live-stack.js'
import {plantMiniprogram} from './up/plant-fault.js'
import {processGone} from './up/sandbox-control.js'
import {renewForgottenMedia} from './up/renew-forgotten-media.js'
import {reviewChange} from './up/review/review-change.js'
import {openReviewDesk} from './up/review/review-desk.js'
import {createShow} from './up/show.js'
import {applyPart, planRun, type Run} from './up/stages.js'
import {CONCURRENCY, createSeededFraction, letCustomersAdd, makeAdds} from './up/synthetic-customers.js'
import {watchCanary} from './up/watch-canary.js'

/** A plain working morning, so that night rules and freeze windows do not depend on when one tries this. */
const DEMO_START_MS = Date.parse('2026-11-25T10:00:00+08:00')
const CUSTOMERS = 2000
/** Come only where the canary would else have to hold by bad luck. */
const SPARE = 1600
/** So many come while the release is taken back. */
const DURING_DRILL = 40
/** These add while the canary is watched, the rest after everything was applied. */
const DURING_CANARY = 1600
const SEED = 20261125

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
    checkFault(options['fault'])
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
      zh: `配置 ${shownPath(door, options.config)}：${config.templates.size} 条模板、${config.schedules.size} 份排班、${config.channels.size} 个渠道、${config.groupWelcomes.size} 条入群欢迎语`,
      en: `configuration ${shownPath(door, options.config)}: ${config.templates.size} templates, ${config.schedules.size} schedules, ${config.channels.size} channels, ${config.groupWelcomes.size} group welcomes`,
    })
    show.stage('validate', {zh: `通过，${warnings.length} 个提醒`, en: `ok, ${warnings.length} warnings`})
    const settings = {folder, storeAddress: `file:${storeFolder}`, secrets, offsetMs}
    const sandbox = await startSandbox(door, config, settings)
    const gone = new AbortController()
    void sandbox.child.ended.then(() => gone.abort())
    const client = openWeCom(
      // A proxy is for the real WeCom; the sandbox is on this machine.
      {...door, env: {...door.env, WECOM_PROXY: undefined}},
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
      signal: AbortSignal.any([door.signal, gone.signal]),
    }
    const desk = await openReviewDesk(folder, config, () => clock.nowMs())
    const folders = [options.config, ...(fault ? [...fault.before, fault.folder] : [])]
    let stack: LiveStack | null = null
    let drill: Drill | null = null
    try {
      if (sandbox.mayHaveForgotten) await renewForgottenMedia(run)
      const reviewed = await reviewChange(run, desk, {folders, unlocks: fault !== null}, show)
      if (reviewed.kind === 'refused') return show.end('refused', {})
      const {made, sources} = await planRun(run)
      const {plan} = made
      show.stage('plan', planWords(plan))
      if (plan.steps.length === 0) {
        desk.markShipped()
        show.line({
          zh: '没有要做的事：企业微信和应答服务已经和配置一致。',
          en: 'Nothing to do: WeCom and the responders already match the configuration.',
        })
        if (options['keep'] === true) {
          stack = await startStack(door, run.config, sandbox, clock, settings)
          await keepRunning(stack, show, door)
        }
        return show.end('ok', {plan: {digest: plan.digest, steps: 0}})
      }
      if (reviewed.kind !== 'merged') return show.refused(NOBODY_AGREED)
      const {merged} = reviewed
      const expanded = await applyPart(run, plan, sources, {
        part: 'expand',
        token: await merged.mint(),
        commit: merged.commit,
        onProgress: show.progress,
      })
      if (gone.signal.aborted) throw processGone('sandbox')
      const hindrance = hindranceOf(expanded)
      if (hindrance) return show.refused(hindrance)
      stack = await startStack(door, run.config, sandbox, clock, settings)
      show.line({
        zh: `沙箱 ${sandbox.url}，应答服务 ${stack.responderUrl}`,
        en: `sandbox ${sandbox.url}, responder ${stack.responderUrl}`,
      })
      const adds = makeAdds(
        run.config,
        CUSTOMERS + SPARE + DURING_DRILL,
        clock.nowMs(),
        createSeededFraction(SEED + made.recovered.state.serial),
      )
      const decision =
        plan.release.before === plan.release.after
          ? null
          : await watchCanary(
              run,
              plan,
              stack,
              adds.slice(0, DURING_CANARY),
              adds.slice(CUSTOMERS, -DURING_DRILL),
              show,
            )
      if (decision?.verdict !== 'rollback') {
        const outcome = await applyPart(run, plan, sources, {
          part: 'rest',
          token: await merged.mint(),
          commit: merged.commit,
          onProgress: show.progress,
        })
        if (outcome.kind === 'refused') return show.refused(outcome.reason)
        if (gone.signal.aborted) throw processGone('sandbox')
        const failed = outcome.reports.filter(({status}) => status !== 'done')
        show.stage('apply', {
          zh: `${outcome.reports.length - failed.length} 步完成，${failed.length} 步未完成`,
          en: `${outcome.reports.length - failed.length} steps done, ${failed.length} not`,
        })
        for (const report of failed) show.line(report.says)
        if (failed.length === 0) desk.markShipped()
        const manifest = await store.readManifest()
        await stack.untilRunning(manifest?.manifest.version ?? 0)
        await letCustomersAdd(stack.control, adds.slice(DURING_CANARY, CUSTOMERS), CONCURRENCY)
        if (failed.length === 0 && decision !== null)
          drill = await drillRollback(run, stack, adds.slice(-DURING_DRILL), show)
      }
      return await finish(run, stack, {decision, drill, isFault: fault !== null}, show, options['keep'] === true, door)
    } finally {
      client.close()
      await desk.close()
      await (stack ? stack.stop() : sandbox.child.stop())
      await store.close()
    }
  },
}

function checkFault(written: unknown): void {
  if (written !== undefined && written !== 'miniprogram')
    throw new CouldNotRun(
      {zh: '不认识的 --fault', en: 'unknown --fault'},
      {zh: '可用：--fault miniprogram', en: 'known: --fault miniprogram'},
    )
}

/** Time never goes back for a store: a second run starts after the last manifest of the first. */
async function startOf(storeFolder: string): Promise<number> {
  const randomness = createSystemRandomness()
  const store = createFileStore(storeFolder, {clock: createSystemClock(), randomness})
  const last = await store.readManifest()
  await store.close()
  return Math.max(DEMO_START_MS, (last?.manifest.issuedAtMs ?? 0) + 60_000)
}

const NOBODY_AGREED: Words = {
  zh: '计划里有要做的事，却没有合并请求批准过它；用 --fresh 从头开始',
  en: 'the plan has things to do that no pull request was agreed to for; start over with --fresh',
}

const planWords = (plan: Plan): Words => {
  const count = (action: string): number => plan.steps.filter((step) => step.action === action).length
  return {
    zh: `${plan.digest.slice(0, 12)}：新增 ${count('create')}、修改 ${count('update')}、删除 ${count('delete')}，涉及成员 ${plan.people.before} → ${plan.people.after}`,
    en: `${plan.digest.slice(0, 12)}: ${count('create')} to create, ${count('update')} to change, ${count('delete')} to delete, members ${plan.people.before} → ${plan.people.after}`,
  }
}
