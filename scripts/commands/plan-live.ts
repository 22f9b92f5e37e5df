import type {Config} from '../core/model/config.js'
import type {Language, Words} from '../core/model/words.js'
import type {Drift} from '../core/observe/find-drifts.js'
import {renderDriftText} from '../core/observe/render-drifts.js'
import type {Clock, Store} from '../core/ports.js'
import {observeDrift} from '../pipeline/drift.js'
import type {Door} from './door.js'
import {openWriter} from './open-wecom.js'
import {orUnread} from './or-unread.js'

/**
 * What WeCom has now against what was applied last, for whoever reads a plan. It changes neither the plan nor its digest: the
 * gate, which holds no secret of WeCom's, has to come to the same one.
 */
export async function readLiveDrifts(
  door: Door,
  wecom: unknown,
  {store, clock}: {readonly store: Store; readonly clock: Clock},
  config: Config,
): Promise<readonly Drift[]> {
  const {writer, close} = openWriter(door, wecom, config, clock)
  try {
    const {drifts} = await orUnread(observeDrift({store, reader: writer, clock}, config))
    return drifts.filter(({kind}) => kind !== 'pending')
  } finally {
    await close()
  }
}

export const renderLive = (drifts: readonly Drift[], language: Language): string =>
  drifts.length === 0
    ? `\n${AS_APPLIED[language]}\n`
    : `\n${DIFFERS[language]}\n${renderDriftText(drifts, [], language)}`

const AS_APPLIED: Words = {
  zh: '企业微信现在的样子和上次应用的一致。',
  en: 'WeCom is as it was applied last.',
}
const DIFFERS: Words = {
  zh: '企业微信现在的样子和上次应用的不同；这份计划不动它们，yingbin drift --heal 恢复：',
  en: 'WeCom is not as it was applied last; this plan leaves that alone, yingbin drift --heal brings it back:',
}
