import type {Redis} from 'ioredis'
import {createScript, NOW_LUA} from './redis-script.js'
import {withTroubleTold} from './redis-trouble.js'

/** A window is counted in so many buckets; each stays inside until its own end is a whole window old. */
const BUCKETS = 120

/** As the WeCom client counts calls; the store knows nothing of it, so the shape is told here again. */
export interface SharedSlots {
  /** 0 when a place was taken in every window, else the milliseconds until there may be room. */
  take(lane: string, windows: readonly WindowRule[]): Promise<number>
  /** Nobody takes a place for so long. */
  block(lane: string, ms: number): Promise<void>
}

export interface WindowRule {
  readonly windowMs: number
  /** Calls inside any stretch of `windowMs`. */
  readonly cap: number
}

export interface RedisSlotsOptions {
  readonly prefix: string
  /** Instead of the server's own clock, which is what all share. */
  readonly nowMs?: () => number
}

/*
 * One hash a window: calls by number of bucket, `sum` of all, `first` and `last` number. Every bucket is walked over once
 * when it is left, so a call costs the same however many there were. A clock that was set back counts into the last bucket;
 * one that was set back by more than the window makes what is written down worthless.
 * KEYS blocked, then a hash a window; ARGV now, buckets, then window ms and cap of each. Gives the ms to wait, 0 when taken.
 */
const TAKE = `${NOW_LUA}
local now = nowMs(ARGV[1])
local wait = math.max(0, tonumber(redis.call('GET', KEYS[1]) or '0') - now)
local places = {}
for i = 2, #KEYS do
  local key, window, cap = KEYS[i], tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local width = math.max(1, math.floor(window / ARGV[2]))
  local bucket = math.floor(now / width)
  local kept = redis.call('HMGET', key, 'sum', 'first', 'last')
  local sum, first, last = tonumber(kept[1] or '0'), tonumber(kept[2] or bucket), tonumber(kept[3] or bucket)
  local endsOf = function(number) return (number + 1) * width + window end
  if endsOf(last) <= now or last * width > now + window then
    redis.call('DEL', key)
    sum, first, last = 0, bucket, bucket
  end
  local gone = {}
  while first < bucket and endsOf(first) <= now do
    local count = redis.call('HGET', key, first)
    if count then
      sum = sum - count
      gone[#gone + 1] = first
    end
    first = first + 1
  end
  if #gone > 0 then redis.call('HDEL', key, unpack(gone)) end
  redis.call('HSET', key, 'sum', sum, 'first', first, 'last', last)
  redis.call('PEXPIRE', key, 2 * window + 2 * width)
  if sum >= cap then
    local left, number = sum - cap + 1, first
    while number < last do
      left = left - (redis.call('HGET', key, number) or 0)
      if left <= 0 then break end
      number = number + 1
    end
    wait = math.max(wait, endsOf(number) - now)
  end
  places[#places + 1] = {key, math.max(bucket, last)}
end
if wait > 0 then return math.ceil(wait) end
for _, place in ipairs(places) do
  redis.call('HINCRBY', place[1], place[2], 1)
  redis.call('HINCRBY', place[1], 'sum', 1)
  redis.call('HSET', place[1], 'last', place[2])
end
return 0
`

/** KEYS blocked; ARGV ms, now. The later end stands. */
const BLOCK = `${NOW_LUA}
local ends = nowMs(ARGV[2]) + ARGV[1]
if tonumber(redis.call('GET', KEYS[1]) or '0') < ends then redis.call('SET', KEYS[1], string.format('%.0f', ends), 'PX', ARGV[1]) end
`

/**
 * Counts calls of one API for all processes: in no stretch of a window more than its cap. It is stricter than an exact log
 * by at most one bucket, so a caller may wait up to 1/120 of a window longer. Throws RedisTrouble.
 */
export function createRedisSlots(redis: Redis, {prefix, nowMs}: RedisSlotsOptions): SharedSlots {
  const now = (): number | '' => nowMs?.() ?? ''
  const laneKey = (lane: string, part: string | number): string => `${prefix}slots:${lane}:${part}`
  const runTake = createScript(redis, TAKE)
  const runBlock = createScript(redis, BLOCK)
  const slots: SharedSlots = {
    async take(lane, windows) {
      const keys = [laneKey(lane, 'blocked'), ...windows.map(({windowMs}) => laneKey(lane, windowMs))]
      const values = [now(), BUCKETS, ...windows.flatMap(({windowMs, cap}) => [windowMs, cap])]
      return Number(await runTake(keys, values))
    },
    async block(lane, ms) {
      if (ms > 0) await runBlock([laneKey(lane, 'blocked')], [Math.ceil(ms), now()])
    },
  }
  return withTroubleTold(slots)
}
