import {join} from 'node:path'
import {hasErrors} from '../core/model/finding.js'
import {type Keeping, reportOnFolder} from '../pipeline/validate-report.js'
import type {CommandSpec, Door} from './door.js'
import {FORMAT_HELP, formatOf} from './format-option.js'
import {instantOption, requireFolder} from './open-config.js'
import {annotate, countFindings, renderFindings, showFindings} from './show-findings.js'

export const command: CommandSpec = {
  name: 'validate',
  summary: {zh: '检查配置，一次列出所有问题', en: 'check the configuration; every finding at once'},
  example: 'yingbin validate --config config --format github',
  configure: (command) =>
    command
      .option('--format <format>', FORMAT_HELP, 'text')
      .option('--now <instant>', 'check as of this instant (RFC 3339); default: the clock')
      .option('--no-cache', 'check everything again, even when nothing has changed'),
  async run(door, options, language) {
    const format = formatOf(options)
    requireFolder(options.config)
    const nowMs = instantOption(options['now'], door.nowMs(), '--now')
    const {findings, counts, locale} = await reportOnFolder(
      options.config,
      nowMs,
      keepingOf(door, options['cache'] !== false),
    )
    const tongue = language ?? locale
    const shown = showFindings(findings, options.config, door, tongue)
    const refused = hasErrors(findings)
    if (format === 'json') {
      door.out(
        `${JSON.stringify({command: 'validate', verdict: refused ? 'refused' : 'ok', findings: shown, counts})}\n`,
      )
    } else if (format === 'github') await annotate(shown)
    else {
      const summary = refused ? (tongue === 'zh' ? '未通过' : 'refused') : tongue === 'zh' ? '通过' : 'ok'
      door.out(
        `${renderFindings(shown, tongue)}${shown.length > 0 ? '\n' : ''}${summary}: ${countFindings(findings, tongue)}\n`,
      )
    }
    return refused ? 1 : 0
  },
}

/**
 * The bundler names this module after its content and that of all it rests on, so the name tells one program from
 * another; run from sources it does not, and nothing is kept. Nor is it in CI, where a proposed change could bring a
 * kept report of its own.
 */
function keepingOf(door: Door, isWanted: boolean): Keeping | undefined {
  const [name = ''] = import.meta.url.split('/').slice(-1)
  if (!isWanted || door.env['CI'] || !name.endsWith('.mjs')) return undefined
  return {cacheFolder: join(door.cwd, '.yingbin', 'cache'), program: `${name} ${process.version}`}
}
