import {expect, it} from '@jest/globals'
import {APPS, MINI_PROGRAM, aPicture, CORPID, startPlayground, textOf} from './playground.js'
import {elementOf, startReceiver} from './receiver.js'

it('a customer scans a code, the responder answers with text and attachments, and a second answer comes too late', async () => {
  const world = await startPlayground()
  const answers: unknown[] = []
  const cover = textOf(await world.upload('media/upload', {type: 'image'}, aPicture(64)), 'media_id')
  const picture = textOf(await world.upload('media/uploadimg', {}, aPicture(64)), 'url')
  const receiver = await startReceiver(async ({plaintext}) => {
    const external_userid = elementOf(plaintext, 'ExternalUserID') ?? ''
    const customer = (await world.get('externalcontact/get', {external_userid}))['external_contact'] as {name: string}
    const welcome = {
      welcome_code: elementOf(plaintext, 'WelcomeCode'),
      text: {content: `${customer.name}您好，欢迎来到春季活动。`},
      attachments: [
        {msgtype: 'image', image: {pic_url: picture}},
        {msgtype: 'link', link: {title: '新客礼', url: 'https://m.hehejj.example/guide'}},
        {
          msgtype: 'miniprogram',
          miniprogram: {title: '商城', pic_media_id: cover, appid: MINI_PROGRAM, page: 'pages/index'},
        },
      ],
    }
    answers.push((await world.post('externalcontact/send_welcome_msg', welcome)).errcode)
    answers.push((await world.post('externalcontact/send_welcome_msg', welcome)).errcode)
  })
  await world.control('/apps', {apps: [{...APPS[0], callback: receiver.callback}]})

  const way = await world.post('externalcontact/add_contact_way', {
    type: 2,
    scene: 2,
    party: [7],
    state: 'rc-spring',
    remark: 'spring',
  })
  expect(way).toMatchObject({errcode: 0, qr_code: expect.stringMatching(/^https:/)})
  await world.control('/customers/add', {config_id: way['config_id'], external_userid: 'wmTEST1', name: '小王'})
  while (answers.length < 2) await new Promise((resolve) => setImmediate(resolve))

  expect(answers).toEqual([0, 41051])
  expect(receiver.field(0, 'State')).toBe('rc-spring')
  expect(receiver.field(0, 'ToUserName')).toBe(CORPID)
  expect(await world.read('/welcomes?external_userid=wmTEST1')).toMatchObject({
    welcomes: [
      {
        text: '小王您好，欢迎来到春季活动。',
        state: 'rc-spring',
        attachments: [{msgtype: 'image'}, {msgtype: 'link'}, {msgtype: 'miniprogram'}],
      },
    ],
  })
  await world.close()
  await receiver.close()
})
