import {writeFileSync} from 'node:fs'
import {resolve} from 'node:path'
import type {CommandSpec} from './door.js'
import {openCheckedConfig} from './open-config.js'
import {openClock, STORE_HELP} from './store-option.js'

export const command: CommandSpec = {
  name: 'plan',
  summary: {zh: '列出将要做的每一步，并给出摘要', en: 'the ordered steps and their digest'},
  example: 'yingbin plan --out plan.json',
  configure: (command) =>
    command
      .option('--store <address>', STORE_HELP)
      .option('--out <file>', 'write the plan for canary and apply')
      .option('--markdown', 'print Markdown instead of text'),
  async run(door, options, language) {
    const clock = openClock(door)
    const opened = await openCheckedConfig('plan', door, options, language, clock.nowMs())
    if ('exitCode' in opened) return opened.exitCode
    const {config, tongue, warnings} = opened
    // Only a configuration without faults needs what follows.
    const [{openStore}, {makePlan}, {planSources}, {renderPlanMarkdown}, {renderPlanText}] = await Promise.all([
      import('./open-store.js'),
      import('../pipeline/plan.js'),
      import('../pipeline/plan-sources.js'),
      import('../core/plan/render-plan-markdown.js'),
      import('../core/plan/render-plan-text.js'),
    ])
    const store = openStore(door, options['store'], clock)
    try {
      const {plan, done} = await makePlan({store, clock}, await planSources(config, store, clock.nowMs()))
      if (typeof options['out'] === 'string')
        writeFileSync(resolve(door.cwd, options['out']), `${JSON.stringify(plan, null, 2)}\n`)
      if (options.json)
        door.out(`${JSON.stringify({command: 'plan', verdict: 'ok', findings: warnings, ...plan, done: [...done]})}\n`)
      else
        door.out(options['markdown'] === true ? renderPlanMarkdown(plan, tongue) : renderPlanText(plan, tongue, {done}))
      return 0
    } finally {
      await store.close()
    }
  },
}
