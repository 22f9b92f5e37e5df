import type {Alarm} from '../core/respond/alarm-kinds.js'
import type {Tally} from '../core/respond/create-tally.js'
import {ALARM_COUNTER} from '../core/respond/day-totals.js'
import {type AlarmNote, renderAlarms} from '../core/respond/render-alarms.js'
import {describeTrouble, TooLate} from './describe-trouble.js'
import type {ResponderPorts} from './ports.js'
import {runLoop} from './run-loop.js'
import type {ShareKeeper} from './share-keeper.js'
import {withDeadline} from './with-deadline.js'

/** A message to a group robot (WeCom 91770). */
export const MAX_ROBOT_BYTES = 4096
/** A robot takes 20 messages a minute (WeCom 91770); the summary and other programs want some of them. */
export const MESSAGES_APART_MS = 5000
export const ROUND_MS = 5000
export const REPEAT_AFTER_MS = 3_600_000
/** What comes and goes within two minutes is one alarm and not many. */
export const OVER_AFTER_MS = 2 * 60_000
/** Responders notice the same thing within so long of each other; one of them tells it. */
export const TURN_MS = 10 * 60_000
const ROBOT_PATIENCE_MS = 10_000
const STOP_PATIENCE_MS = 2000
/** After a failure the robot is left alone for so long. */
export const RETRY_AFTER_MS = 30_000
/** Notes kept while the robot does not take them; more are counted only. */
export const MAX_WAITING = 200

interface DeskParts {
  readonly ports: Pick<ResponderPorts, 'clock' | 'random' | 'log' | 'tellOperators'>
  readonly share: Pick<ShareKeeper, 'takeTask'>
  readonly tally: Pick<Tally, 'count'>
  /** What is wrong now. */
  readonly find: () => readonly Alarm[]
}

interface Lasting {
  readonly alarm: Alarm
  readonly sinceMs: number
  readonly seenMs: number
  readonly toldMs: number
}

/**
 * Tells the operators what goes wrong: at once, again every hour while it lasts, and when it is over. Everything also goes
 * to the log; a robot that fails or hangs keeps nobody waiting.
 */
export class AlarmDesk {
  private lasting: ReadonlyMap<string, Lasting> = new Map()
  /** Turns of this responder by task: it may tell again what it told itself. */
  private readonly turns = new Map<string, number>()
  private waiting: AlarmNote[] = []
  private dropped = 0
  private mayTellMs = 0
  private telling: Promise<void> | null = null

  constructor(private readonly parts: DeskParts) {}

  /** What lasts now; also what ended less than two minutes ago. */
  get alarms(): readonly Alarm[] {
    return [...this.lasting.values()].map(({alarm}) => alarm)
  }

  /** Rounds until the signal. */
  run(signal: AbortSignal): Promise<void> {
    return runLoop(this.parts.ports, ROUND_MS, signal, () => this.round())
  }

  /** Looks once at what is wrong. Nobody waits for the robot; a look that breaks leaves everything as it was. */
  async round(): Promise<void> {
    const {ports, find, tally} = this.parts
    try {
      await this.compare(new Map(find().map((alarm) => [alarm.key, alarm])))
    } catch (error) {
      tally.count('alarm_failed')
      ports.log.error(describeTrouble(error), 'looking for alarms broke')
    }
    this.tell()
  }

