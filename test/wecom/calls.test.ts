import {describe, expect, it} from '@jest/globals'
import nock from 'nock'
import {aClient, errorOf, refusal, START_MS, TestClock, HOST} from './a-client.js'
import {giveToken, isolateNetwork} from './a-network.js'

isolateNetwork()

const ok = {errcode: 0, errmsg: 'ok'}
const CONTACT = '/cgi-bin/externalcontact'
const get = (path: string, query: Record<string, string> = {}) =>
  nock(HOST)
    .get(`/cgi-bin/${path}`)
    .query({access_token: 'tok-1', ...query})
const post = (path: string, body?: object) => {
  const scope = nock(HOST)
  const call = body === undefined ? scope.post(path) : scope.post(path, (sent: unknown) => matches(sent, body))
  return call.query({access_token: 'tok-1'})
}
const matches = (sent: unknown, wanted: object): boolean => {
  expect(sent).toEqual(wanted)
  return true
}
const client = () => {
  giveToken()
  return aClient().client
}

describe('the directory', () => {
  it('reads departments with their leaders', async () => {
    get('department/list').reply(200, {
      department: [{id: 7, name: '华南区', parentid: 1, order: 10, department_leader: ['boss']}],
    })
    expect(await client().fetchDepartments()).toEqual([
      {id: 7, name: '华南区', parentId: 1, order: 10, leaders: ['boss']},
    ])
  })

  it('reads a member without the fields newer apps do not get', async () => {
    get('user/get', {userid: 'lina'}).reply(200, {
      ...ok,
      userid: 'lina',
      name: '李娜',
      department: [7, 9],
      position: '顾问',
      is_leader_in_dept: [1, 0],
      direct_leader: ['boss'],
      main_department: 7,
      status: 1,
      extattr: {
        attrs: [
          {type: 0, name: '星级', text: {value: '3'}},
          {type: 1, name: '主页', web: {url: 'https://a.example'}},
        ],
      },
    })
    expect(await client().fetchMember('lina')).toEqual({
      userId: 'lina',
      name: '李娜',
      departmentIds: [7, 9],
      mainDepartmentId: 7,
      isLeaderIn: [7],
      directLeaders: ['boss'],
      position: '顾问',
      status: 1,
      attributes: {星级: '3', 主页: 'https://a.example'},
    })
  })

  it('reads the members of one department', async () => {
    get('user/list', {department_id: '7'}).reply(200, {...ok, userlist: [{userid: 'lina', department: [7]}]})
    expect(await client().fetchDepartmentMembers(7)).toMatchObject([{userId: 'lina', mainDepartmentId: 7}])
  })

  it('reads who may greet, and the visible range of the app', async () => {
    get('externalcontact/get_follow_user_list').reply(200, {...ok, follow_user: ['lina', 'wangwei']})
    get('agent/get', {agentid: '1000002'}).reply(200, {
      ...ok,
      agentid: 1000002,
      name: '欢迎语',
      allow_userinfos: {user: [{userid: 'lina'}]},
      allow_partys: {partyid: [7]},
      allow_tags: {tagid: [3]},
      close: 1,
    })
    const one = client()
    expect(await one.fetchFollowUsers()).toEqual(['lina', 'wangwei'])
    expect(await one.fetchAgent()).toEqual({
      agentId: 1000002,
      name: '欢迎语',
      closed: true,
      userIds: ['lina'],
      departmentIds: [7],
      tagIds: [3],
    })
  })
})

describe('tags of members', () => {
  it('are listed, read, made, given and taken', async () => {
    get('tag/list').reply(200, {...ok, taglist: [{tagid: 3, tagname: '销冠'}]})
    get('tag/get', {tagid: '3'}).reply(200, {...ok, tagname: '销冠', userlist: [{userid: 'lina'}], partylist: [7]})
    post('/cgi-bin/tag/create', {tagname: '销冠'}).reply(200, {...ok, tagid: 12})
    post('/cgi-bin/tag/addtagusers', {tagid: 3, userlist: ['lina', 'ghost1']}).reply(200, {
      ...ok,
      invalidlist: 'ghost1|ghost2',
      invalidparty: [99],
    })
    post('/cgi-bin/tag/deltagusers', {tagid: 3, userlist: ['lina']}).reply(200, ok)
    const one = client()
    expect(await one.fetchMemberTags()).toEqual([{tagId: 3, name: '销冠'}])
    expect(await one.fetchTagHolders(3)).toEqual({name: '销冠', userIds: ['lina'], departmentIds: [7]})
    expect(await one.sendMemberTag('销冠')).toBe(12)
    expect(await one.sendTagHolders(3, ['lina', 'ghost1'])).toEqual({
      invalidUserIds: ['ghost1', 'ghost2'],
      invalidDepartmentIds: [99],
    })
    expect(await one.sendTagRemovals(3, ['lina'])).toEqual({invalidUserIds: [], invalidDepartmentIds: []})
  })

  it('a tag made without an id in the answer is an open outcome', async () => {
    post('/cgi-bin/tag/create').reply(200, ok)
    expect(await errorOf(client().sendMemberTag('销冠'))).toMatchObject({name: 'AmbiguousOutcome', call: 'tag/create'})
  })
})

