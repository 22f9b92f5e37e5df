import {Presets, SingleBar} from 'cli-progress'
import type {Language} from '../core/model/words.js'
import type {Progress} from '../pipeline/apply-steps/run-steps.js'
import type {Door} from './door.js'

export interface ProgressView {
  show(progress: Progress): void
  /** Leaves the terminal as it was found. */
  end(): void
}

/** A bar on a terminal; plain lines elsewhere, where a bar would print nothing. */
export function createProgressView(door: Door, language: Language): ProgressView {
  if (!door.isTerminal)
    return {show: (progress) => door.err(`${renderProgress(progress, language)}\n`), end: () => undefined}
  const bar = new SingleBar(
    {
      format: `{bar} {value}/{total}  {key}  ${language === 'zh' ? '约剩' : 'left'} {eta_formatted}`,
      hideCursor: true,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  )
  let isStarted = false
  return {
    show: ({report, finished, total}) => {
      if (!isStarted) bar.start(total, 0, {key: ''})
      isStarted = true
      bar.update(finished, {key: report.key})
      if (report.status !== 'done') door.err(`\n${report.key} ${report.status}: ${report.says[language]}\n`)
    },
    end: () => bar.stop(),
  }
}

function renderProgress({report, finished, total, etaMs}: Progress, language: Language): string {
  const eta = language === 'zh' ? `约剩 ${Math.ceil(etaMs / 1000)} 秒` : `about ${Math.ceil(etaMs / 1000)} s left`
  return `[${finished}/${total}] ${report.key} ${report.status}: ${report.says[language]}${finished < total ? `  (${eta})` : ''}`
}
