import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {CanaryDecision} from '../core/canary/evaluate-canary.js'
import type {Language} from '../core/model/words.js'
import {foldReports} from '../core/observe/fold-reports.js'
import {applyExpand, type ApplyPorts, type ApplyRequest} from '../pipeline/apply.js'
import {runCanary} from '../pipeline/canary.js'
import {planSources} from '../pipeline/plan-sources.js'
import {createSystemRandomness} from '../runtime/system-randomness.js'
import {holderName, orLocked, readPlan} from './apply.js'
import type {CommandSpec} from './door.js'
import {openCheckedConfig} from './open-config.js'
import {keyFromEnv, openStore} from './open-store.js'
import {openClock, STORE_HELP} from './store-option.js'
import {openWriter, WECOM_HELP} from './open-wecom.js'
import {createProgressView} from './show-progress.js'

export const command: CommandSpec = {
  name: 'canary',
  summary: {
    zh: '先发给 5% 的客户，观察，再决定放量或回滚',
    en: '5 % of customers first; watches; promotes, holds or rolls back',
  },
  example: 'yingbin canary --plan plan.json --token "$TOKEN"',
  configure: (command) =>
    command
      .requiredOption('--plan <file>', 'the plan that was approved (yingbin plan --out)')
      .requiredOption('--token <jws>', 'the approval token that gate minted')
      .option('--store <address>', STORE_HELP)
      .option('--wecom <url>', WECOM_HELP)
      .option('--head <sha>', 'the commit that is applied; compared with the token'),
  async run(door, options, language) {
    const clock = openClock(door)
    const opened = await openCheckedConfig('canary', door, options, language, clock.nowMs())
    if ('exitCode' in opened) return opened.exitCode
    const {config, tongue} = opened
    const store = openStore(door, options['store'], clock)
    const progress = createProgressView(door, tongue)
    const wecom = openWriter(door, options['wecom'], config, clock)
    try {
      const plan = readPlan(door, options['plan'])
      const manifest = {privateKeyPem: await keyFromEnv(door, 'YINGBIN_RELEASE_KEY', 'private')}
      const ports: ApplyPorts = {
        store,
        writer: wecom.writer,
        clock,
        readAssetFile: (path) => readFile(join(options.config, path)),
      }
      const request: ApplyRequest = {
        plan,
        sources: await planSources(config, store, clock.nowMs()),
        token: String(options['token']),
        tokenKeyPem: await keyFromEnv(door, 'YINGBIN_TOKEN_PUBLIC_KEY', 'public'),
        ...(typeof options['head'] === 'string' ? {head: options['head']} : {}),
        manifest,
        holder: holderName(door),
        commit: null,
        onProgress: progress.show,
        signal: door.signal,
      }
      const expanded = await orLocked(applyExpand(ports, request)).finally(progress.end)
      if (expanded.kind === 'refused') {
        door.out(
          options.json
            ? `${JSON.stringify({command: 'canary', verdict: 'refused', findings: [], reason: expanded.reason[tongue]})}\n`
            : `${expanded.reason[tongue]}\n`,
        )
        return 1
      }
      const lacking = expanded.reports.filter(({kind, status}) => kind === 'media' && status !== 'done')
      if (lacking.length > 0) {
        const findings = lacking.map(({key, says}) => `${key}: ${says[tongue]}`)
        door.out(
          options.json
            ? `${JSON.stringify({command: 'canary', verdict: 'refused', findings: [], reason: findings.join('; ')})}\n`
            : `${findings.join('\n')}\n`,
        )
        return 1
      }
      const {decision, canary, reports} = await runCanary(
        {store, clock, randomness: createSystemRandomness()},
        {
          plan,
          policy: config.policy.value,
          timezone: config.enterprise.value.timezone,
          manifest,
          signal: door.signal,
          onLook: createLookPrinter((text) => door.err(text), tongue),
        },
      )
      const verdict = decision.verdict === 'promote' ? 'ok' : 'refused'
      const {arms} = foldReports(reports)
      if (options.json)
        door.out(
          `${JSON.stringify({command: 'canary', verdict, findings: [], decision: {verdict: decision.verdict, because: decision.because[tongue], needs: decision.needs ?? null}, canary, arms, evidence: decision.evidence})}\n`,
        )
      else door.out(`${renderDecision(decision, tongue)}\n`)
      return verdict === 'ok' ? 0 : 1
    } finally {
      await wecom.close()
      await store.close()
    }
  },
}

/** `HOLD  …  (还需 40 次)`. */
export function renderDecision({verdict, because, needs}: CanaryDecision, language: Language): string {
  const zh = language === 'zh'
  const minutes = needs === undefined || needs.etaMs === null ? null : Math.max(1, Math.ceil(needs.etaMs / 60_000))
  const eta =
    minutes === null ? '' : zh ? `，按现在的速度约 ${minutes} 分钟后` : `, in about ${minutes} min at today's rate`
  const more =
    needs && needs.moreSends > 0
      ? zh
        ? `（还需 ${needs.moreSends} 次灰度发送${eta}）`
        : ` (${needs.moreSends} more canary sends${eta})`
      : ''
  return `${verdict.toUpperCase()}  ${because[language]}${more}`
}

/** Prints a look only when it says something new. */
export function createLookPrinter(
  print: (text: string) => void,
  language: Language,
): (decision: CanaryDecision) => void {
  let last = ''
  return (decision) => {
    const text = renderDecision(decision, language)
    if (text !== last) print(`${text}\n`)
    last = text
  }
}
