import {createGreeter} from '../../scripts/core/greet/create-greeter.js'
import type {OutcomeCode, OutcomeRecord} from '../../scripts/core/model/outcome.js'
import {type CallbackEvent, eventText} from '../../scripts/core/respond/callback-event.js'
import {keyedHash} from '../../scripts/core/respond/keyed-hash.js'
import {createResponder, type Responder} from '../../scripts/responder/create-responder.js'
import type {CallbackPort, KeptEvent, OwnDisk} from '../../scripts/responder/ports.js'
import {aManifest, BUILT_IN, CORP_ID, createFakeStore, mortal, putRelease, sign, START_MS} from './a-responder.js'
import {createMemoryShare} from './memory-share.js'
import {createStrictPlatform, type Weather} from './strict-platform.js'
import {createTickClock, type TickClock} from './tick-clock.js'

export interface FleetPlan {
  readonly seed: number
  readonly events: number
  readonly replicas: number
  readonly perSecond: number
  readonly weather: Weather
  /** Mean time between two deaths of one replica; absent: nobody dies. */
  readonly diesEveryMs?: number
  /** Called now and then with how many events are through. */
  onProgress?(through: number): void
}

export interface FleetResult {
  readonly acknowledged: number
  readonly deaths: number
  readonly repeats: number
  readonly sends: number
  readonly outcomes: Readonly<Partial<Record<OutcomeCode, number>>>
  /** Broken promises, in words; none is the promise. */
  readonly complaints: readonly string[]
}

const TICK_MS = 20
const CUSTOMER_KEY = 'a key for tests'
/** WeCom waits so long for an answer and comes again three times (90930). */
const ANSWER_WITHIN_MS = 5000
const TRIES = 4
/** After this an event must have its outcome: its budget, and a dead replica's return. */
const JUDGED_AFTER_MS = 90_000
const DOWN_MS = 4000
const SAID = new Set<OutcomeCode>(['sent', 'sent_after_retry', 'sent_text_fallback'])

/** A small generator of chance that can be played again (mulberry32). */
export function createChance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

interface Tracked {
  readonly event: CallbackEvent
  readonly key: string
  isAcknowledged: boolean
  readonly outcomes: OutcomeCode[]
}

/** What is sealed here is only written down: crypto is not what this is about. */
const PLAIN_CALLBACK: CallbackPort = {
  readEcho: () => ({ok: false, reason: 'query'}),
  readDelivery(_query, body) {
    const sealed = Buffer.from(body).toString('utf8')
    return {ok: true, event: JSON.parse(sealed) as CallbackEvent, sealed}
  },
  readSealed: (sealed) => JSON.parse(sealed) as CallbackEvent,
}

/** A disk in memory that survives its process, and forgets outcomes that nobody can ask for any more. */
function createLightDisk(clock: TickClock, onOutcome: (record: OutcomeRecord) => void): OwnDisk {
  const kept = new Map<string, KeptEvent>()
  let answered = new Map<string, number>()
  let pruneAt = 50_000
  return {
    readLastGood: () => Promise.resolve(null),
    writeLastGood: () => Promise.resolve(),
    appendOutcomes(records) {
      for (const record of records) {
        answered.set(record.key, record.finishedAtMs)
        onOutcome(record)
      }
      if (answered.size > pruneAt) {
        answered = new Map([...answered].filter(([, atMs]) => clock.nowMs() - atMs < 2 * JUDGED_AFTER_MS))
        // Seldom enough that it costs nothing by the event.
        pruneAt = 2 * answered.size + 50_000
      }
      return Promise.resolve()
    },
    readExposed: () => Promise.resolve([]),
    appendExposed: () => Promise.resolve(),
    noteEvents(events, closed) {
      for (const event of events) kept.set(event.key, event)
      for (const key of closed) kept.delete(key)
      return Promise.resolve()
    },
    readKept: () => Promise.resolve({open: [...kept.values()], answered: new Set(answered.keys())}),
  }
}

