import {afterAll, afterEach, beforeAll} from '@jest/globals'
import nock from 'nock'
import {HOST} from './a-client.js'

/** One `gettoken` answer that hands out this token. */
export const giveToken = (token = 'tok-1', expiresIn = 7200) =>
  nock(HOST)
    .get('/cgi-bin/gettoken')
    .query(true)
    .reply(200, {errcode: 0, errmsg: 'ok', access_token: token, expires_in: expiresIn})

/**
 * Nothing goes out of the process, and a test that left an expected call unmade has failed. The patches are taken back after
 * each file: Node's own http module is shared by the files that follow in this process. (Importing nock patches it already,
 * so files that talk to real servers must not import this one.)
 */
export function isolateNetwork(): void {
  beforeAll(() => {
    if (!nock.isActive()) nock.activate()
    nock.disableNetConnect()
  })
  afterEach(() => {
    const pending = nock.pendingMocks()
    nock.cleanAll()
    if (pending.length > 0) throw new Error(`expected calls were not made: ${pending.join(', ')}`)
  })
  afterAll(() => nock.restore())
}
