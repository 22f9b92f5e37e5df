import {describe, expect, it} from '@jest/globals'
import type {WrittenChannel, WrittenGroupWelcome} from '../../scripts/core/model/written.js'
import type {ApplyOutcome} from '../../scripts/pipeline/apply.js'
import {aChannel, type ConfigParts} from './a-config.js'
import {ApplyWorld} from './apply-world.js'
import {type Fault, Killed} from './fake-wecom.js'

const range = (from: number, to: number): number[] => Array.from({length: to - from}, (_, index) => from + index)
const channels = (ids: readonly number[], state: string, tag: string): Record<string, WrittenChannel> =>
  Object.fromEntries(ids.map((n) => [`c${n}`, aChannel({state: `${state}${n}`, tags: [`来源/${tag}${n % 4}`]})]))
const welcomes = (ids: readonly number[], text: string): Record<string, WrittenGroupWelcome> =>
  Object.fromEntries(ids.map((n) => [`w${n}`, {title: 'w', text: `${text}${n}`}]))
const roles = (names: readonly string[]): Pick<ConfigParts, 'roles' | 'grants'> => ({
  roles: Object.fromEntries(names.map((name) => [name, {may: ['send-link' as const], wecomTag: name}])),
  grants: names.map((role, n) => ({
    ...{role, until: '2027-06-30', ticket: `OA-${n}`},
    to: [`member:${n % 2 === 0 ? 'zhang.san' : 'li.si'}`],
  })),
})

const BEFORE: ConfigParts = {
  templates: {hello: {title: 't', text: '您好'}},
  channels: channels(range(0, 14), 'old', '旧'),
  groupWelcomes: welcomes(range(0, 12), '旧'),
  ...roles(['销冠', '新星']),
}
const FILES = range(0, 4)
const AFTER: ConfigParts = {
  templates: {
    hello: {
      ...{title: 't', text: '您好！', fallback: '您好'},
      attachments: FILES.map((n) => ({type: 'image' as const, file: `assets/${n}.png`})),
    },
  },
  channels: {...channels(range(6, 14), 'new', '新'), ...channels(range(14, 24), 'new', '新')},
  groupWelcomes: {...welcomes(range(6, 12), '新'), ...welcomes(range(12, 22), '新')},
  ...roles(['新星', '店长', '培训师']),
  assets: Object.fromEntries(FILES.map((n) => [`assets/${n}.png`, `picture ${n}`])),
}

/** Dies wherever it was told, and is run again until it is done; a person settles what is in doubt in between. */
async function shipWith(arm: (world: ApplyWorld) => void): Promise<ApplyWorld> {
  const world = new ApplyWorld()
  await world.ship(BEFORE)
  arm(world)
  for (let run = 1; run <= 4; run++) {
    const outcome = await world.ship(AFTER).catch((error: unknown) => {
      if (!(error instanceof Killed || isDiskFull(error))) throw error
      world.restart()
      world.store.beforeWrite = () => undefined
      return null
    })
    if (outcome?.kind === 'ran' && outcome.isComplete) return world
    await settleDoubts(world)
  }
  throw new Error('did not come to rest')
}

/** Looks into the console: the template exists, or it does not. Nothing else is ever left to a person. */
async function settleDoubts(world: ApplyWorld): Promise<void> {
  const {state} = (await world.plan(AFTER)).recovered
  for (const [key, {kind, id}] of Object.entries(state.ambiguous)) {
    if (kind !== 'group-welcome') continue
    const known = new Set(Object.values(state.resources).map(({remoteId}) => remoteId))
    const made = [...world.wecom.welcomes].find(([one, {text}]) => !known.has(one) && text === `新${id.slice(1)}`)
    await world.settle(key, made ? {how: 'adopt', remoteId: made[0]} : {how: 'retry'})
  }
}

async function expectAtRest(world: ApplyWorld): Promise<void> {
  const {ways, welcomes: made, corpTags, memberTags} = world.wecom
  expect([...ways.values()].map(({state}) => state).sort()).toEqual(
    range(6, 24)
      .map((n) => `new${n}`)
      .sort(),
  )
  expect([...made.values()].map(({text}) => text).sort()).toEqual(
    range(6, 22)
      .map((n) => `新${n}`)
      .sort(),
  )
  expect(new Set(corpTags.map(({name}) => name)).size).toBe(corpTags.length)
  const holders = [...memberTags.values()].flatMap(({name, users}) => (users.size > 0 ? [name] : []))
  expect(holders.sort()).toEqual(['培训师', '店长', '新星'])
  expect((await world.plan(AFTER)).plan.steps).toEqual([])
  const state = await world.store.readState()
  expect([state.promoted.length, state.ambiguous, state.orphans, state.underway]).toEqual([2, {}, [], null])
  const ids = Object.values(state.resources).flatMap(({remoteId}) => remoteId ?? [])
  for (const id of [...ways.keys(), ...made.keys()]) expect(ids).toContain(id)
}