/** Plays events into a fleet of responders that die and come back, and judges what every one of them came to. */
export async function playFleet(plan: FleetPlan): Promise<FleetResult> {
  const chance = createChance(plan.seed)
  // Deaths come by chances of their own, however much chance the responders use up.
  const fate = createChance(~plan.seed)
  const clock = createTickClock(START_MS, TICK_MS)
  const platform = createStrictPlatform(clock, chance, plan.weather)
  const share = createMemoryShare(clock)
  const store = createFakeStore()
  const parts = {
    'templates/hello.yaml': {title: '问候', text: '[客户昵称]您好。', fallback: '您好。', attachments: [PART]},
  }
  store.manifest = sign(aManifest({...putRelease(store, parts), expiresAtMs: START_MS + 365 * 86_400_000}))
  const open = new Map<string, Tracked>()
  const complaints = platform.complaints
  const totals: Partial<Record<OutcomeCode, number>> = {}
  const seen = {acknowledged: 0, deaths: 0, repeats: 0, through: 0}

  const note = (record: OutcomeRecord): void => {
    totals[record.outcome] = (totals[record.outcome] ?? 0) + 1
    const tracked = open.get(record.key)
    if (tracked === undefined) return void complaints.push('an outcome of no known event, or long after its end')
    tracked.outcomes.push(record.outcome)
    const code = platform.codes.get(tracked.event.welcomeCode ?? '')
    if (code !== undefined) code.isSettled = true
  }

  const replicas = await Promise.all(
    Array.from({length: plan.replicas}, (_, number) =>
      createReplica({name: `r${number}`, clock, chance, platform, store, share, note, isShared: plan.replicas > 1}),
    ),
  )

  async function deliver(tracked: Tracked): Promise<void> {
    await clock.sleep(1500 * chance() ** 4)
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const replica = replicas[Math.floor(chance() * replicas.length)]
      const startedMs = clock.nowMs()
      const isAnswered = (await replica?.post(tracked.event)) ?? false
      if (isAnswered && clock.nowMs() - startedMs <= ANSWER_WITHIN_MS) return acknowledge(tracked)
      await clock.sleep(Math.max(0, startedMs + ANSWER_WITHIN_MS - clock.nowMs()))
    }
  }

  /** Now and then WeCom repeats what it was answered, to whichever replica. */
  async function acknowledge(tracked: Tracked): Promise<void> {
    if (!tracked.isAcknowledged) seen.acknowledged += 1
    tracked.isAcknowledged = true
    if (chance() > 0.1) return
    seen.repeats += 1
    await clock.sleep(6000 * chance())
    await replicas[Math.floor(chance() * replicas.length)]?.post(tracked.event)
  }

  async function judge(tracked: Tracked): Promise<void> {
    await clock.sleep(JUDGED_AFTER_MS)
    const {outcomes, event, isAcknowledged} = tracked
    if (outcomes.length > 1) complaints.push(`several outcomes of one event: ${outcomes.join(', ')}`)
    if (isAcknowledged && outcomes.length === 0) complaints.push('an acknowledged event without an outcome')
    const code = event.welcomeCode === undefined ? undefined : platform.codes.get(event.welcomeCode)
    if ((code?.said ?? 0) > 1) complaints.push('a code was said twice')
    const [outcome] = outcomes
    if (outcome !== undefined && SAID.has(outcome) && code?.said !== 1)
      complaints.push(`${outcome}, but nobody heard it`)
    open.delete(tracked.key)
    if (event.welcomeCode !== undefined) platform.codes.delete(event.welcomeCode)
    seen.through += 1
  }

  function arrive(number: number): void {
    const nowMs = clock.nowMs()
    const hasCode = chance() < 0.9
    const event: CallbackEvent = {
      corpId: CORP_ID,
      kind: chance() < 0.1 ? 'add_half_external_contact' : 'add_external_contact',
      member: chance() < 0.5 ? 'zhang.san' : 'li.si',
      customer: `wm${number}`,
      createTimeSeconds: Math.floor(nowMs / 1000),
      ...(hasCode && {welcomeCode: `C${number}`}),
    }
    if (hasCode) platform.codes.set(`C${number}`, {bornAtMs: nowMs, said: 0, isInFlight: false, isSettled: false})
    const key = keyedHash(CUSTOMER_KEY, eventText(event))
    const tracked: Tracked = {event, key, isAcknowledged: false, outcomes: []}
    open.set(key, tracked)
    void deliver(tracked)
    void judge(tracked)
  }

  let arrived = 0
  let due = 0
  let nextReport = 0
  while (seen.through < plan.events) {
    due += (plan.perSecond * TICK_MS) / 1000
    for (; due >= 1 && arrived < plan.events; due -= 1) arrive(arrived++)
    await clock.tick()
    for (const replica of replicas)
      if (plan.diesEveryMs !== undefined && arrived < plan.events && fate() < TICK_MS / plan.diesEveryMs) {
        seen.deaths += 1
        void replica.die(DOWN_MS * (0.2 + fate()))
      }
    if (seen.through >= nextReport) {
      plan.onProgress?.(seen.through)
      nextReport += plan.events / 20
    }
  }
  for (const replica of replicas) replica.leave()
  const {acknowledged, deaths, repeats} = seen
  return {acknowledged, deaths, repeats, sends: platform.sends, outcomes: totals, complaints}
}

