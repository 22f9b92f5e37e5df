import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import type {Step} from '../../scripts/core/model/plan.js'
import {
  runSteps,
  type RunOptions,
  type StepReport,
  type StepStatus,
} from '../../scripts/pipeline/apply-steps/run-steps.js'

const aStep = (id: string, needs: readonly string[] = []): Step => ({
  ...{key: `contact-way/${id}`, kind: 'contact-way', id, action: 'update', phase: 'expand'},
  ...{before: null, after: null, needs: needs.map((need) => `contact-way/${need}`), calls: {}},
})

const reportOf = ({key, kind, action}: Step, status: StepStatus = 'done'): StepReport => ({
  ...{key, kind, action, status},
  says: {zh: '说', en: 'said'},
})

/** Runs steps that each take a turn of the event loop; tells what was begun, in order, and how many ran at once. */
async function run(steps: readonly Step[], changes: Partial<RunOptions> = {}, failing: readonly string[] = []) {
  const begun: string[] = []
  let [running, most] = [0, 0]
  const reports = await runSteps(steps, {
    concurrency: 4,
    nowMs: () => 0,
    perform: async (step) => {
      begun.push(step.id)
      most = Math.max(most, (running += 1))
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
      return reportOf(step, failing.includes(step.id) ? 'failed' : 'done')
    },
    ...changes,
  })
  const ended = Object.fromEntries(reports.map(({key, status}) => [key.slice('contact-way/'.length), status]))
  return {begun, most, reports, ended}
}

/** Steps that need some of the earlier ones, any order of which is a plan. */
const plans = fc
  .array(fc.array(fc.nat({max: 40}), {maxLength: 4}), {maxLength: 40})
  .map((needs) =>
    needs.map((earlier, index) => aStep(String(index), earlier.filter((need) => need < index).map(String))),
  )
  .chain((steps) => fc.shuffledSubarray(steps, {minLength: steps.length}))

describe('running steps', () => {
  it('begins each when all it needs are done, and never more than allowed', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.integer({min: 1, max: 9}), fc.array(fc.nat({max: 40})), async (steps, most, bad) => {
        const failing = bad.map(String)
        const done = new Set<string>()
        const ran = await run(
          steps,
          {concurrency: most, onProgress: ({report}) => void (report.status === 'done' && done.add(report.key))},
          failing,
        )
        expect(ran.most).toBeLessThanOrEqual(most)
        expect(ran.reports.map(({key}) => key)).toEqual(steps.map(({key}) => key))
        for (const {id, key, needs} of steps) {
          const isMet = needs.every((need) => done.has(need))
          expect(ran.begun.includes(id)).toBe(isMet)
          expect(ran.ended[id]).toBe(!isMet ? 'skipped' : failing.includes(id) ? 'failed' : 'done')
          expect(done.has(key)).toBe(ran.ended[id] === 'done')
        }
      }),
    )
  })

  it('keeps to the order of the plan among those that may begin', async () => {
    const steps = [aStep('late', ['a']), aStep('a'), aStep('b'), aStep('c')]
    expect((await run(steps, {concurrency: 1})).begun).toEqual(['a', 'late', 'b', 'c'])
  })

  it('counts a need as met that is not among the steps', async () => {
    expect((await run([aStep('a', ['elsewhere'])])).ended).toEqual({a: 'done'})
  })

  it('names what was not done to each that needed it', async () => {
    const {reports} = await run([aStep('a'), aStep('b'), aStep('c', ['b', 'a'])], {}, ['a'])
    expect(reports.at(-1)?.says.en).toBe('not begun: "contact-way/a", which it needs, was not done')
  })

  it('leaves out steps that need each other, and ends', async () => {
    expect((await run([aStep('a', ['b']), aStep('b', ['a']), aStep('c')])).ended).toEqual({c: 'done'})
  })

  it('begins nothing after an abort, finishes what runs and reports the rest as not begun', async () => {
    const stop = new AbortController()
    const {begun, ended} = await run([aStep('a'), aStep('b'), aStep('c'), aStep('d', ['c'])], {
      concurrency: 2,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    })
    expect(begun).toEqual(['a', 'b'])
    expect(ended).toEqual({a: 'done', b: 'done', c: 'skipped', d: 'skipped'})
  })

  it('throws on what a step throws, after those under way have finished', async () => {
    const finished: string[] = []
    const failed = runSteps([aStep('a'), aStep('b'), aStep('c')], {
      concurrency: 2,
      nowMs: () => 0,
      perform: async (step) => {
        if (step.id === 'a') throw new Error('the disk is full')
        await new Promise((resolve) => setImmediate(resolve))
        finished.push(step.id)
        return reportOf(step)
      },
    })
    await expect(failed).rejects.toThrow('the disk is full')
    expect(finished).toEqual(['b'])
  })

  it('looks at each need a few times at most, however many steps there are', async () => {
    let looks = 0
    const many = 3000
    const steps = Array.from({length: many}, (_, index) => aStep(String(index)))
    const needs = steps.map(({key}) => key)
    const counted = new Proxy(needs, {
      get: (target, name, receiver): unknown => {
        if (typeof name === 'string' && /^\d+$/.test(name)) looks += 1
        return Reflect.get(target, name, receiver)
      },
    })
    const {ended} = await run([...steps, {...aStep('last'), needs: counted}])
    expect(ended['last']).toBe('done')
    expect(looks).toBeLessThan(4 * many)
  })
})
