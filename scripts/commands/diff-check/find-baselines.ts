import {existsSync, statSync} from 'node:fs'
import {resolve} from 'node:path'
import {chooseBaseline, DEFAULT_ROLLING_DAYS} from '../../core/guard/choose-baseline.js'
import type {Config} from '../../core/model/config.js'
import type {Remark} from '../../core/model/finding.js'
import type {Baseline} from '../../pipeline/guard.js'
import {validateConfig} from '../../pipeline/validate.js'
import {findPast, readBranchHistory} from '../../runtime/git-history.js'
import {findCommit, GitRefused, withFolderAt} from '../../runtime/git-tree.js'
import {againstBase} from '../compare-with-base.js'
import {CouldNotRun, type Door} from '../door.js'

export interface Window {
  readonly days: number
  /** A ref or a folder, as `--base` takes them. */
  readonly since: string
}

export interface BaselineRequest {
  /** The configuration folder of the head. */
  readonly config: string
  readonly base: string
  /** Given with `--since`; any makes the clone's own history unasked. */
  readonly windows: readonly Window[]
  /** Given with `--unlocked`: each must be known here. */
  readonly unlocked: readonly string[]
  /** Kept by the store: a shallow clone may not know them. */
  readonly promoted: readonly string[]
  readonly nowMs: number
}

export interface Baselines {
  readonly baselines: readonly Baseline[]
  readonly remarks: readonly Remark[]
}

/** `--since 7=REF` */
export function parseWindow(written: string): Window {
  const [, days = '', since = ''] = /^(\d{1,4})=(.+)$/.exec(written) ?? []
  if (Number(days) > 0 && since !== '') return {days: Number(days), since}
  throw new CouldNotRun(
    {zh: `看不懂 --since ${written}`, en: `cannot read --since ${written}`},
    {
      zh: '写作 --since 天数=引用或文件夹，例如 --since 7=v12',
      en: 'write --since DAYS=REF|FOLDER, such as --since 7=v12',
    },
  )
}

/** What the change is measured against over the windows of the base's policy. A folder has no history of its own. */
export async function findBaselines(request: BaselineRequest, base: Config, door: Door): Promise<Baselines> {
  const {config, windows, nowMs} = request
  const load = async (folder: string): Promise<Config> =>
    (await validateConfig(folder, nowMs, 'structure')).loaded.config
  if (windows.length > 0) {
    const baselines: Baseline[] = []
    for (const {days, since} of windows) baselines.push({days, config: await againstBase(config, since, door, load)})
    return {baselines, remarks: []}
  }
  const days = base.policy.value.guard?.rolling?.days ?? DEFAULT_ROLLING_DAYS
  const folder = resolve(door.cwd, request.base)
  if (existsSync(folder) && statSync(folder).isDirectory()) return {baselines: [], remarks: []}
  // What GitHub gives is one commit, not its history.
  if (request.base.startsWith('github:')) return {baselines: [], remarks: [unknown(days, base)]}
  return fromHistory(request, days, base, load)
}

async function fromHistory(
  {config, base: ref, unlocked, promoted, nowMs}: BaselineRequest,
  days: readonly number[],
  base: Config,
  load: (folder: string) => Promise<Config>,
): Promise<Baselines> {
  const {line, isShallow} = readBranchHistory(config, ref)
  requireKnown(config, unlocked)
  const past = [...unlocked, ...promoted].flatMap((commit) => findPast(config, ref, commit) ?? [])
  const chosen = days.map((one) => ({days: one, ...chooseBaseline(line, past, one, nowMs)}))
  const read = new Map<string, Config>()
  const baselines: Baseline[] = []
  for (const {days: window, commit} of chosen) {
    if (commit === null || commit === line[0]?.commit) continue
    const known = read.get(commit) ?? (await withFolderAt(config, commit, load))
    read.set(commit, known)
    baselines.push({days: window, config: known})
  }
  const cut = isShallow ? chosen.filter(({isWhole}) => !isWhole).map(({days: window}) => window) : []
  return {baselines, remarks: cut.length === 0 ? [] : [unknown(cut, base)]}
}

function requireKnown(folder: string, refs: readonly string[]): void {
  for (const ref of refs)
    try {
      findCommit(folder, ref)
    } catch (error) {
      if (!(error instanceof GitRefused)) throw error
      throw new CouldNotRun(
        {zh: `这里没有 --unlocked ${ref} 这个提交`, en: `there is no commit --unlocked ${ref} here`},
        {zh: '写一个这个仓库里的提交号、标签或分支', en: 'name a commit, tag or branch of this repository'},
        {cause: error},
      )
    }
}

const unknown = (days: readonly number[], base: Config): Remark => ({
  rule: 'rolling-window-unknown',
  level: 'warning',
  at: {file: base.policy.file, pointer: '/guard/rolling'},
  says: {
    zh: `这里的历史不够长，看不全最近 ${days.join('、')} 天的累计变化`,
    en: `the history here is too short to see all changes of the last ${days.join(' and ')} days taken together`,
  },
  fix: {
    zh: '取完整历史（git fetch --unshallow），或用 --since 天数=引用 指明',
    en: 'fetch the whole history (git fetch --unshallow), or name it with --since DAYS=REF',
  },
})