describe('contact ways', () => {
  const draft = {
    type: 2,
    scene: 2,
    remark: 'spring',
    skipVerify: true,
    state: 'rc-spring',
    userIds: ['lina'],
    departmentIds: [7],
  } as const

  it('are made with the fields of the page', async () => {
    const body = {
      type: 2,
      scene: 2,
      remark: 'spring',
      skip_verify: true,
      state: 'rc-spring',
      user: ['lina'],
      party: [7],
    }
    post(`${CONTACT}/add_contact_way`, body).reply(200, {...ok, config_id: 'cfg1', qr_code: 'https://qr.example/1'})
    expect(await client().sendContactWay(draft)).toEqual({configId: 'cfg1', qrCode: 'https://qr.example/1'})
  })

  it('are read back', async () => {
    post(`${CONTACT}/get_contact_way`, {config_id: 'cfg1'}).reply(200, {
      ...ok,
      contact_way: {
        config_id: 'cfg1',
        type: 2,
        scene: 2,
        remark: 'spring',
        skip_verify: false,
        state: 's',
        user: ['lina'],
        party: [7],
      },
    })
    expect(await client().fetchContactWay('cfg1')).toMatchObject({
      configId: 'cfg1',
      skipVerify: false,
      userIds: ['lina'],
      departmentIds: [7],
      isTemporary: false,
    })
  })

  it('are listed from the first day the platform lists, over all pages, also when a page is short', async () => {
    const span = {start_time: 1_625_846_400, end_time: START_MS / 1000, limit: 1000}
    post(`${CONTACT}/list_contact_way`, span).reply(200, {...ok, contact_way: [{config_id: 'a'}], next_cursor: 'c1'})
    post(`${CONTACT}/list_contact_way`, {...span, cursor: 'c1'}).reply(200, {...ok, contact_way: [], next_cursor: 'c2'})
    const last = {...ok, contact_way: [{config_id: 'b'}], next_cursor: ''}
    post(`${CONTACT}/list_contact_way`, {...span, cursor: 'c2'}).reply(200, last)
    expect(await client().fetchContactWayIds()).toEqual(['a', 'b'])
  })

  it('a cursor that comes back ends the reading instead of looping', async () => {
    post(`${CONTACT}/list_contact_way`)
      .times(2)
      .reply(200, {...ok, contact_way: [], next_cursor: 'same'})
    expect(await errorOf(client().fetchContactWayIds())).toMatchObject({
      reason: 'malformed',
      symptom: 'repeated cursor',
    })
  })

  it('a deletion of what is gone already is done', async () => {
    post(`${CONTACT}/del_contact_way`).reply(200, ok)
    post(`${CONTACT}/del_contact_way`).reply(200, refusal(41044))
    post(`${CONTACT}/del_contact_way`).reply(200, refusal(60011))
    const one = client()
    expect(await one.sendContactWayDeletion('cfg1')).toBe('deleted')
    expect(await one.sendContactWayDeletion('cfg1')).toBe('already-gone')
    expect(await errorOf(one.sendContactWayDeletion('cfg1'))).toMatchObject({errcode: 60011})
  })
})

