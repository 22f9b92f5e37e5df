import {execFile} from 'node:child_process'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {describe, expect, it} from '@jest/globals'
import {aStore} from './a-store.js'

const SCRIPT = fileURLToPath(new URL('./count-up.ts', import.meta.url))
const TIMES = 15

describe('several processes on one folder', () => {
  it('lose no write and fork no chain', async () => {
    const {folder, store} = aStore()
    const run = (name: string) =>
      promisify(execFile)(process.execPath, ['--import', 'tsx', SCRIPT, folder, name, String(TIMES)])
    await Promise.all(['a', 'b', 'c'].map(run))
    const state = await store.readState()
    expect(state.serial).toBe(3 * TIMES)
    expect(new Set(state.quarantined).size).toBe(3 * TIMES)
    expect(await store.readAudit()).toHaveLength(3 * TIMES)
  })
})
