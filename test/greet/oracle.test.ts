import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {createGreeter} from '../../scripts/core/greet/create-greeter.js'
import type {Choice} from '../../scripts/core/model/choice.js'
import {assembleDirectory, assembleRelease} from '../../scripts/core/release/assemble-release.js'
import {type Answer, choosePlainly} from './oracle.js'
import {anyQuestion, anyWorld, configOfWorld} from './worlds.js'

/** `YINGBIN_ORACLE_RUNS=200000` makes a longer run; a failure prints its seed. */
const numRuns = Number(process.env['YINGBIN_ORACLE_RUNS'] ?? 10_000)

const answerOf = ({level, template, silent, notices}: Choice): Answer => ({
  level,
  says: silent ? 'silent' : (template ?? 'built-in'),
  ties: notices.includes('ambiguous') ? 1 : 0,
})

describe('choosing, against a second implementation written from the documents alone', () => {
  it('agrees on the level, on what is said and on whether there was a tie', () => {
    const seen = {levels: new Map<string, number>(), ties: 0, silent: 0}
    fc.assert(
      fc.property(anyWorld, fc.array(anyQuestion, {minLength: 3, maxLength: 5}), (world, questions) => {
        const config = configOfWorld(world)
        const greeter = createGreeter(assembleRelease(config), assembleDirectory(config))
        for (const question of questions) {
          const plain = choosePlainly(world, question)
          expect(answerOf(greeter.choose(question))).toEqual({...plain, ties: Math.min(1, plain.ties)})
          seen.levels.set(plain.level, (seen.levels.get(plain.level) ?? 0) + 1)
          seen.ties += Math.min(1, plain.ties)
          seen.silent += plain.says === 'silent' ? 1 : 0
        }
      }),
      {numRuns},
    )
    // A generator that never reaches a level would prove nothing about it.
    for (const level of ['leaver', 'channel', 'member', 'role', 'department', 'everybody', 'built-in'])
      expect([level, (seen.levels.get(level) ?? 0) > numRuns / 50]).toEqual([level, true])
    expect(seen.ties).toBeGreaterThan(numRuns / 50)
    expect(seen.silent).toBeGreaterThan(numRuns / 50)
  }, 600_000)
})
