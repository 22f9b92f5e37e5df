import {rehearsalRemarks} from '../core/greet/rehearsal-remarks.js'
import {type Rehearsal, rehearse} from '../core/greet/rehearse.js'
import {weekAhead} from '../core/greet/week-ahead.js'
import type {Language} from '../core/model/words.js'
import {zoneOf} from '../core/model/zone.js'
import {
  experienceDocument,
  rehearsalDocument,
  type Run,
  sharedTimelineDocument,
} from '../core/render/rehearsal-document.js'
import {renderRehearsal} from '../core/render/render-rehearsal.js'
import {worldOf} from '../core/release/assemble-release.js'
import {placeRemarks} from '../pipeline/load.js'
import {experiencesSince, rehearseShuffled} from '../pipeline/rehearse.js'
import {ChildFailed, startChild} from './child-process.js'
import {againstBase, BASE_HELP} from './compare-with-base.js'
import {type CommandSpec, CouldNotRun, type Door} from './door.js'
import {instantOption, openCheckedConfig} from './open-config.js'
import {renderFindings, type ShownFinding, showFindings} from './show-findings.js'

const DAY_MS = 86_400_000
const MOST_DAYS = 400

/** Fresh processes that must agree with this one: each meets the files in another order, in another zone. */
const RUNS = [
  {seed: 'first', TZ: 'UTC', LANG: 'C'},
  {seed: 'second', TZ: 'America/New_York', LANG: 'en_US.UTF-8'},
  {seed: 'third', TZ: 'Asia/Kathmandu', LANG: 'zh_CN.UTF-8'},
] as const

export const command: CommandSpec = {
  name: 'rehearse',
  summary: {
    zh: '把一年里每个人、每个时段边界、每个渠道都问一遍；空档、冲突、结果不一致都不放行',
    en: 'asks everybody at every edge through every channel over a year; gaps, conflicts and differing digests refuse',
  },
  example: 'yingbin rehearse --base origin/main',
  configure: (command) =>
    command
      .option('--base <ref>', `also tell who will hear something else, and when: ${BASE_HELP}`)
      .option('--days <n>', `how far ahead, 1–${MOST_DAYS}`, '366')
      .option('--now <instant>', 'from this instant on (RFC 3339); default: the clock')
      .option('--shuffled <seed>', 'only print the digest, with the files met in the order this seed gives'),
  async run(door, options, language) {
    const fromMs = instantOption(options['now'], door.nowMs(), '--now')
    const untilMs = fromMs + daysOption(options['days']) * DAY_MS
    if (typeof options['shuffled'] === 'string') {
      const digest = await rehearseShuffled(options.config, options['shuffled'], fromMs, untilMs)
      door.out(`${JSON.stringify({command: 'rehearse', verdict: 'ok', findings: [], digest})}\n`)
      return 0
    }
    const opened = await openCheckedConfig('rehearse', door, options, language, fromMs)
    if ('exitCode' in opened) return opened.exitCode
    const {config, files, tongue} = opened
    const asked = {now: new Date(fromMs).toISOString(), days: String(options['days'])}
    const running = Promise.all(RUNS.map((run) => runFresh(door, options.config, asked, run)))
    const world = worldOf(config)
    const rehearsal = rehearse(world.release, world.directory, fromMs, untilMs)
    const {base} = options
    const experiences =
      typeof base === 'string'
        ? await againstBase(options.config, base, door, (folder) => experiencesSince(world, folder, fromMs, untilMs))
        : null
    const runs = await running
    const findings = [
      ...showFindings(placeRemarks(rehearsalRemarks(rehearsal, config), files), options.config, door, tongue),
      ...differingRuns(rehearsal, runs, options.config, tongue),
    ]
    const zone = zoneOf(config.enterprise.value.timezone)
    if (options.json) {
      const document = {
        ...rehearsalDocument(rehearsal, {fromMs, untilMs}, zone),
        runs,
        ...(experiences ? {experiences: experiences.map((one) => experienceDocument(one, zone))} : {}),
        week: weekAhead(rehearsal, fromMs).map((shared) => sharedTimelineDocument(shared, zone)),
      }
      const verdict = findings.length > 0 ? 'refused' : 'ok'
      door.out(`${JSON.stringify({command: 'rehearse', verdict, findings, ...document})}\n`)
    } else {
      door.out(renderRehearsal({rehearsal, runs, experiences, fromMs, untilMs, zone}, tongue))
      if (findings.length > 0) door.out(`\n${renderFindings(findings, tongue)}`)
    }
    return findings.length > 0 ? 1 : 0
  },
}

function daysOption(written: unknown): number {
  const days = Number(written)
  if (Number.isInteger(days) && days >= 1 && days <= MOST_DAYS) return days
  throw new CouldNotRun(
    {zh: `--days 应是 1 到 ${MOST_DAYS} 的整数`, en: `--days must be a whole number from 1 to ${MOST_DAYS}`},
    {zh: '例如 --days 366', en: 'for example --days 366'},
  )
}

async function runFresh(
  door: Door,
  config: string,
  {now, days}: {readonly now: string; readonly days: string},
  {seed, TZ, LANG}: (typeof RUNS)[number],
): Promise<Run> {
  const args = ['--config', config, '--now', now, '--days', days, '--shuffled', seed]
  try {
    const child = await startChild(door, 'rehearse', args, {TZ, LANG, LC_ALL: LANG})
    await child.ended
    return {zone: TZ, digest: String(child.announced['digest'])}
  } catch (error) {
    if (!(error instanceof ChildFailed)) throw error
    throw new CouldNotRun(
      {
        zh: `一次独立运行没有跑完（TZ=${TZ}）：${error.lastWords}`,
        en: `a fresh run did not finish (TZ=${TZ}): ${error.lastWords}`,
      },
      {zh: '检查内存和磁盘后重试', en: 'check memory and disk, then try again'},
      {cause: error},
    )
  }
}

function differingRuns({digest}: Rehearsal, runs: readonly Run[], folder: string, language: Language): ShownFinding[] {
  const others = runs.filter((run) => run.digest !== digest)
  if (others.length === 0) return []
  const zones = others.map(({zone}) => zone).join(', ')
  const words = {
    says: {
      zh: `同一份配置，换一台机器就说得不一样（${zones}）`,
      en: `the same configuration says other things in another run (${zones})`,
    },
    fix: {
      zh: '这是程序的缺陷：请不要发布，并附上配置报告',
      en: 'this is a defect of the program: do not ship, and report it with the configuration',
    },
  }
  const {says, fix} = {says: words.says[language], fix: words.fix[language]}
  return [{rule: 'rehearsal-differs', level: 'error', file: folder, line: 1, column: 1, says, fix}]
}
