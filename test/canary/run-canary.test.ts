import {describe, expect, it} from '@jest/globals'
import type {CanaryVerdict} from '../../scripts/core/canary/evaluate-canary.js'
import type {ResponderReport, Trial} from '../../scripts/core/model/outcome.js'
import type {WrittenPolicy} from '../../scripts/core/model/written.js'
import {StoreConflict} from '../../scripts/core/ports.js'
import {runCanary} from '../../scripts/pipeline/canary.js'
import type {CanaryRequest, CanaryResult} from '../../scripts/pipeline/canary-request.js'
import {publishManifest} from '../../scripts/pipeline/publish-manifest.js'
import {createSystemRandomness} from '../../scripts/runtime/system-randomness.js'
import {aKeyPair, ApplyWorld} from '../apply/apply-world.js'

const KEY = aKeyPair()
const STABLE = 'a'.repeat(64)
const LOCKDOWN = [{scope: 'corp', mode: 'text-only'}] as const
const SIGNING = {privateKeyPem: KEY.privateKeyPem, who: 'somebody'}

const trial = (changes: Partial<Trial> = {}): Trial => ({
  atMs: 0,
  arm: 'stable',
  release: STABLE,
  failed: false,
  hard: false,
  manifestVersion: 2,
  ...changes,
})
/** One canary send after every nineteen of the control. */
const good = (canarySends: number, manifestVersion = 2): Trial[] =>
  Array.from({length: canarySends}, () => [
    ...Array.from({length: 19}, () => trial({manifestVersion})),
    trial({arm: 'canary', manifestVersion}),
  ]).flat()
const refused = (manifestVersion = 2): Trial => trial({arm: 'canary', failed: true, hard: true, manifestVersion})
const bad = (manifestVersion = 2): Trial[] => [refused(manifestVersion), refused(manifestVersion)]

const report = (trials: readonly Trial[], responder = 'one'): ResponderReport => ({
  responder,
  atMs: 0,
  manifestVersion: 2,
  stable: STABLE,
  canary: null,
  arms: [],
  trials,
  latency: [],
  counters: {},
})

/** A store with a stable release under manifest 1, and a plan for a new one. `onLook` may change the world between looks. */
async function setUp() {
  const world = new ApplyWorld()
  const {store, clock} = world
  await publishManifest({store, clock}, {stable: STABLE}, SIGNING)
  const {plan} = await world.plan({})
  const ports = {store, clock, randomness: createSystemRandomness()}
  let reports: readonly ResponderReport[] = []
  store.readReports = () => Promise.resolve(reports)
  return {
    ...world,
    store,
    clock,
    plan,
    heard: (...trials: readonly (readonly Trial[])[]) => {
      reports = trials.map((list, index) => report(list, `responder-${index}`))
    },
    /** So many customers of the canary delete the member right after the welcome. */
    left: (count: number, manifestVersion: number) => {
      const one = {arm: 'canary' as const, release: null, manifestVersion, welcomedAtMs: 0, atMs: 1}
      reports = reports.map((each) => ({...each, partings: Array.from({length: count}, () => one)}))
    },
    publish: (changes: Parameters<typeof publishManifest>[1]) => publishManifest({store, clock}, changes, SIGNING),
    watch: (changes: Partial<CanaryRequest> = {}, policy: WrittenPolicy = {}): Promise<CanaryResult> =>
      runCanary(ports, {
        plan,
        policy,
        timezone: 'Asia/Shanghai',
        manifest: {privateKeyPem: KEY.privateKeyPem},
        observeMinMs: 0,
        ...changes,
      }),
    manifest: async () => (await store.readManifest())?.manifest,
  }
}

const verdictOf = ({decision}: CanaryResult): CanaryVerdict => decision.verdict

describe('a canary that begins', () => {
  it('is 5 % and 200 people under a salt of its own, beside the stable release, with the directory of the plan', async () => {
    const {heard, watch, manifest, plan} = await setUp()
    heard(good(60))
    const {canary} = await watch()
    expect(canary).toMatchObject({digest: plan.release.after, perMyriad: 500, maxPeople: 200})
    expect(canary?.salt).toMatch(/^[0-9a-f]{16}$/)
    const directory = plan.steps.find(({kind}) => kind === 'directory')?.after
    expect(directory).toEqual(expect.any(String))
    expect(await manifest()).toMatchObject({version: 2, stable: STABLE, canary, directory})
  })

  it.each([
    ['the share', {share: '10%'}, {perMyriad: 1000, maxPeople: 200}],
    ['the first step before the share', {share: '10%', steps: ['2%', '100%']}, {perMyriad: 200}],
    ['the people', {maxPeople: 7}, {perMyriad: 500, maxPeople: 7}],
  ])('takes %s from the policy', async (_what, canary, wanted) => {
    const {watch} = await setUp()
    const stop = AbortSignal.abort()
    expect((await watch({signal: stop}, {canary})).canary).toMatchObject(wanted)
  })

  it('takes the place of the canary of another release, under another salt', async () => {
    const {watch, publish, manifest, plan} = await setUp()
    const other = {digest: 'e'.repeat(64), perMyriad: 500, salt: 'other', maxPeople: 200}
    await publish({canary: other})
    await watch({signal: AbortSignal.abort()})
    const running = (await manifest())?.canary
    expect(running?.digest).toBe(plan.release.after)
    expect(running?.salt).not.toBe(other.salt)
  })
})

