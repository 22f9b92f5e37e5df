import {canonicalText} from '../../core/model/canonical.js'
import type {ContactWayValue, Step} from '../../core/model/plan.js'
import type {Words} from '../../core/model/words.js'
import {AnswerLost, Refused} from '../../core/ports.js'
import {remoteIdOf, StepFailed, type Performed, type StepTools} from './step-tools.js'

/** WeCom's clock and ours differ, and its list goes by its own. */
const CLOCK_MARGIN_MS = 600_000
/** Time for a call that is still under way to arrive before we look for it a second time. */
const LOOK_AGAIN_MS = 2000
const MAX_CREATES = 2
const UNKNOWN_CONFIG_ID = 41044

export async function performContactWay(step: Step, tools: StepTools): Promise<Performed> {
  switch (step.action) {
    case 'create':
      return createWay(step, tools)
    case 'update': {
      const remoteId = remoteIdOf(step, tools)
      await tools.writer.updateContactWay(remoteId, step.after as ContactWayValue)
      return {remoteId}
    }
    case 'delete':
      await deleteWay(remoteIdOf(step, tools), tools)
      return {}
  }
}

async function deleteWay(remoteId: string, {writer}: StepTools): Promise<void> {
  try {
    await writer.deleteContactWay(remoteId)
  } catch (error) {
    // Deleting twice ends like this (92228).
    if (!(error instanceof Refused && error.errcode === UNKNOWN_CONFIG_ID)) throw error
  }
}

/** Creating is not idempotent: whatever may have been made already is looked for by its mark before anything is made. */
async function createWay(step: Step, tools: StepTools): Promise<Performed> {
  const {writer, clock, state} = tools
  const wanted = step.after as ContactWayValue
  const since = state.ambiguous[step.key]?.since
  if (since !== undefined) {
    const found = await adoptWay(wanted, since, tools)
    if (found) return found
  }
  const startedMs = clock.nowMs()
  for (let attempt = 1; ; attempt++) {
    try {
      return {remoteId: await writer.addContactWay(wanted)}
    } catch (error) {
      if (!(error instanceof AnswerLost)) throw error
      const found = (await adoptWay(wanted, startedMs, tools)) ?? (await adoptLater(wanted, startedMs, tools))
      if (found) return found
      if (attempt === MAX_CREATES) throw error
    }
  }
}

async function adoptLater(wanted: ContactWayValue, sinceMs: number, tools: StepTools): Promise<Performed | null> {
  await tools.clock.sleep(LOOK_AGAIN_MS)
  return adoptWay(wanted, sinceMs, tools)
}

/** Finds a way with our mark that the state does not know, and brings it to what is wanted. */
async function adoptWay(wanted: ContactWayValue, sinceMs: number, tools: StepTools): Promise<Performed | null> {
  const found = await findWay(wanted.remark, sinceMs, tools)
  if (!found) return null
  const {configId, way} = found
  // A way's type never changes.
  const value = {...wanted, type: way.type}
  if (canonicalText(way) === canonicalText(value)) return {remoteId: configId, value}
  try {
    await tools.writer.updateContactWay(configId, value)
  } catch (error) {
    throw new StepFailed(adoptedOnly(error), {remoteId: configId, value: way})
  }
  return {remoteId: configId, value}
}

interface FoundWay {
  readonly configId: string
  readonly way: ContactWayValue
}

/** As long as nobody could look, the create stays in doubt: a refused list is no proof that there is nothing. */
async function findWay(mark: string, sinceMs: number, {writer, state}: StepTools): Promise<FoundWay | null> {
  const known = new Set(Object.values(state.resources).map(({remoteId}) => remoteId))
  try {
    for (const configId of await writer.listContactWays(sinceMs - CLOCK_MARGIN_MS)) {
      if (known.has(configId)) continue
      const way = await writer.getContactWay(configId)
      if (way?.remark === mark) return {configId, way}
    }
    return null
  } catch (error) {
    if (error instanceof Refused) throw new AnswerLost(`could not look: ${error.message}`, {cause: error})
    throw error
  }
}

function adoptedOnly(error: unknown): Words {
  if (!(error instanceof Refused || error instanceof AnswerLost)) throw error
  return {
    zh: `上次创建的活码已找到并认领，但没能改成现在的内容：${error.message}`,
    en: `the code made last time was found and adopted, but could not be changed to what is wanted now: ${error.message}`,
  }
}
