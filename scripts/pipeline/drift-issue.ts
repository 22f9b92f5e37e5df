import type {Language, Words} from '../core/model/words.js'
import type {Zone} from '../core/model/zone.js'
import {renderDriftMarkdown} from '../core/observe/render-drifts.js'
import {countSignals, renderSignalsMarkdown} from '../core/observe/render-signals.js'
import type {CodeHost} from '../core/ports.js'
import type {DriftReport} from './drift.js'

const MARKER = '<!-- yingbin:drift -->'

/** One issue that says what differs and what was done in the console, closed when there is neither. */
export async function keepDriftIssue(
  host: Pick<CodeHost, 'keepIssue'>,
  report: DriftReport,
  zone: Zone,
  language: Language,
): Promise<void> {
  const {drifts, notes} = report
  const signs = countSignals(report)
  const parts = [
    ...(drifts.length > 0 ? [renderDriftMarkdown(drifts, notes, language)] : []),
    ...(signs > 0 ? [renderSignalsMarkdown(report, zone, language)] : []),
  ]
  const title = drifts.length > 0 || signs === 0 ? driftTitle(drifts.length) : signsTitle(signs)
  const body = parts.length === 0 ? null : parts.join('\n\n')
  await host.keepIssue(MARKER, {title: title[language], body, labels: ['drift']})
}

const driftTitle = (count: number): Words => ({
  zh: `企业微信与配置不一致：${count} 处`,
  en: `WeCom and the configuration differ: ${count}`,
})
const signsTitle = (count: number): Words => ({
  zh: `企业微信后台的改动请看一眼：${count} 条`,
  en: `changes in the WeCom console to look at: ${count}`,
})
