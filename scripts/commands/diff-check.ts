import type {Change} from '../core/model/change.js'
import type {GuardResult} from '../core/guard/evaluate-guard.js'
import {hasErrors} from '../core/model/finding.js'
import type {Language} from '../core/model/words.js'
import {renderSideBySide} from '../core/render/text-difference.js'
import {type Guarded, guardChange} from '../pipeline/guard.js'
import {placeRemarks} from '../pipeline/load.js'
import {againstBase, BASE_HELP} from './compare-with-base.js'
import type {CommandSpec, Door} from './door.js'
import {instantOption, requireFolder} from './open-config.js'
import {languageFor, renderFindings, type ShownFinding, showFindings} from './show-findings.js'

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
      .option('--now <instant>', 'compare as of this instant (RFC 3339); default: the clock'),
  async run(door, options, language) {
    requireFolder(options.config)
    const base = String(options['base'])
    const nowMs = instantOption(options['now'], door.nowMs(), '--now')
    const guarded = await againstBase(options.config, base, door, (folder) =>
      guardChange(options.config, folder, nowMs),
    )
    const tongue = languageFor(language, guarded.head.config)
    const {result} = guarded
    const faults = showFindings(
      guarded.findings.filter(({level}) => level === 'error'),
      options.config,
      door,
      tongue,
    )
    const locks = result ? showLocks(result, guarded, options.config, door, tongue) : []
    const refused = hasErrors(guarded.findings) || locks.length > 0
    if (options.json) {
      const {
        changes = [],
        people = {before: 0, after: 0},
        links = {kept: 0, changed: 0, total: 0},
        templates = [],
      } = result ?? {}
      const findings = [...faults, ...locks.map(({finding}) => finding)]
      door.out(
        `${JSON.stringify({command: 'diff-check', verdict: refused ? 'refused' : 'ok', findings, changes, locks: locks.map(({lock}) => lock), links, templates, people})}\n`,
      )
    } else door.out(result ? renderResult(result, locks, tongue) : `${renderFindings(faults, tongue)}\n`)
    return refused ? 1 : 0
  },
}

interface ShownPlace {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly before: string | null
  readonly after: string | null
}

interface ShownLock {
  readonly lock: {
    readonly scope: string
    readonly kind: string
    readonly changed: number
    readonly total: number
    readonly limit: number
    readonly places: readonly ShownPlace[]
  }
  readonly finding: ShownFinding
}

function showLocks({locks}: GuardResult, {head}: Guarded, folder: string, door: Door, language: Language): ShownLock[] {
  return locks.map(({scope, kind, changed, total, limit, places, says, fix}) => {
    const remarks = places.map(({file, pointer}) => ({
      rule: `guard-${kind}`,
      level: 'error' as const,
      at: {file, pointer},
      says,
      fix,
    }))
    const [first, ...rest] =
      places.length > 0
        ? showFindings(
            remarks.flatMap((remark) => placeRemarks([remark], head.folder.files)),
            folder,
            door,
            language,
          )
        : []
    const finding = first ?? {
      rule: `guard-${kind}`,
      level: 'error' as const,
      file: folder,
      line: 1,
      column: 1,
      says: says[language],
      fix: fix[language],
    }
    const shown = (first ? [first, ...rest] : []).map(({file, line, column}, index) => ({
      file,
      line,
      column,
      before: places[index]?.before ?? null,
      after: places[index]?.after ?? null,
    }))
    return {lock: {scope, kind, changed, total, limit, places: shown}, finding}
  })
}

const ACTIONS = {
  create: {zh: '新增', en: 'new'},
  update: {zh: '修改', en: 'changed'},
  delete: {zh: '删除', en: 'deleted'},
} as const
const SIGNS = {create: '+', update: '~', delete: '-'} as const

function renderResult(result: GuardResult, locks: readonly ShownLock[], language: Language): string {
  const zh = language === 'zh'
  const {changes, links, people} = result
  if (changes.length === 0) return zh ? '没有语义上的改动\n' : 'no change in meaning\n'
  const lines = changes.map(
    ({on, id, kind, action}) => `  ${SIGNS[action]} ${ACTIONS[action][language]}  ${on}  ${kind} ${id}`,
  )
  const texts = changes
    .filter(({on, action}) => on === 'text' && action === 'update')
    .map((change) => renderTexts(change, language))
  const percent = links.total === 0 ? '0' : ((links.changed / links.total) * 100).toFixed(1)
  const growth = people.after - people.before
  const summary = zh
    ? [
        `链接变化 ${links.changed}/${links.total}（${percent}%）`,
        `影响人数 ${people.before} → ${people.after}（${growth >= 0 ? '+' : ''}${growth}）`,
      ]
    : [
        `links changed ${links.changed}/${links.total} (${percent}%)`,
        `people reached ${people.before} → ${people.after} (${growth >= 0 ? '+' : ''}${growth})`,
      ]
  const verdict = locks.length > 0 ? locks.map(renderLock).join('') : zh ? '未锁定\n' : 'not locked\n'
  return `${zh ? '改动' : 'changes'}:\n${lines.join('\n')}\n\n${texts.join('\n')}${summary.join('\n')}\n\n${verdict}`
}

/** Every text a customer may read that changed, old on the left and new on the right. */
function renderTexts({id, before, after}: Change, language: Language): string {
  const text = (value: unknown, field: string): string => {
    const found: unknown =
      typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[field] : undefined
    return typeof found === 'string' ? found : ''
  }
  return ['text', 'fallback']
    .filter((field) => text(before, field) !== text(after, field))
    .map((field) => `${id} ${field}\n${renderSideBySide(text(before, field), text(after, field), language)}\n`)
    .join('')
}

function renderLock({lock, finding}: ShownLock): string {
  return `✖ ${finding.says}\n${lock.places.map(({file, line, column, before, after}) => `    ${file}:${line}:${column}  ${before ?? '∅'} → ${after ?? '∅'}\n`).join('')}  ${finding.fix}\n`
}
