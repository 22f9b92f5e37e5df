import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {startDocument} from '../support/a-config.js'
import type {WeComClient} from '../../scripts/wecom/client.js'
import {type Company, NORTH, startCompany, ZHANG} from './a-company.js'

const organization = startDocument<{members: readonly object[]}>('organization.yaml')
const [zhang, ...others] = organization.members

const CHANGES = {
  'enterprise.yaml': {...startDocument('enterprise.yaml'), greet: {successor: 'bye'}},
  'organization.yaml': {
    ...organization,
    members: [{...zhang, roles: ['销冠'], attributes: {星级: 3}}, ...others],
    transfers: [
      {
        member: 'wang.dian',
        to: '/总部/华北区',
        from: '2026-11-01T00:00:00+08:00',
        until: '2026-12-01T00:00:00+08:00',
      },
    ],
  },
  'templates/south.yaml': {title: '南', text: '华南您好'},
  'templates/north.yaml': {title: '北', text: '华北您好'},
  'templates/best.yaml': {title: '销冠', text: '销冠为您服务'},
  'templates/bye.yaml': {title: '接替', text: '以后由[接替人姓名]为您服务'},
  'schedules/south.yaml': {title: '南', audience: {departments: ['/总部/华南区']}, template: 'south'},
  'schedules/north.yaml': {title: '北', audience: {departments: ['/总部/华北区']}, template: 'north'},
  'schedules/best.yaml': {title: '销冠', audience: {roles: ['销冠']}, template: 'best'},
}

/** The first tag of the sandbox. */
const BEST_TAG = 1

async function tagZhang(client: WeComClient): Promise<void> {
  await client.sendTagHolders(await client.sendMemberTag('销冠'), [ZHANG.userid])
}

describe('a move in WeCom changes the answer with no pull request', () => {
  let company: Company

  beforeEach(async () => {
    company = await startCompany({changes: CHANGES}, {prepare: tagZhang})
  })
  afterEach(() => company.close())

  const untag = async () => {
    await company.client.sendTagRemovals(BEST_TAG, [ZHANG.userid])
    await company.tell('update_tag', {TagId: BEST_TAG, DelUserItems: ZHANG.userid})
    await company.untilRead('live_directory_read')
  }

  it('to another department, after a tag is taken away', async () => {
    expect(await company.greet('wm1')).toBe('销冠为您服务')
    await untag()
    expect(await company.greet('wm2')).toBe('华南您好')
    await company.sandbox.control('/members', {members: [{...ZHANG, department: [NORTH]}]})
    await company.tell('update_user', {UserID: ZHANG.userid, Department: NORTH})
    await company.untilRead('live_directory_read')
    expect(await company.greet('wm3')).toBe('华北您好')
  })

  it('by an event of the app alone, for somebody who comes', async () => {
    await company.sandbox.control('/members', {members: [{userid: 'new.one', name: '新人', department: [NORTH]}]})
    await company.untilRead('live_directory_read')
    expect(await company.greet('wm1', 'new.one')).toBe('华北您好')
    expect(company.world.counter('event_subscribe')).toBe(1)
  })

  it('to his successor, once he is disabled', async () => {
    await company.sandbox.control('/members', {members: [{...ZHANG, status: 2}]})
    await company.tell('update_user', {UserID: ZHANG.userid, Status: 2})
    await company.untilRead('live_directory_read')
    // The sandbox refuses to send in the name of somebody disabled; what would be said is decided.
    await company.greet('wm1')
    expect(company.world.lastOutcome()).toMatchObject({template: 'bye'})
  })

  it('to his successor, once he has left, and it stays so', async () => {
    await company.sandbox.control('/members/leave', {userids: [ZHANG.userid]})
    await company.untilRead('live_directory_read')
    await company.untilRead('live_directory_read')
    expect(company.world.counter('event_unsubscribe')).toBe(1)
    // The sandbox lets nobody add a leaver; the code of an add that was under way is spent by now.
    await company.world.deliver({member: ZHANG.userid, customer: 'wm1', code: 'SPENT'})
    await company.world.responder.drain()
    expect(company.world.lastOutcome()).toMatchObject({template: 'bye'})
  })

  it('but not while a transfer with dates lasts: it wins over the live department', async () => {
    expect(await company.greet('wm1', 'wang.dian')).toBe('华北您好')
  })

  it('and what the app cannot see any more stays as the release has it', async () => {
    await untag()
    await company.sandbox.control('/apps/visible-range', {
      agentid: 1000002,
      users: ['wang.dian'],
      departments: [],
      tags: [],
    })
    await company.untilRead('live_directory_read')
    await company.world.deliver({member: ZHANG.userid, customer: 'wm1', code: 'CODE'})
    await company.world.responder.drain()
    expect(company.world.lastOutcome()).toMatchObject({template: 'best'})
  })
})
