import type {Redis} from 'ioredis'
import {StoreLocked} from '../../core/ports.js'
import {parseChecked, renderChecked} from '../checked-json.js'
import type {Holding} from '../lock-files.js'
import type {NumberedFile, NumberedFiles} from '../numbered-files.js'
import {createScript} from './redis-script.js'

/** Versions in one hash, field by field; `top` is the highest number there ever was, so that a pruned one is not remade. */
export interface NumberedKeys<T> extends NumberedFiles<T> {
  /** 0 when there is none. */
  findTop(): Promise<number>
  /** The same with only its newest number: for appending, which asks for no other. */
  readonly tail: NumberedFiles<T>
  /** The same as it stands now, read at one go. */
  readAll(): Promise<NumberedFiles<T>>
}

/** Where the lock is, and the fence this process holds; `null` before it has held one. */
export interface Fence {
  readonly lockKey: string
  held(): number | null
}

/** For the top of a script: `nil` when this process may write, else the text of the holding that is there instead. */
export const FENCE_LUA = `
local function overtakenBy(lockKey, fence)
  if fence == '' then return nil end
  local top = redis.call('HGET', lockKey, 'top')
  if top == fence and redis.call('HEXISTS', lockKey, top) == 1 then return nil end
  return (top and redis.call('HGET', lockKey, top)) or ''
end
`

const CREATE = `${FENCE_LUA}
local by = overtakenBy(KEYS[2], ARGV[3])
if by then return {'overtaken', by} end
local top = tonumber(redis.call('HGET', KEYS[1], 'top') or '0')
if tonumber(ARGV[1]) <= top or redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then return {'taken'} end
redis.call('HSET', KEYS[1], 'top', ARGV[1])
return {'made'}
`

const REPLACE = `
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) end
`

/** @param fence absent where every process may write */
export function createNumberedKeys<T>(redis: Redis, key: string, fence?: Fence): NumberedKeys<T> {
  const runCreate = createScript(redis, CREATE)
  const runReplace = createScript(redis, REPLACE)
  const toFile = (number: number, text: string): NumberedFile<T> => ({
    ...parseChecked<T>(text),
    number,
    name: String(number),
  })

  async function findTop(): Promise<number> {
    return Number((await redis.hget(key, 'top')) ?? 0)
  }

  async function findNumbers(): Promise<number[]> {
    return numbersOf(await redis.hkeys(key))
  }

  async function read(number: number): Promise<NumberedFile<T> | null> {
    const text = await redis.hget(key, String(number))
    return text === null ? null : toFile(number, text)
  }

  const numbered: NumberedFiles<T> = {
    findNumbers,
    read,
    async *newestFirst() {
      for (const number of (await findNumbers()).reverse()) {
        const file = await read(number)
        if (file) yield file
      }
    },
    async create(number, value) {
      const values = [number, renderChecked(value), fence?.held() ?? '']
      const answer = await runCreate([key, fence?.lockKey ?? key], values)
      return wasMade(answer)
    },
    async replace(number, value) {
      await runReplace([key], [number, renderChecked(value)])
    },
    async prune(keep) {
      const old = (await findNumbers()).slice(0, -keep)
      if (old.length > 0) await redis.hdel(key, ...old.map(String))
    },
  }

  return {
    ...numbered,
    findTop,
    tail: {
      ...numbered,
      findNumbers: async () => [await findTop()].filter((top) => top > 0),
    },
    async readAll() {
      const texts = await redis.hgetall(key)
      return {
        ...numbered,
        findNumbers: () => Promise.resolve(numbersOf(Object.keys(texts))),
        read: (number) => Promise.resolve(texts[number] === undefined ? null : toFile(number, texts[number])),
      }
    },
  }
}

const numbersOf = (fields: readonly string[]): number[] =>
  fields
    .filter((field) => field !== 'top')
    .map(Number)
    .sort((a, b) => a - b)

/** Reads the answer of a fenced write: `true` when it was made, `false` when somebody was faster. */
export function wasMade(answer: unknown): boolean {
  const [what, by] = Array.isArray(answer) ? (answer as unknown[]) : []
  if (what !== 'overtaken') return what === 'made'
  const holding = parseChecked<Holding>(String(by))
  throw new StoreLocked(holding.ok ? holding.value.holder : 'nobody: the lock was removed')
}