describe('a canary that is promoted', () => {
  it('is written down for apply, and what customers hear stays as it is', async () => {
    const {heard, watch, manifest, store, plan} = await setUp()
    heard(good(60))
    expect(verdictOf(await watch())).toBe('promote')
    expect((await store.readState()).pending).toEqual({
      planDigest: plan.digest,
      release: plan.release.after,
      verdict: 'promote',
    })
    expect(await manifest()).toMatchObject({version: 2, stable: STABLE, canary: {digest: plan.release.after}})
  })

  it('keeps what another process wrote into the state meanwhile', async () => {
    const {heard, watch, store} = await setUp()
    heard(good(60))
    let isFirst = true
    store.beforeWrite = (what) => {
      if (what !== 'state' || !isFirst) return
      isFirst = false
      throw new StoreConflict(0, 1)
    }
    expect(verdictOf(await watch())).toBe('promote')
    expect((await store.readState()).pending).not.toBeNull()
  })

  it('waits for the shortest observation of the policy', async () => {
    const {heard, watch, clock} = await setUp()
    heard(good(60))
    const startedAtMs = clock.nowMs()
    const {decision} = await watch({observeMinMs: 600_000, lookEveryMs: 60_000})
    expect([decision.verdict, clock.nowMs() - startedAtMs]).toEqual(['promote', 600_000])
  })

  it('waits for the end of the night', async () => {
    const {heard, watch, clock} = await setUp()
    heard(good(60))
    clock.advance(Date.parse('2026-11-24T23:00:00+08:00') - clock.nowMs())
    await watch({lookEveryMs: 3_600_000}, {canary: {notBetween: ['22:00', '08:00']}})
    expect(new Date(clock.nowMs()).toISOString()).toBe('2026-11-25T00:00:00.000Z')
  })
})

describe('a canary that is rolled back', () => {
  it('is taken out of a newer manifest, and its release is quarantined', async () => {
    const {heard, watch, manifest, store, plan} = await setUp()
    heard(bad())
    expect(verdictOf(await watch())).toBe('rollback')
    expect(await manifest()).toMatchObject({version: 3, stable: STABLE, canary: null})
    expect(await store.readState()).toMatchObject({pending: null, quarantined: [plan.release.after]})
    expect((await store.readAudit()).at(-1)).toMatchObject({who: 'canary', details: {version: 3, canary: null}})
  })

  it('is quarantined even when another process wrote the state at that moment', async () => {
    const {heard, watch, store, plan} = await setUp()
    heard(bad())
    let isFirst = true
    store.beforeWrite = (what) => {
      if (what !== 'state' || !isFirst) return
      isFirst = false
      throw new StoreConflict(0, 1)
    }
    await watch()
    expect((await store.readState()).quarantined).toEqual([plan.release.after])
  })

  it('is not heard any more even when the books cannot be kept', async () => {
    const {heard, watch, manifest, store} = await setUp()
    heard(bad())
    store.beforeWrite = (what) => {
      if (what === 'state') throw new Error('disk full')
    }
    await expect(watch()).rejects.toThrow('disk full')
    expect((await manifest())?.canary).toBeNull()
  })

  it('is found by the refusals of two responders together', async () => {
    const {heard, watch} = await setUp()
    heard([refused()], [refused()])
    expect(verdictOf(await watch())).toBe('rollback')
  })

  it('is rolled back at night too', async () => {
    const {heard, watch, clock} = await setUp()
    heard(bad())
    clock.advance(Date.parse('2026-11-24T23:00:00+08:00') - clock.nowMs())
    expect(verdictOf(await watch({}, {canary: {notBetween: ['22:00', '08:00']}}))).toBe('rollback')
  })
})