describe('group welcomes', () => {
  const templates = `${CONTACT}/group_welcome_template`
  const link = {kind: 'link', title: '群规', url: 'https://m.example/r'} as const

  it('are made, replaced as a whole, read and deleted', async () => {
    const sent = {text: {content: '欢迎 %NICKNAME%'}, link: {title: '群规', url: 'https://m.example/r'}}
    post(`${templates}/add`, {...sent, notify: 0}).reply(200, {...ok, template_id: 'msgTPL1'})
    post(`${templates}/edit`, {template_id: 'msgTPL1', ...sent}).reply(200, ok)
    post(`${templates}/get`, {template_id: 'msgTPL1'}).reply(200, {
      ...ok,
      text: {content: '欢迎 %NICKNAME%'},
      image: {pic_url: 'https://img.example/1'},
      link: {title: '', url: ''},
    })
    post(`${templates}/del`, {template_id: 'msgTPL1'}).reply(200, ok)
    const one = client()
    expect(await one.sendGroupWelcome({text: '欢迎 %NICKNAME%', part: link}, false)).toBe('msgTPL1')
    await one.sendGroupWelcomeChange('msgTPL1', {text: '欢迎 %NICKNAME%', part: link})
    expect(await one.fetchGroupWelcome('msgTPL1')).toEqual({
      text: '欢迎 %NICKNAME%',
      parts: [{kind: 'image', picUrl: 'https://img.example/1'}],
    })
    await one.sendGroupWelcomeDeletion('msgTPL1')
  })

  it('read back every kind of part', async () => {
    post(`${templates}/get`).reply(200, {
      ...ok,
      link: {title: 't', url: 'https://m.example', desc: 'd', picurl: 'p'},
      miniprogram: {title: 'm', appid: 'wx1', page: 'pages/a', pic_media_id: 'MID'},
      file: {media_id: 'MF'},
      video: {media_id: 'MV'},
    })
    const {parts} = await client().fetchGroupWelcome('x')
    expect(parts.map(({kind}) => kind)).toEqual(['link', 'miniprogram', 'file', 'video'])
  })

  it('a template whose id was lost is an open outcome', async () => {
    post(`${templates}/add`).reply(200, ok)
    expect(await errorOf(client().sendGroupWelcome({text: 'x'}, true))).toMatchObject({name: 'AmbiguousOutcome'})
  })
})

describe('customers', () => {
  it('the nickname comes with a short budget of its own', async () => {
    giveToken()
    get('externalcontact/get', {external_userid: 'wmTEST1'}).reply(200, {
      ...ok,
      external_contact: {external_userid: 'wmTEST1', name: '小王', type: 1, gender: 0},
      follow_user: [
        {
          userid: 'lina',
          createtime: 1_700_000_000,
          tags: [{tag_id: 'etT1'}, {tag_name: '个人'}],
          state: 'rc',
          add_way: 1,
        },
      ],
    })
    const clock = new TestClock((ms) => ms === 3000)
    expect(await aClient({}, clock).client.fetchCustomer('wmTEST1')).toEqual({
      externalUserId: 'wmTEST1',
      name: '小王',
      type: 1,
      gender: 0,
      followers: [{userId: 'lina', state: 'rc', addWay: 1, createdAtSeconds: 1_700_000_000, tagIds: ['etT1']}],
    })
  })

  it('tags of the corp are read and added by group name', async () => {
    const group = {
      group_id: 'etG1',
      group_name: '来源',
      deleted: false,
      tag: [{id: 'etT1', name: '春季', deleted: false}],
    }
    post(`${CONTACT}/get_corp_tag_list`, {}).reply(200, {...ok, tag_group: [group]})
    post(`${CONTACT}/add_corp_tag`, {group_name: '来源', tag: [{name: '春季'}]}).reply(200, {...ok, tag_group: group})
    const one = client()
    const read = {id: 'etG1', name: '来源', deleted: false, tags: [{id: 'etT1', name: '春季', deleted: false}]}
    expect(await one.fetchCorpTags()).toEqual([read])
    expect(await one.sendCorpTags('来源', ['春季'])).toEqual(read)
  })

  it('two changes of tags of one customer take turns', async () => {
    giveToken()
    let [running, most] = [0, 0]
    nock(HOST)
      .post(`${CONTACT}/mark_tag`)
      .query(true)
      .times(3)
      .reply(async () => {
        running += 1
        most = Math.max(most, running)
        await new Promise((resolve) => setImmediate(resolve))
        running -= 1
        return [200, ok]
      })
    const {client: one} = aClient()
    await Promise.all(['a', 'b', 'c'].map((tag) => one.sendCustomerTags('lina', 'wmTEST1', {add: [tag]})))
    expect(most).toBe(1)
  })

  it('are handed on with one verdict each, with a message only while the member is still here', async () => {
    const draft = {fromUserId: 'a', toUserId: 'b', externalUserIds: ['wm1', 'wm2'], message: '您好'}
    const body = {handover_userid: 'a', takeover_userid: 'b', external_userid: ['wm1', 'wm2']}
    const rows = [
      {external_userid: 'wm1', errcode: 0},
      {external_userid: 'wm2', errcode: 40128},
    ]
    post(`${CONTACT}/transfer_customer`, {...body, transfer_success_msg: '您好'}).reply(200, {...ok, customer: rows})
    post(`${CONTACT}/resigned/transfer_customer`, body).reply(200, {...ok, customer: []})
    const one = client()
    expect((await one.sendTransfer('active', draft)).map(({errcode}) => errcode)).toEqual([0, 40128])
    expect(await one.sendTransfer('resigned', draft)).toEqual([])
  })

  it('unassigned ones are read to the last page', async () => {
    const row = {handover_userid: 'gone', external_userid: 'wm3', dimission_time: 1_699_900_000}
    const first = {...ok, info: [row], is_last: false, next_cursor: 'c1'}
    post(`${CONTACT}/get_unassigned_list`, {page_size: 1000}).reply(200, first)
    post(`${CONTACT}/get_unassigned_list`, {page_size: 1000, cursor: 'c1'}).reply(200, {
      ...ok,
      info: [row],
      is_last: true,
    })
    expect(await client().fetchUnassigned()).toHaveLength(2)
  })
})

