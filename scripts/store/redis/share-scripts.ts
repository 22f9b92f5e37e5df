import {NOW_LUA} from './redis-script.js'

/*
 * Keys of one event: who has it (`open:NAME` or `done:NAME`), what is kept of it (the event, after its end the outcome), and
 * its place in the one list of open events by the end of its lease.
 */

/** KEYS claim, work, open; ARGV name, key, event, lease ms, kept ms, now. Gives `mine`, `others` or `done` with the outcome. */
export const CLAIM = `${NOW_LUA}
local now = nowMs(ARGV[6])
local mine = 'open:' .. ARGV[1]
local holder = redis.call('GET', KEYS[1])
if holder == 'done:' .. ARGV[1] then return {'done', redis.call('GET', KEYS[2]) or ''} end
if holder and string.sub(holder, 1, 5) == 'done:' then return {'done', ''} end
if holder and holder ~= mine then
  local ends = redis.call('ZSCORE', KEYS[3], ARGV[2])
  if ends and tonumber(ends) > now then return {'others'} end
end
redis.call('SET', KEYS[1], mine, 'PX', ARGV[5])
redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[5])
redis.call('ZADD', KEYS[3], now + ARGV[4], ARGV[2])
return {'mine'}
`

/** KEYS open, then a claim each; ARGV name, lease ms, now, then a key each. */
export const RENEW = `${NOW_LUA}
local ends = nowMs(ARGV[3]) + ARGV[2]
local mine = 'open:' .. ARGV[1]
for i = 2, #KEYS do
  if redis.call('GET', KEYS[i]) == mine then redis.call('ZADD', KEYS[1], ends, ARGV[i + 2]) end
end
`

/**
 * KEYS claim, work, open; ARGV name, key, outcome, kept ms, outcome kept ms. Gives 1 when this responder's outcome counts.
 * An event that nobody holds any more is ended by the first who says so; a second word of the same one changes nothing.
 */
export const FINISH = `
local holder = redis.call('GET', KEYS[1])
if holder == 'done:' .. ARGV[1] then return 1 end
if holder and holder ~= 'open:' .. ARGV[1] then return 0 end
redis.call('SET', KEYS[1], 'done:' .. ARGV[1], 'PX', ARGV[4])
redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[5])
redis.call('ZREM', KEYS[3], ARGV[2])
return 1
`

/**
 * KEYS open, then claim and work of each; ARGV name, then a key each. Ends what stands open under our name too: the word of
 * its end got lost, and its outcome is on our disk.
 */
export const SETTLE = `
for i = 2, #KEYS, 2 do
  local holder = redis.call('GET', KEYS[i])
  if holder == 'open:' .. ARGV[1] then
    redis.call('SET', KEYS[i], 'done:' .. ARGV[1], 'KEEPTTL')
    redis.call('ZREM', KEYS[1], ARGV[i / 2 + 1])
    redis.call('DEL', KEYS[i + 1])
  elseif holder == 'done:' .. ARGV[1] then
    redis.call('DEL', KEYS[i + 1])
  end
end
`

/** KEYS open; ARGV name, prefix of claims, prefix of works, most, lease ms, kept ms, now. Gives the kept events. */
export const TAKE_LAPSED = `${NOW_LUA}
local now = nowMs(ARGV[7])
local taken = {}
local lapsed = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[4])
for _, key in ipairs(lapsed) do
  local holder = redis.call('GET', ARGV[2] .. key)
  local work = redis.call('GET', ARGV[3] .. key)
  if holder and work and string.sub(holder, 1, 5) == 'open:' then
    redis.call('SET', ARGV[2] .. key, 'open:' .. ARGV[1], 'PX', ARGV[6])
    redis.call('PEXPIRE', ARGV[3] .. key, ARGV[6])
    redis.call('ZADD', KEYS[1], now + ARGV[5], key)
    taken[#taken + 1] = work
  else
    redis.call('ZREM', KEYS[1], key)
  end
end
return taken
`

/** KEYS exposed; ARGV person, most people, kept ms. Gives 1 for who is in, or gets in. */
export const ADMIT = `
if redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 0 then
  if redis.call('SCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
  redis.call('SADD', KEYS[1], ARGV[1])
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
`