describe('a canary that holds', () => {
  it('goes on when the watching is broken off: nothing is written', async () => {
    const {watch, manifest, store, plan} = await setUp()
    const before = await store.readState()
    const stop = new AbortController()
    expect(verdictOf(await watch({signal: stop.signal, onLook: () => stop.abort()}))).toBe('hold')
    expect(await store.readState()).toEqual(before)
    expect(await manifest()).toMatchObject({version: 2, canary: {digest: plan.release.after}})
  })

  it('goes on after the longest observation, to be looked at later', async () => {
    const {watch, manifest, clock} = await setUp()
    const startedAtMs = clock.nowMs()
    const policy = {canary: {observe: {min: '10m', max: '1h'}}}
    expect(verdictOf(await watch({lookEveryMs: 60_000}, policy))).toBe('hold')
    expect(clock.nowMs() - startedAtMs).toBe(3_600_000)
    expect((await manifest())?.canary).not.toBeNull()
  })

  it('ends its pause at once when it is broken off', async () => {
    const {watch, clock} = await setUp()
    const stop = new AbortController()
    clock.sleep = () => {
      stop.abort()
      return Promise.reject(new Error('aborted'))
    }
    expect(verdictOf(await watch({signal: stop.signal}))).toBe('hold')
  })

  it('does not hide a pause that failed for another reason', async () => {
    const {watch, clock} = await setUp()
    clock.sleep = () => Promise.reject(new Error('the clock is broken'))
    await expect(watch()).rejects.toThrow('the clock is broken')
  })
})

describe('a canary with wider steps', () => {
  const STEPS = {canary: {steps: ['5%', '25%', '100%'], maxPeople: 100}}
  /** A quarter of the sends are canary sends. */
  const goodQuarter = (canarySends: number): Trial[] =>
    Array.from({length: canarySends}, () => [
      ...Array.from({length: 3}, () => trial({manifestVersion: 3})),
      trial({arm: 'canary', manifestVersion: 3}),
    ]).flat()

  it('widens by good evidence under the same salt, with a budget that grows along, and only then is promoted', async () => {
    const {heard, watch, manifest, store} = await setUp()
    heard([...good(60), ...goodQuarter(60)])
    const widened: number[] = []
    const result = await watch({onWiden: ({perMyriad}) => widened.push(perMyriad)}, STEPS)
    expect(verdictOf(result)).toBe('promote')
    expect(widened).toEqual([2500])
    const {canary, version} = (await manifest()) ?? {}
    expect([version, canary?.perMyriad, canary?.maxPeople]).toEqual([3, 2500, 500])
    expect(canary?.salt).toBe(result.canary?.salt)
    expect((await store.readState()).pending).not.toBeNull()
  })

  it('judges each step by what it brings itself: harm at the second one takes it from everybody', async () => {
    const {heard, watch, manifest} = await setUp()
    heard([...good(60), ...bad(3)])
    expect(verdictOf(await watch({}, STEPS))).toBe('rollback')
    expect((await manifest())?.canary).toBeNull()
  })

  it('goes on at the step it had reached', async () => {
    const {heard, watch, manifest} = await setUp()
    heard(good(60))
    expect(verdictOf(await watch({signal: AbortSignal.abort()}, STEPS))).toBe('hold')
    expect(await manifest()).toMatchObject({version: 3, canary: {perMyriad: 2500}})
    heard([...good(60), ...goodQuarter(60)])
    expect(verdictOf(await watch({}, STEPS))).toBe('promote')
    expect((await manifest())?.version).toBe(3)
  })

  it('holds in a freeze window and widens nothing', async () => {
    const {heard, watch, manifest, clock} = await setUp()
    heard(good(60))
    const at = (ms: number): string => new Date(clock.nowMs() + ms).toISOString()
    const freeze = [{name: '双十一', from: at(0), until: at(3_600_000)}]
    expect(verdictOf(await watch({signal: AbortSignal.abort()}, {...STEPS, freeze}))).toBe('hold')
    expect(await manifest()).toMatchObject({canary: {perMyriad: 500}})
  })
})

describe('a canary whose customers delete the member', () => {
  it('is rolled back, and deletions under another manifest do not count', async () => {
    const {heard, left, watch} = await setUp()
    heard(good(60))
    left(6, 1)
    expect(verdictOf(await watch({signal: AbortSignal.abort()}))).toBe('promote')
    left(6, 2)
    expect(verdictOf(await watch())).toBe('rollback')
  })
})

