import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {ROOT} from '../support/launch.js'

const TEXT = readFileSync(join(ROOT, '.github/SECURITY.md'), 'utf8')
/** Rows of the table of attacks: attack, what stops it, which tests show it. */
const ROWS = (TEXT.split('## What stands against which attack')[1] ?? '')
  .split('\n')
  .filter(
    (line) =>
      line.startsWith('| ') && !line.startsWith('| ---') && !line.startsWith('| attack') && !line.startsWith('| **'),
  )
  .map((line) =>
    line
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1),
  )

describe('the table of attacks', () => {
  it('names for each attack what stops it and which test shows it', () => {
    expect(ROWS.length).toBeGreaterThan(30)
    expect(ROWS.filter(([attack = '', stop = '', test = '']) => attack === '' || stop === '' || test === '')).toEqual(
      [],
    )
  })
  it('names only tests that there are', () => {
    const named = ROWS.flatMap(([, , tests = '']) => [...tests.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
    const lost = [...new Set(named)].filter((name) => {
      const path = join(ROOT, 'test', name)
      if (!existsSync(path)) return true
      return statSync(path).isDirectory() && !readdirSync(path).some((file) => file.endsWith('.test.ts'))
    })
    expect(lost).toEqual([])
  })
})
