import {describe, expect, it} from '@jest/globals'
import {createHolderProcess} from '../../scripts/store/holder-process.js'
import {aStore} from './a-store.js'
import {lockContract} from './contract/lock.js'

lockContract('of a folder', aStore)

describe('who a process is', () => {
  it('a running process is not gone', () => {
    const holders = createHolderProcess()
    expect(holders.isGone(holders.self)).toBe(false)
  })

  it('another process number or start here is gone, another machine is in doubt', () => {
    const holders = createHolderProcess()
    const [place, , start] = JSON.parse(holders.self) as [string, number, string | null]
    expect(holders.isGone(JSON.stringify([place, 4_194_305, start]))).toBe(true)
    if (start !== null) expect(holders.isGone(JSON.stringify([place, process.pid, '1']))).toBe(true)
    expect(holders.isGone(JSON.stringify(['elsewhere', 4_194_305, start]))).toBe(false)
  })
})
