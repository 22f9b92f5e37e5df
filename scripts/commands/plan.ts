import {writeFileSync} from 'node:fs'
import {resolve} from 'node:path'
import type {CommandSpec} from './door.js'
import {openCheckedConfig} from './open-config.js'
import {openClock, STORE_HELP} from './store-option.js'
import {WECOM_HELP} from './wecom-option.js'

export const command: CommandSpec = {
  name: 'plan',
  summary: {zh: '列出将要做的每一步，并给出摘要', en: 'the ordered steps and their digest'},
  example: 'yingbin plan --out plan.json',
  configure: (command) =>
    command
      .option('--store <address>', STORE_HELP)
      .option('--out <file>', 'write the plan for canary and apply')
      .option('--markdown', 'print Markdown instead of text')
      .option('--live', 'ask WeCom too, and tell what is not as it was applied last')
      .option('--wecom <url>', WECOM_HELP),
  async run(door, options, language) {
    const clock = openClock(door)
    const opened = await openCheckedConfig('plan', door, options, language, clock.nowMs())
    if ('exitCode' in opened) return opened.exitCode
    const {config, tongue, warnings} = opened
    // Only a configuration without faults needs what follows.
    const {openStore} = await import('./open-store.js')
    const {orBlocked} = await import('./store-run.js')
    const {makePlan} = await import('../pipeline/plan.js')
    const {planSources} = await import('../pipeline/plan-sources.js')
    const store = openStore(door, options['store'], clock)
    try {
      const sources = await orBlocked(planSources(config, store, clock.nowMs()))
      const {plan, done} = await orBlocked(makePlan({store, clock}, sources))
      if (typeof options['out'] === 'string')
        writeFileSync(resolve(door.cwd, options['out']), `${JSON.stringify(plan, null, 2)}\n`)
      const live = options['live'] === true ? await import('./plan-live.js') : null
      const drifts = live === null ? null : await live.readLiveDrifts(door, options['wecom'], {store, clock}, config)
      const document = {...plan, done: [...done], ...(drifts && {live: drifts})}
      if (options.json)
        door.out(`${JSON.stringify({command: 'plan', verdict: 'ok', findings: warnings, ...document})}\n`)
      else {
        const render =
          options['markdown'] === true
            ? (await import('../core/plan/render-plan-markdown.js')).renderPlanMarkdown
            : (await import('../core/plan/render-plan-text.js')).renderPlanText
        door.out(render(plan, tongue, {done}))
        if (live !== null && drifts !== null) door.out(live.renderLive(drifts, tongue))
      }
      return 0
    } finally {
      await store.close()
    }
  },
}