describe('people of the company', () => {
  it('get an app message and a robot message', async () => {
    post('/cgi-bin/message/send', {
      touser: 'lina|boss',
      agentid: 1000002,
      msgtype: 'markdown',
      markdown: {content: '**v42**'},
    }).reply(200, {...ok, msgid: 'm1', invaliduser: ''})
    nock(HOST)
      .post('/cgi-bin/webhook/send', {msgtype: 'markdown', markdown: {content: '**v42**'}})
      .query({key: 'robot-a'})
      .reply(200, ok)
    const one = client()
    expect(await one.sendAppMessage({userIds: ['lina', 'boss'], markdown: '**v42**'})).toEqual({
      messageId: 'm1',
      invalidUserIds: [],
    })
    await one.sendRobotMessage({key: 'robot-a', markdown: '**v42**'})
  })

  it('punches and shifts are read, a rest day has schedule 0', async () => {
    const query = {userIds: ['lina'], fromSeconds: 1_700_000_000, untilSeconds: 1_700_086_400}
    const body = {starttime: 1_700_000_000, endtime: 1_700_086_400, useridlist: ['lina']}
    post('/cgi-bin/checkin/getcheckindata', {opencheckindatatype: 3, ...body}).reply(200, {
      ...ok,
      checkindata: [
        {userid: 'lina', checkin_type: '上班打卡', exception_type: '', checkin_time: 1_700_000_000, schedule_id: 5},
      ],
    })
    const section = {id: 1, work_sec: 32_400, off_work_sec: 64_800}
    const days = [
      {day: 22, schedule_info: {schedule_id: 5, schedule_name: '早班', time_section: [section]}},
      {day: 23, schedule_info: {schedule_id: 0, schedule_name: '休息', time_section: []}},
    ]
    post('/cgi-bin/checkin/getcheckinschedulist', body).reply(200, {
      ...ok,
      schedule_list: [{userid: 'lina', yearmonth: 202_611, schedule: {scheduleList: days}}],
    })
    const one = client()
    expect(await one.fetchCheckIns(query)).toMatchObject([{userId: 'lina', type: '上班打卡', exception: ''}])
    expect(await one.fetchShiftDays(query)).toMatchObject([
      {yearMonth: 202_611, day: 22, sections: [{fromSecondOfDay: 32_400, untilSecondOfDay: 64_800}]},
      {day: 23, scheduleId: 0, sections: []},
    ])
  })

  it('operations of admins are read while there is more', async () => {
    const query = {start_time: 1, end_time: 2, oper_type: 13, limit: 400}
    const row = {
      time: 1_700_000_000,
      userid: 'boss',
      oper_type: 13,
      detail_type: 0,
      detail_info: '…',
      ip: '203.0.113.9',
    }
    const path = '/cgi-bin/security/admin_oper_log/list'
    post(path, query).reply(200, {...ok, has_more: true, next_cursor: 'c', record_list: [row]})
    post(path, {...query, cursor: 'c'}).reply(200, {...ok, has_more: false, next_cursor: 'c', record_list: [row]})
    expect(await client().fetchAdminOperations({fromSeconds: 1, untilSeconds: 2, operationType: 13})).toHaveLength(2)
  })
})
