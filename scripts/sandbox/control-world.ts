import type {ControlTable} from './control-door.js'
import {FAULT_KINDS, type Fault} from './faults.js'
import type {Fields} from './fields.js'
import {HOUR_MS, MINUTE_MS} from './frequency.js'
import {PLATFORM_LIMITS} from './limits.js'
import {DEFAULT_SETTINGS} from './settings.js'
import {settleTransfers} from './transfer-settling.js'
import type {AdjustableClock} from './clock.js'
import type {World} from './world.js'
import {ControlMistake, type JsonObject} from './wire.js'

/** Control routes for time, faults, limits and switches. */
export const worldRoutes: ControlTable = {
  'GET /clock': (world) => readClock(world),
  'POST /clock': async (world, body) => {
    const clock = requireClock(world)
    const beforeMs = clock.nowMs()
    const setMs = body.integer('setMs')
    const advanceMs = body.integer('advanceMs')
    const frozen = body.flag('frozen')
    if (frozen === true) clock.freeze()
    if (setMs !== undefined) clock.setMs(setMs)
    if (advanceMs !== undefined) clock.advanceMs(advanceMs)
    if (frozen === false) clock.resume()
    // Calls counted in what is now the future would block for as long as time was turned back.
    if (clock.nowMs() < beforeMs) world.frequency.clear()
    world.touched()
    await settleTransfers(world)
    return readClock(world)
  },
  'GET /faults': (world) => ({faults: world.faults.list()}),
  'POST /faults': (world, body) => {
    const faults = body.has('faults') ? body.objects('faults').map(readFault) : [readFault(body)]
    for (const fault of faults) world.faults.add(fault)
    return {faults: world.faults.list()}
  },
  'DELETE /faults': (world) => {
    world.faults.clear()
    return {faults: []}
  },
  'GET /settings': (world) => world.settings,
  'POST /settings': (world, body) => {
    assignKnown(world.settings, DEFAULT_SETTINGS, body.values, 'setting')
    world.outbox.flushGroup()
    return world.settings
  },
  'GET /limits': (world) => world.limits,
  'POST /limits': (world, body) => {
    assignKnown(world.limits, PLATFORM_LIMITS, body.values, 'limit')
    return world.limits
  },
  'POST /frequency/used': (world, body) => useUp(world, body),
  'POST /frequency/clear': (world) => {
    world.frequency.clear()
    return {}
  },
  'GET /calls': (world) => ({calls: world.counts.read()}),
  'DELETE /calls': (world) => {
    world.counts.clear()
    return {}
  },
}

const USABLE_RULES = {
  corpApiPerMinute: MINUTE_MS,
  corpApiPerHour: HOUR_MS,
  ipApiPerMinute: MINUTE_MS,
  ipApiPerHour: HOUR_MS,
  checkinPerMinute: MINUTE_MS,
  schedulePerMinute: MINUTE_MS,
  operLogPerMinute: MINUTE_MS,
  webhookPerMinute: MINUTE_MS,
} as const

const isUsableRule = (name: string): name is keyof typeof USABLE_RULES => name in USABLE_RULES

/** Counts calls as if they had just been made, so that a limit of thousands can be met with one more call. */
function useUp(world: World, body: Fields): object {
  const rule = body.text('rule') ?? 'corpApiPerMinute'
  if (!isUsableRule(rule)) throw new ControlMistake(`rule is one of ${Object.keys(USABLE_RULES).join(', ')}`)
  const path = normalizePath(body.text('path') ?? '')
  const calls = body.integer('calls') ?? 0
  const ipKey = `ip ${body.text('ip') ?? '127.0.0.1'} ${path}`
  const key =
    rule === 'webhookPerMinute' ? `webhook ${body.text('key') ?? ''}` : rule.startsWith('ip') ? ipKey : `corp ${path}`
  world.frequency.prime(key, {max: world.limits[rule], windowMs: USABLE_RULES[rule]}, calls, world.clock.nowMs())
  return {rule, path, calls}
}

function readClock(world: World): object {
  return world.adjustableClock?.read() ?? {nowMs: world.clock.nowMs(), offsetMs: 0, frozen: false}
}

function requireClock(world: World): AdjustableClock {
  if (world.adjustableClock === undefined)
    throw new ControlMistake('this sandbox runs on a clock given from outside', 409)
  return world.adjustableClock
}

const normalizePath = (path: string): string => (path === '*' || path.startsWith('/') ? path : `/cgi-bin/${path}`)

function readFault(fields: Fields): Fault {
  const kind = FAULT_KINDS.find((known) => known === fields.text('kind'))
  if (kind === undefined) throw new ControlMistake(`kind of a fault is one of ${FAULT_KINDS.join(', ')}`)
  const effect = fields.text('effect') ?? 'none'
  if (effect !== 'none' && effect !== 'done') throw new ControlMistake('effect of a fault is "none" or "done"')
  const nth = fields.integer('nth')
  const next = fields.integer('next')
  return {
    path: normalizePath(fields.text('path') ?? '*'),
    kind,
    effect,
    when: nth !== undefined ? {nth} : next !== undefined ? {next} : 'every',
    errcode: fields.integer('errcode') ?? -1,
    delayMs: fields.integer('delayMs') ?? 0,
    bodyIncludes: fields.text('bodyIncludes') ?? '',
  }
}

/** Sets named switches; an unknown name or a value of another type is a mistake of the caller. */
function assignKnown<T extends object>(target: T, defaults: Readonly<T>, values: JsonObject, what: string): void {
  const known: Record<string, unknown> = {...defaults}
  for (const [name, value] of Object.entries(values)) {
    if (!(name in known))
      throw new ControlMistake(`there is no ${what} "${name}" (known: ${Object.keys(known).join(', ')})`)
    // The settings that may be null are numbers otherwise.
    const fits =
      known[name] === null ? value === null || typeof value === 'number' : typeof value === typeof known[name]
    if (!fits) throw new ControlMistake(`${what} "${name}" must be a ${typeof known[name]}`)
  }
  Object.assign(target, values)
}
