import {applyOnSmallDisk, kibOfStore} from './apply-disk.js'
import {finish, type Finished} from './apply-finish.js'
import type {Ended} from './apply-program.js'
import type {ApplyWorld, PreparedApply} from './apply-world.js'

/** What an undisturbed apply does: calls to WeCom, and KiB that the store grows by. */
export interface Undisturbed {
  readonly calls: number
  readonly kib: number
}

export async function countApply(prepared: PreparedApply): Promise<Undisturbed> {
  return prepared.inCopy(async (world) => {
    const before = kibOfStore(world)
    world.door.watch({})
    const {code, err} = await (await world.startApply()).ended
    if (code !== 0) throw new Error(`an undisturbed apply ended with ${String(code)}: ${err}`)
    return {calls: world.door.calls(), kib: kibOfStore(world) - before}
  })
}

/** Plays one fault in a world of its own and goes on until everything is done. */
export type PlayApply = (world: ApplyWorld) => Promise<Finished>

/** `kill -9` at a call: before it is passed on, or after it was carried out and before its answer is heard. */
export const killAt =
  (at: number, when: 'before' | 'after'): PlayApply =>
  async (world) => {
    const starting = world.startApply()
    world.door.watch({
      async [when](number: number) {
        if (number !== at) return true
        const apply = await starting
        apply.kill('SIGKILL')
        await apply.ended
        return false
      },
    })
    const {code} = await (await starting).ended
    return goOn(world, code === null ? [] : [`was not killed: there was no call ${at}`])
  }

/** A signal while a call is under way: those under way are finished, the rest is named, and nobody is needed. */
export const signalAt =
  (at: number, signal: 'SIGTERM' | 'SIGINT'): PlayApply =>
  async (world) => {
    const starting = world.startApply()
    world.door.watch({
      async before(number) {
        if (number === at) (await starting).kill(signal)
        return true
      },
    })
    const ended = await (await starting).ended
    const counts = countStatuses(ended)
    const isSaid = ended.code === 1 && counts.done > 0 && counts.skipped > 0 && counts.other === 0
    return goOn(world, isSaid ? [] : [`ended with ${String(ended.code)}, ${JSON.stringify(counts)}: ${ended.err}`])
  }

function countStatuses({code, out}: Ended): {done: number; skipped: number; other: number} {
  const steps = code === null ? [] : (JSON.parse(out) as {readonly steps?: readonly {readonly status: string}[]}).steps
  const count = (status: string): number => (steps ?? []).filter((step) => step.status === status).length
  const [done, skipped] = [count('done'), count('skipped')]
  return {done, skipped, other: (steps ?? []).length - done - skipped}
}

/** Two runners begin together; no call is answered before one of them has given up, so that they certainly meet. */
export const twoAtOnce: PlayApply = async (world) => {
  let open = (): void => undefined
  const isOpen = new Promise<boolean>((done) => (open = () => done(true)))
  world.door.watch({before: () => isOpen})
  const both = [await world.startApply(), await world.startApply()]
  await Promise.race(both.map(({ended}) => ended))
  open()
  const [winner, loser] = (await Promise.all(both.map(({ended}) => ended))).sort(
    (a, b) => (a.code ?? -1) - (b.code ?? -1),
  )
  const problems = [
    ...(winner?.code === 0 ? [] : [`the one that held the lock ended with ${String(winner?.code)}: ${winner?.err}`]),
    ...(loser ? notSaidPlainly(loser, '存储正被 ') : ['there was only one']),
  ]
  return goOn(world, problems)
}

/** The store's disk is full after so many KiB; then somebody makes room. */
export const diskFullAfter =
  (freeKib: number): PlayApply =>
  async (world) => {
    world.door.watch({})
    return goOn(world, notSaidPlainly(await applyOnSmallDisk(world, freeKib), '磁盘满了（ENOSPC'))
  }

/** Could not run, in words that a person understands. */
const notSaidPlainly = ({code, err, out}: Ended, words: string): string[] =>
  code === 2 && err.includes(words) && out.includes(words) && !err.includes('\n    at ')
    ? []
    : [`ended with ${String(code)}, expected 2 and "${words}": ${err}`]

async function goOn(world: ApplyWorld, problems: readonly string[]): Promise<Finished> {
  await world.door.idle()
  world.door.watch({})
  const finished = await finish(world)
  return {...finished, problems: [...problems, ...finished.problems]}
}
