import {afterEach, describe, expect, it} from '@jest/globals'
import type {WeComWriter} from '../../scripts/core/ports.js'
import {createWeComClient} from '../../scripts/wecom/client.js'
import {createWeComWriter} from '../../scripts/wecom/create-wecom-writer.js'
import {CORPID, SECRETS, startPlayground, type Playground} from '../sandbox/playground.js'
import {aChannel, type ConfigParts} from './a-config.js'
import {ApplyWorld} from './apply-world.js'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
).toString('latin1')

const SHOP: ConfigParts = {
  departments: [{path: '/总部/门店', id: 7}],
  members: [
    {id: 'lina', departments: ['/总部/门店']},
    {id: 'WangWei', departments: ['/总部']},
  ],
  channels: {a: aChannel({state: 'a', staff: {members: ['lina']}, tags: ['来源/门店', '来源/地推']})},
  groupWelcomes: {
    vip: {title: 'v', text: '欢迎[客户昵称]', attachment: {type: 'file', file: 'assets/rules.pdf', name: '群规.pdf'}},
  },
  roles: {销冠: {may: ['send-link'], wecomTag: '销冠'}},
  grants: [{role: '销冠', to: ['member:lina'], until: '2027-06-30', ticket: 'OA-1'}],
  assets: {'assets/rules.pdf': 'some rules of the group'},
}

const AGENT = 1000002
let close: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const each of close) await each()
  close = []
})

async function setUp(): Promise<{world: ApplyWorld; playground: Playground; writer: WeComWriter}> {
  const playground = await startPlayground()
  const world = new ApplyWorld()
  const client = createWeComClient({
    baseUrl: playground.url,
    corpId: CORPID,
    agentId: AGENT,
    secret: SECRETS[AGENT] ?? '',
    clock: world.clock,
    random: () => 0.5,
    onWarning: () => undefined,
    timeoutMs: 5000,
  })
  close.push(
    async () => client.close(),
    () => playground.close(),
  )
  const writer = createWeComWriter(client)
  world.writer = writer
  return {world, playground, writer}
}

describe('apply against the sandbox over the wire', () => {
  it('makes, changes and deletes everything, and comes to rest after each', async () => {
    const {world, writer} = await setUp()
    expect(await world.ship(SHOP)).toMatchObject({kind: 'ran', isComplete: true})
    expect((await world.plan(SHOP)).plan.steps).toEqual([])
    const [configId = ''] = await writer.listContactWays(0)
    expect(await writer.getContactWay(configId)).toMatchObject({type: 2, state: 'a', users: ['lina'], parties: []})
    expect((await writer.listCorpTags()).map(({group, name}) => `${group}/${name}`).sort()).toEqual([
      '来源/地推',
      '来源/门店',
    ])
    const [tag] = await writer.listMemberTags()
    expect(await writer.getMemberTagUsers(tag?.id ?? 0)).toEqual(['lina'])

    const changed: ConfigParts = {
      ...SHOP,
      channels: {b: aChannel({state: 'b', staff: {members: ['lina', 'WangWei']}, was: 'a'})},
      groupWelcomes: {vip: {title: 'v', text: '你好[客户昵称]'}},
      grants: [{role: '销冠', to: ['member:WangWei'], until: '2027-06-30', ticket: 'OA-1'}],
    }
    expect(await world.ship(changed)).toMatchObject({kind: 'ran', isComplete: true})
    expect(await writer.listContactWays(0)).toEqual([configId])
    expect(await writer.getContactWay(configId)).toMatchObject({state: 'b', users: ['WangWei', 'lina']})
    expect(await writer.getMemberTagUsers(tag?.id ?? 0)).toEqual(['WangWei'])
    expect((await world.plan(changed)).plan.steps).toEqual([])

    expect(await world.ship({})).toMatchObject({kind: 'ran', isComplete: true})
    expect(await writer.listContactWays(0)).toEqual([])
    expect(await writer.getContactWay(configId)).toBeNull()
  })

  it.each(['done', 'none'] as const)('an answer cut off (carried out: %s) leaves one contact way', async (effect) => {
    const {world, playground, writer} = await setUp()
    const path = '/cgi-bin/externalcontact/add_contact_way'
    await playground.control('/faults', {path, kind: 'reset', effect, next: 1})
    expect(await world.ship(SHOP)).toMatchObject({kind: 'ran', isComplete: true})
    expect(await writer.listContactWays(0)).toHaveLength(1)
    expect((await world.plan(SHOP)).plan.steps).toEqual([])
  })

  it('a member without customer contact is refused with WeCom’s own code, and the rest goes on', async () => {
    const {world} = await setUp()
    const channels = {
      a: aChannel({state: 'a', staff: {members: ['plain']}}),
      b: aChannel({state: 'b', staff: {members: ['lina']}}),
    }
    const outcome = await world.ship({...SHOP, channels})
    const failed = outcome.kind === 'ran' ? outcome.reports.filter(({status}) => status === 'failed') : []
    expect(failed).toMatchObject([{key: 'contact-way/a', errcode: 84074}])
  })

  it('a picture gets a URL that never expires', async () => {
    const {writer} = await setUp()
    const bytes = Buffer.from(PNG, 'latin1')
    expect(await writer.uploadPicture({bytes, name: 'a.png', mime: 'image/png'})).toMatch(/^https?:/)
    expect(await writer.uploadMedia('image', {bytes, name: 'a.png', mime: 'image/png'})).not.toBe('')
  })
})
