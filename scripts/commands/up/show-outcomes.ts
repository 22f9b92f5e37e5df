import Table from 'cli-table3'
import type {Language} from '../../core/model/words.js'
import type {Observed} from '../../core/observe/fold-reports.js'

const short = (digest: string | null): string => (digest === null ? '-' : digest.slice(0, 12))

/** What was said by which release: people, share, outcomes. */
export function renderOutcomes({arms, events, p50Ms, p99Ms}: Observed, language: Language): string {
  const zh = language === 'zh'
  const table = new Table({
    head: zh ? ['发布', '分组', '事件', '占比', '结果'] : ['release', 'arm', 'events', 'share', 'outcomes'],
    style: {head: [], border: []},
  })
  const names = zh ? {stable: '对照/全量', canary: '灰度'} : {stable: 'stable', canary: 'canary'}
  for (const {release, arm, events: own, outcomes} of arms)
    table.push([
      release === null ? (zh ? '内置兜底语' : 'built-in text') : short(release),
      names[arm],
      own,
      `${((own / Math.max(1, events)) * 100).toFixed(1)}%`,
      Object.entries(outcomes)
        .map(([outcome, count]) => `${outcome} ${count}`)
        .join('  '),
    ])
  const upTo = (ms: number | null): string => (ms === null ? '> 18000 ms' : `≤ ${ms} ms`)
  return `${table.toString()}\n${zh ? '从事件到发出' : 'from event to send'}: p50 ${upTo(p50Ms)}   p99 ${upTo(p99Ms)}\n`
}