  private async compare(found: ReadonlyMap<string, Alarm>): Promise<void> {
    const nowMs = this.parts.ports.clock.nowMs()
    const next = new Map<string, Lasting>()
    const notes: AlarmNote[] = []
    for (const [key, alarm] of found) {
      const before = this.lasting.get(key)
      const isDue = before === undefined || nowMs - before.toldMs >= REPEAT_AFTER_MS
      next.set(key, {
        alarm,
        sinceMs: before?.sinceMs ?? nowMs,
        seenMs: nowMs,
        toldMs: isDue ? nowMs : before.toldMs,
      })
      if (isDue) notes.push({alarm, what: before === undefined ? 'new' : 'lasts', sinceMs: before?.sinceMs ?? nowMs})
    }
    for (const [key, before] of this.lasting) {
      if (found.has(key)) continue
      if (nowMs - before.seenMs < OVER_AFTER_MS) next.set(key, before)
      else notes.push({alarm: before.alarm, what: 'over', sinceMs: before.sinceMs})
    }
    this.lasting = next
    this.forgetTurns(nowMs)
    for (const note of notes) await this.take(note, nowMs)
  }

  /** Tells what waits if the robot may be asked, but waits for it only a moment: the process has to end. */
  async stop(): Promise<void> {
    await withDeadline(this.parts.ports.clock, STOP_PATIENCE_MS, async () => {
      await this.telling
      this.tell()
      await this.telling
    })
  }

  private async take(note: AlarmNote, nowMs: number): Promise<void> {
    const {log, tellOperators} = this.parts.ports
    const {alarm, what} = note
    const fields = {alarm: alarm.key, level: alarm.level, what}
    if (what === 'over') log.info(fields, `over: ${alarm.says.en}`)
    else log[alarm.level === 'urgent' ? 'error' : 'warn'](fields, `${alarm.says.en}; ${alarm.mend.en}`)
    if (what === 'new') this.parts.tally.count(`${ALARM_COUNTER}${alarm.kind.replaceAll('-', '_')}`)
    if (tellOperators === undefined || !(await this.isOurs(note, nowMs))) return
    this.waiting.push(note)
    const tooMany = this.waiting.length - MAX_WAITING
    if (tooMany <= 0) return
    this.waiting.splice(0, tooMany)
    this.dropped += tooMany
  }

  /** What all see one of them tells; a lost shared state lets each tell, rather than nobody. */
  private async isOurs({alarm, what}: AlarmNote, nowMs: number): Promise<boolean> {
    if (alarm.isOwn) return true
    const task = `alarm${what === 'over' ? '-over' : ''}:${alarm.key}`
    if (this.turns.has(task)) return true
    if (!(await this.parts.share.takeTask(task, TURN_MS))) return false
    this.turns.set(task, nowMs)
    return true
  }

  private forgetTurns(nowMs: number): void {
    for (const [task, sinceMs] of this.turns) if (nowMs - sinceMs >= TURN_MS) this.turns.delete(task)
  }

  private tell(): void {
    const {clock, tellOperators} = this.parts.ports
    if (tellOperators === undefined || this.telling !== null) return
    if (this.waiting.length === 0 || clock.nowMs() < this.mayTellMs) return
    this.telling = this.tellWaiting(tellOperators).finally(() => (this.telling = null))
  }

  private async tellWaiting(tellOperators: NonNullable<ResponderPorts['tellOperators']>): Promise<void> {
    const {clock, log} = this.parts.ports
    const [notes, dropped] = [this.waiting, this.dropped]
    this.waiting = []
    this.dropped = 0
    this.mayTellMs = clock.nowMs() + MESSAGES_APART_MS
    try {
      const markdown = renderAlarms(notes, dropped, clock.nowMs(), MAX_ROBOT_BYTES)
      const told = await withDeadline(clock, ROBOT_PATIENCE_MS, () => tellOperators(markdown))
      if (!told.ended) throw new TooLate(`no answer from the robot in ${ROBOT_PATIENCE_MS} ms`)
    } catch (error) {
      const all = [...notes, ...this.waiting]
      this.waiting = all.slice(-MAX_WAITING)
      this.dropped += dropped + all.length - this.waiting.length
      this.mayTellMs = clock.nowMs() + RETRY_AFTER_MS
      this.parts.tally.count('alarm_failed')
      log.warn(describeTrouble(error), 'the operators could not be told; tried again')
    }
  }
}