const isDiskFull = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOSPC'

interface Counted {
  readonly steps: number
  readonly calls: number
  readonly writes: number
}

/** What an undisturbed apply does outside. */
async function count(): Promise<Counted> {
  const world = new ApplyWorld()
  await world.ship(BEFORE)
  const {plan} = await world.plan(AFTER)
  const from = world.wecom.calls.length
  let writes = 0
  world.store.beforeWrite = () => {
    writes++
  }
  await world.ship(AFTER)
  return {steps: plan.steps.length, calls: world.wecom.calls.length - from, writes}
}

const onceAt = (world: ApplyWorld, at: number, kind: Fault['kind'] & ('killed-before' | 'killed-after')): void => {
  const first = world.wecom.calls.length
  world.wecom.fault = ({index}) => (index === first + at ? {kind} : null)
}

const SLOW_MS = 120_000

describe('an apply of sixty steps', () => {
  it('has at least sixty, of every kind and action', async () => {
    const world = new ApplyWorld()
    await world.ship(BEFORE)
    const {plan} = await world.plan(AFTER)
    expect(plan.steps.length).toBeGreaterThanOrEqual(60)
    const kinds = new Set(plan.steps.map(({kind, action}) => `${kind} ${action}`))
    for (const kind of ['contact-way', 'group-welcome'])
      for (const action of ['create', 'update', 'delete']) expect(kinds).toContain(`${kind} ${action}`)
    for (const one of [
      'media create',
      'corp-tag create',
      'member-tag create',
      'member-tag-users create',
      'release update',
    ])
      expect(kinds).toContain(one)
  })

  it.each(['killed-before', 'killed-after'] as const)(
    'killed at each of its calls to WeCom (%s) converges: an empty plan, nothing twice, nothing unknown',
    async (kind) => {
      const {calls} = await count()
      expect(calls).toBeGreaterThan(60)
      for (let at = 0; at < calls; at++) await expectAtRest(await shipWith((world) => onceAt(world, at, kind)))
    },
    SLOW_MS,
  )

  it.each<[string, () => Error, boolean]>([
    ['dies', () => new Killed('the process is dead'), true],
    ['finds the disk full', () => Object.assign(new Error('no space left'), {code: 'ENOSPC'}), false],
  ])(
    'that %s at each of its writes to the store converges as well',
    async (_what, failure, isDeath) => {
      const {writes} = await count()
      expect(writes).toBeGreaterThan(120)
      for (let at = 1; at <= writes; at++) {
        const world = await shipWith(({store, wecom}) => {
          let seen = 0
          store.beforeWrite = () => {
            // A full disk stays full until somebody makes room.
            if (isDeath ? ++seen !== at : ++seen < at) return
            wecom.isDead = isDeath
            throw failure()
          }
        })
        await expectAtRest(world)
      }
    },
    SLOW_MS,
  )
})

describe('two runners at once', () => {
  it('one applies, the other is told who does, and nothing is done twice', async () => {
    const world = new ApplyWorld()
    await world.ship(BEFORE)
    const {plan} = await world.plan(AFTER)
    const outcomes = await Promise.allSettled([world.expand(plan, AFTER), world.expand(plan, AFTER)])
    expect(outcomes.map(({status}) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await world.promote(plan)
    const rests = await Promise.allSettled([world.rest(plan, AFTER), world.rest(plan, AFTER), world.rest(plan, AFTER)])
    const ran = rests.filter((rest): rest is PromiseFulfilledResult<ApplyOutcome> => rest.status === 'fulfilled')
    expect(ran.map(({value}) => value)).toMatchObject([{kind: 'ran', isComplete: true}])
    expect(rests.filter(({status}) => status === 'rejected')).toMatchObject([
      {reason: {name: 'StoreLocked'}},
      {reason: {name: 'StoreLocked'}},
    ])
    await expectAtRest(world)
  })

  it('a runner that is lost is followed by another one, from where it was', async () => {
    const world = await shipWith((one) => onceAt(one, 30, 'killed-after'))
    const creates = world.wecom.calls.filter(({name}) => name === 'addContactWay').length
    expect(creates).toBe(24)
    await expectAtRest(world)
  })
})
