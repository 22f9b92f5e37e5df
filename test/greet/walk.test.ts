import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {createGreeter, type Greeter} from '../../scripts/core/greet/create-greeter.js'
import type {Choice} from '../../scripts/core/model/choice.js'
import {assembleDirectory, assembleRelease} from '../../scripts/core/release/assemble-release.js'
import {type Answer, choosePlainly, type Question, type World} from './oracle.js'
import {anyQuestion, anyWorld, configOfWorld, MEMBERS, STATES} from './worlds.js'

const DAY_MS = 86_400_000

const greeterOf = (world: World): Greeter => {
  const config = configOfWorld(world)
  return createGreeter(assembleRelease(config), assembleDirectory(config))
}

const saidIn = ({level, silent, template, notices}: Choice): string =>
  `${level} ${silent ? 'silent' : (template ?? 'built-in')} ${notices.includes('ambiguous') ? 'tied' : ''}`

const plainly = (world: World, question: Question): string => {
  const {level, says, ties}: Answer = choosePlainly(world, question)
  return `${level} ${says} ${ties > 0 ? 'tied' : ''}`
}

describe('walking over time', () => {
  it('misses no change: between two steps the second implementation says the same at every instant', () => {
    const moments = fc.array(fc.integer({min: 0, max: 9 * DAY_MS}), {minLength: 4, maxLength: 8})
    fc.assert(
      fc.property(anyWorld, anyQuestion, moments, (world, question, offsets) => {
        const untilMs = question.atMs + 9 * DAY_MS
        const steps = [...greeterOf(world).choicesUntil(question, untilMs)]
        const edges = steps.map(({atMs}) => atMs)
        expect(edges[0]).toBe(question.atMs)
        const near = edges.slice(0, 12).flatMap((edge) => [edge - 1, edge, edge + 1])
        for (const atMs of [...near, ...offsets.map((offset) => question.atMs + offset)]) {
          if (atMs < question.atMs || atMs >= untilMs) continue
          const step = steps.findLast((one) => one.atMs <= atMs)
          if (!step) throw new Error('no step')
          expect({atMs, says: saidIn(step)}).toEqual({atMs, says: plainly(world, {...question, atMs})})
        }
      }),
      {numRuns: 400},
    )
  }, 300_000)

  it('remembers nothing wrong: one greeter asked about everybody through every code agrees, whatever it was asked before', () => {
    const asked = fc.shuffledSubarray(
      MEMBERS.flatMap((member) => STATES.map((state) => ({member, state}))),
      {minLength: 28},
    )
    const times = fc.array(anyQuestion, {minLength: 2, maxLength: 2})
    fc.assert(
      fc.property(anyWorld, asked, times, (world, all, moments) => {
        const greeter = greeterOf(world)
        for (const {atMs, onDuty} of moments)
          for (const {member, state} of all) {
            const question = {member, atMs, state, ...(onDuty === undefined ? {} : {onDuty})}
            const says = saidIn(greeter.choose(question))
            expect({...question, says}).toEqual({...question, says: plainly(world, question)})
          }
      }),
      {numRuns: 250},
    )
  }, 300_000)

  it('gives equal lanes equal answers', () => {
    fc.assert(
      fc.property(anyWorld, anyQuestion, (world, question) => {
        const greeter = greeterOf(world)
        const lanes = new Map<string, string>()
        for (const member of MEMBERS)
          for (const state of STATES) {
            const query = {...question, member, state}
            const {key} = greeter.laneOf(query)
            const {level, template, silent, schedule} = greeter.choose(query)
            const answer = JSON.stringify([level, template, silent, schedule])
            expect(lanes.get(key) ?? answer).toBe(answer)
            lanes.set(key, answer)
          }
        expect(lanes.size).toBeGreaterThan(0)
      }),
      {numRuns: 500},
    )
  }, 300_000)
})
