import {hasErrors} from '../core/model/finding.js'
import type {State} from '../core/model/plan.js'
import {type AskHistory, type Guarded, guardChange, isReturn} from '../pipeline/guard.js'
import {placeRemarks} from '../pipeline/load.js'
import {againstBase, BASE_HELP} from './compare-with-base.js'
import {findBaselines, parseWindow} from './diff-check/find-baselines.js'
import {renderDifference} from './diff-check/render-difference.js'
import {showLocks} from './diff-check/show-locks.js'
import type {CommandSpec, Door} from './door.js'
import {FORMAT_HELP, formatOf} from './format-option.js'
import {instantOption, requireFolder} from './open-config.js'
import {annotate, languageFor, renderFindings, showFindings} from './show-findings.js'
import {openClock} from './store-option.js'

const collect = (value: string, all: readonly string[] = []): string[] => [...all, value]

export const command: CommandSpec = {
  name: 'diff-check',
  summary: {
    zh: '与基准相比改了什么；链接变化超过上限就锁定',
    en: 'what changed in meaning since a base; locks above the limit',
  },
  example: 'yingbin diff-check --base origin/main',
  configure: (command) =>
    command
      .requiredOption('--base <ref>', BASE_HELP)
      .option('--format <format>', FORMAT_HELP, 'text')
      .option('--now <instant>', 'compare as of this instant (RFC 3339); default: the clock')
      .option('--since <days=ref>', 'measure over so many days against this ref or folder too (repeatable)', collect)
      .option('--unlocked <ref>', 'a commit whose locks were opened: windows begin there (repeatable)', collect)
      .option(
        '--store <address>',
        'file:FOLDER or redis://HOST:PORT/DB; knows the releases that were promoted, for going back to one',
      ),
  async run(door, options, language) {
    const format = formatOf(options)
    requireFolder(options.config)
    const guarded = await compare(door, options)
    const tongue = languageFor(language, guarded.head.config)
    const {result} = guarded
    const shown = guarded.findings.filter(({level}) => result !== null || level === 'error')
    const findings = showFindings(shown, options.config, door, tongue)
    const locks = result ? showLocks(result.locks, guarded, options.config, door, tongue) : []
    const refused = hasErrors(guarded.findings) || locks.length > 0
    const all = [...findings, ...locks.map(({finding}) => finding)]
    if (format === 'json')
      door.out(
        `${JSON.stringify({
          command: 'diff-check',
          verdict: refused ? 'refused' : 'ok',
          findings: all,
          changes: result?.changes ?? [],
          locks: locks.map(({lock}) => lock),
          links: result?.links ?? {kept: 0, changed: 0, total: 0},
          templates: result?.templates ?? [],
          people: result?.people ?? {before: 0, after: 0},
          growth: result?.growth ?? null,
        })}\n`,
      )
    else if (format === 'github') await annotate(all)
    else door.out(result ? renderDifference(result, locks, findings, tongue) : `${renderFindings(findings, tongue)}\n`)
    return refused ? 1 : 0
  },
}

async function compare(door: Door, options: Parameters<CommandSpec['run']>[1]): Promise<Guarded> {
  const base = String(options['base'])
  const nowMs = instantOption(options['now'], door.nowMs(), '--now')
  const windows = listOf(options['since']).map(parseWindow)
  const state = await readState(door, options['store'])
  const unlocked = listOf(options['unlocked'])
  const promoted = (state?.promoted ?? []).flatMap(({commit, unlocks = []}) =>
    commit !== null && unlocks.length > 0 ? [commit] : [],
  )
  const remarks: Awaited<ReturnType<typeof findBaselines>>['remarks'][number][] = []
  const ask: AskHistory = async (head, loadedBase) => {
    const request = {config: options.config, base, windows, unlocked, promoted, nowMs}
    const found = await findBaselines(request, loadedBase.config, door)
    remarks.push(...found.remarks)
    return {baselines: found.baselines, isReturn: state !== null && isReturn(head.config, loadedBase, state)}
  }
  const guarded = await againstBase(options.config, base, door, (folder) =>
    guardChange(options.config, folder, nowMs, ask),
  )
  return {...guarded, findings: [...guarded.findings, ...placeRemarks(remarks, guarded.head.folder.files)]}
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

async function readState(door: Door, address: unknown): Promise<State | null> {
  if (address === undefined) return null
  const [{openStore}, {recoverState}] = await Promise.all([
    import('./open-store.js'),
    import('../pipeline/recover-state.js'),
  ])
  const store = openStore(door, address, openClock(door))
  try {
    return (await recoverState(store)).state
  } finally {
    await store.close()
  }
}
