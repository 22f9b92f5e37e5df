import type {Config} from '../../scripts/core/model/config.js'
import {type DriftReport, observeDrift} from '../../scripts/pipeline/drift.js'
import {type HealOutcome, healDrift} from '../../scripts/pipeline/heal.js'
import {aChannel, aConfig, type ConfigParts} from '../apply/a-config.js'
import {ApplyWorld} from '../apply/apply-world.js'

/** One of everything that WeCom can be asked about. */
export const SHOP: ConfigParts = {
  departments: [{path: '/总部/门店', id: 7}],
  members: [
    {id: 'lina', departments: ['/总部/门店']},
    {id: 'WangWei', departments: ['/总部']},
  ],
  channels: {a: aChannel({state: 'a', staff: {members: ['lina']}, tags: ['来源/门店']})},
  groupWelcomes: {vip: {title: 'v', text: '欢迎[客户昵称]'}},
  roles: {销冠: {may: ['send-link'], wecomTag: '销冠'}},
  grants: [{role: '销冠', to: ['member:lina'], until: '2027-06-30', ticket: 'OA-1'}],
}

/** A world in which the shop was applied. */
export async function shipped(world = new ApplyWorld()): Promise<ApplyWorld> {
  const outcome = await world.ship(SHOP)
  if (outcome.kind !== 'ran' || !outcome.isComplete) throw new Error(JSON.stringify(outcome))
  return world
}

export const look = (world: ApplyWorld, parts: ConfigParts = SHOP): Promise<DriftReport> =>
  observeDrift({store: world.store, reader: world.writer, clock: world.clock}, aConfig(parts))

export const rowsOf = ({drifts}: DriftReport): string[] => drifts.map(({key, kind}) => `${kind} ${key}`)

export const heal = (world: ApplyWorld, config: Config = aConfig(SHOP)): Promise<HealOutcome> => {
  const {store, writer, clock} = world
  return healDrift({store, writer, reader: writer, clock}, config, {holder: 'test', who: 'lin-ops', reason: '误删'})
}

/** The healed rows, or a failure that says why there are none. */
export async function healed(world: ApplyWorld, config?: Config): Promise<string[]> {
  const outcome = await heal(world, config)
  if (outcome.kind === 'refused') throw new Error(outcome.reason.en)
  return outcome.healed.map(({key, status}) => `${status} ${key}`)
}
