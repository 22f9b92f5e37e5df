import {hasErrors} from '../core/model/finding.js'
import {validateConfig} from '../pipeline/validate.js'
import {CouldNotRun, type CommandSpec} from './door.js'
import {instantOption, requireFolder} from './open-config.js'
import {annotate, countFindings, languageFor, renderFindings, showFindings} from './show-findings.js'

const FORMATS = ['text', 'json', 'github']

export const command: CommandSpec = {
  name: 'validate',
  summary: {zh: '检查配置，一次列出所有问题', en: 'check the configuration; every finding at once'},
  example: 'yingbin validate --config config --format github',
  configure: (command) =>
    command
      .option('--format <format>', 'text | json | github', 'text')
      .option('--now <instant>', 'check as of this instant (RFC 3339); default: the clock'),
  async run(door, options, language) {
    const format = options.json ? 'json' : String(options['format'])
    if (!FORMATS.includes(format))
      throw new CouldNotRun(
        {zh: `不认识的 --format ${format}`, en: `unknown --format ${format}`},
        {zh: `改为 ${FORMATS.join('、')}`, en: `use ${FORMATS.join(', ')}`},
      )
    requireFolder(options.config)
    const {loaded, findings} = await validateConfig(
      options.config,
      instantOption(options['now'], door.nowMs(), '--now'),
    )
    const tongue = languageFor(language, loaded.config)
    const shown = showFindings(findings, options.config, door, tongue)
    const refused = hasErrors(findings)
    if (format === 'json') {
      const {templates, schedules, channels, groupWelcomes} = loaded.config
      const counts = {
        templates: templates.size,
        schedules: schedules.size,
        channels: channels.size,
        groupWelcomes: groupWelcomes.size,
        members: (loaded.config.organization.value.members ?? []).length,
      }
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