const PART = {type: 'link', title: '指南', url: 'https://m.hehejj.example/g'}

/** The fake keeps every report it was ever given, a real one the last of each responder; over hours that is all the memory. */
function withLastReports({port, reports}: ReturnType<typeof createFakeStore>): typeof port {
  return {
    ...port,
    writeReport(report) {
      const before = reports.findIndex(({responder}) => responder === report.responder)
      if (before >= 0) reports.splice(before, 1)
      reports.push(report)
      return Promise.resolve()
    },
    readReports: () => Promise.resolve([...reports]),
  }
}

/** One run of a process, and who waits for its answers. */
interface Life {
  isOver: boolean
  readonly endings: Set<() => void>
}

function end(life: Life): void {
  life.isOver = true
  for (const hangUp of life.endings) hangUp()
}

interface ReplicaParts {
  readonly name: string
  readonly clock: TickClock
  readonly chance: () => number
  readonly platform: ReturnType<typeof createStrictPlatform>
  readonly store: ReturnType<typeof createFakeStore>
  readonly share: ReturnType<typeof createMemoryShare>
  readonly isShared: boolean
  note(record: OutcomeRecord): void
}

/** One responder's machine: its disk stays, its process may die at any moment and starts again. */
async function createReplica({name, clock, chance, platform, store, share, isShared, note}: ReplicaParts) {
  const disk = createLightDisk(clock, note)
  let life: Life = {isOver: true, endings: new Set()}
  let responder: Responder | null = null

  async function start(): Promise<void> {
    const mine: Life = {isOver: false, endings: new Set()}
    life = mine
    const next = createResponder({
      ports: {
        // Its loops end with it, or every dead process would be remembered.
        clock: {nowMs: () => clock.nowMs(), sleep: mortal(clock, mine).sleep},
        random: {fraction: chance},
        callback: PLAIN_CALLBACK,
        wecom: mortal(platform.port, mine),
        store: mortal(withLastReports(store), mine),
        disk: mortal(disk, mine),
        ...(isShared && {shared: mortal(share.viewOf(name), mine)}),
        log: {info: () => undefined, warn: () => undefined, error: () => undefined},
        verifyManifest: () => true,
        createGreeter,
      },
      settings: {responder: name, corpId: CORP_ID, customerKey: CUSTOMER_KEY, builtIn: BUILT_IN},
    })
    await next.start()
    if (!mine.isOver) responder = next
  }

  await start()
  return {
    /** Whether it was answered with 200; a dead process answers nothing. */
    async post(event: CallbackEvent): Promise<boolean> {
      const asked = responder
      const mine = life
      if (asked === null) return false
      return new Promise((resolve, reject) => {
        const hangUp = (): void => resolve(false)
        mine.endings.add(hangUp)
        asked.app.inject({method: 'POST', url: '/callback', payload: JSON.stringify(event)}).then(({statusCode}) => {
          mine.endings.delete(hangUp)
          resolve(statusCode === 200 && !mine.isOver)
        }, reject)
      })
    },
    async die(forMs: number): Promise<void> {
      if (responder === null) return
      responder = null
      end(life)
      await clock.sleep(forMs)
      await start()
    },
    leave(): void {
      responder = null
      end(life)
    },
  }
}