describe('a release that an earlier canary rolled back', () => {
  const quarantined = async () => {
    const world = await setUp()
    const state = await world.store.readState()
    await world.store.writeState({...state, quarantined: [world.plan.release.after]}, state.serial)
    return {...world, scope: `quarantine:${world.plan.release.after.slice(0, 12)}`}
  }

  it('is promoted at once when people unlocked it, and the audit says so', async () => {
    const {watch, store, manifest, plan, scope} = await quarantined()
    const result = await watch({unlocks: [scope]})
    expect([verdictOf(result), result.canary]).toEqual(['promote', null])
    expect(await store.readState()).toMatchObject({
      quarantined: [],
      pending: {planDigest: plan.digest, release: plan.release.after, verdict: 'promote'},
    })
    expect((await manifest())?.version).toBe(1)
    expect((await store.readAudit()).at(-1)).toMatchObject({
      what: 'rollback-overridden',
      details: {release: plan.release.after, unlocks: scope},
    })
  })

  it('has to be heard first where the unlock is for another one', async () => {
    const {watch, manifest} = await quarantined()
    await watch({unlocks: ['quarantine:000000000000'], signal: AbortSignal.abort()})
    expect((await manifest())?.canary).not.toBeNull()
  })
})

describe('a plan that changes nothing of what is said', () => {
  it('needs nobody to hear it first', async () => {
    const {watch, plan, manifest, store} = await setUp()
    const same = {...plan, release: {before: plan.release.after, after: plan.release.after}}
    expect(verdictOf(await watch({plan: same}))).toBe('promote')
    expect((await manifest())?.version).toBe(1)
    expect((await store.readState()).pending).toBeNull()
  })
})

describe('a canary that is watched again', () => {
  it('goes on under the same salt and manifest, and its time counts from its beginning', async () => {
    const {heard, watch, manifest, clock} = await setUp()
    const first = await watch({signal: AbortSignal.abort()})
    clock.advance(600_000)
    heard(good(60))
    const second = await watch({observeMinMs: 600_000})
    expect([verdictOf(first), verdictOf(second)]).toEqual(['hold', 'promote'])
    expect(second.canary).toEqual(first.canary)
    expect((await manifest())?.version).toBe(2)
  })

  it('keeps its evidence and its time when a kill switch was turned on in between', async () => {
    const {heard, watch, publish, clock} = await setUp()
    heard(good(30))
    await watch({signal: AbortSignal.abort()})
    clock.advance(600_000)
    await publish({lockdown: LOCKDOWN})
    heard([...good(30), ...good(30, 3)])
    const {decision} = await watch({observeMinMs: 600_000})
    expect([decision.verdict, decision.evidence.canary.sends]).toEqual(['promote', 60])
  })

  it('does not count what an earlier manifest decided', async () => {
    const {heard, watch} = await setUp()
    heard([...bad(1), ...good(60)])
    expect(verdictOf(await watch())).toBe('promote')
  })
})

describe('a manifest published while a canary is watched', () => {
  /** Publishes once, at the first look, and lets the customers after it be heard. */
  const during = async (change: (world: Awaited<ReturnType<typeof setUp>>) => Promise<unknown>) => {
    const world = await setUp()
    const looks: CanaryVerdict[] = []
    let isDone = false
    world.clock.sleep = async () => {
      world.clock.advance(1000)
      if (isDone) return
      isDone = true
      await change(world)
    }
    const result = await world.watch({onLook: ({verdict}) => looks.push(verdict)})
    return {...world, result, looks}
  }

  it('that only turns on a kill switch does not blind it: harm after it is still rolled back', async () => {
    const {result, manifest} = await during(async ({publish, heard}) => {
      await publish({lockdown: LOCKDOWN})
      heard(bad(3))
    })
    expect(verdictOf(result)).toBe('rollback')
    expect(await manifest()).toMatchObject({version: 4, canary: null, lockdown: LOCKDOWN})
  })

  it('that carries it on adds its evidence to that of the manifest before', async () => {
    const {result} = await during(async ({publish, heard}) => {
      await publish({directory: 'd'.repeat(64)})
      heard([...good(30, 2), ...good(30, 3)])
    })
    expect(verdictOf(result)).toBe('promote')
    expect(result.decision.evidence.canary.sends).toBe(60)
  })

  it('that ends it leads to no promotion, however good the evidence', async () => {
    const {result, store, manifest, looks} = await during(async ({publish, heard}) => {
      await publish({canary: null})
      heard(good(60))
    })
    expect([verdictOf(result), looks]).toEqual(['hold', ['hold', 'hold']])
    expect(result.decision.because.en).toContain('manifest 3 ended or replaced this canary')
    expect((await store.readState()).pending).toBeNull()
    expect((await manifest())?.version).toBe(3)
  })

  it('that replaces it is left alone: another canary is not rolled back for it', async () => {
    const other = {digest: 'e'.repeat(64), perMyriad: 500, salt: 'other', maxPeople: 200}
    const {result, manifest, store} = await during(async ({publish, heard}) => {
      await publish({canary: other})
      heard(bad())
    })
    expect(verdictOf(result)).toBe('hold')
    expect(await manifest()).toMatchObject({version: 3, canary: other})
    expect((await store.readState()).quarantined).toEqual([])
  })
})
