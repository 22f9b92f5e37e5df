import {describe, expect, it} from '@jest/globals'
import type {Asset} from '../../scripts/core/model/config.js'
import {anAsset, type Changes, describeRemarks, enterprise, remarksOf} from '../support/a-config.js'

/** A company as it should be, and changes that each break one thing: what is found, and where. */
interface Sample {
  readonly company: string
  readonly files: Changes
  readonly assets?: readonly Asset[]
  readonly mutants: readonly Mutant[]
}
type Mutant = readonly [
  change: string,
  files: Changes,
  findings: readonly string[],
  more?: {readonly assets?: readonly Asset[]; readonly nowMs?: number},
]

const LINK = {type: 'link', title: '指南', url: 'https://m.hehejj.example/guide'}
const MINI = {type: 'miniprogram', title: '预约', appid: 'wx0000000000000001', page: 'p', cover: 'assets/cover.png'}
const COVER = anAsset('assets/cover.png')
const SAYS = {title: '模板', text: '[客户昵称]您好，我是[员工姓名]。', fallback: '您好'}
const template = (text: string, more: object = {}): object => ({...SAYS, text, ...more})
const schedule = (audience: object, says: string | readonly string[], more: object = {}): object => ({
  title: '排班',
  audience,
  template: says,
  ...more,
})
/** Departments and members; nothing of the small start that would get in the way. */
const company = (departments: readonly string[], members: readonly object[]): Changes => ({
  'organization.yaml': {departments: departments.map((path) => ({path})), members},
  'facts.yaml': null,
  'templates/hello.yaml': null,
  'schedules/all.yaml': null,
})
const member = (id: string, department: string, more: object = {}): object => ({id, departments: [department], ...more})
const slot = (from: string, to: string, says: string, more: object = {}): object => ({
  from,
  to,
  template: says,
  ...more,
})

const address = (shop: string): object => ({门店名称: shop, 门店地址: `${shop}街1号`})
const furniture: Sample = {
  company: 'S01 furniture in the south and the north',
  files: {
    ...company(
      ['/总部/华南区/天河店', '/总部/华北区/西单店', '/总部/财务部'],
      [member('a', '/总部/华南区/天河店'), member('b', '/总部/华北区/西单店'), member('c', '/总部/财务部')],
    ),
    'facts.yaml': {'/总部/华南区/天河店': address('天河'), '/总部/华北区/西单店': address('西单')},
    'templates/huanan.yaml': template('我是[门店名称]的[员工姓名]，店在[门店地址]。', {attachments: [LINK]}),
    'templates/huabei.yaml': template('这里是[门店名称]，店在[门店地址]。', {attachments: [LINK]}),
    'templates/default.yaml': template('请告诉我您所在的城市。'),
    'schedules/huanan.yaml': schedule({departments: ['/总部/华南区']}, 'huanan'),
    'schedules/huabei.yaml': schedule({departments: ['/总部/华北区']}, 'huabei'),
    'schedules/finance.yaml': {title: '财务', audience: {departments: ['/总部/财务部']}, mode: 'silent'},
    'schedules/default.yaml': schedule({}, 'default'),
  },
  mutants: [
    [
      'a shop opens in the south before its facts are written',
      {
        'organization.yaml': {
          departments: ['/总部/华南区/天河店', '/总部/华南区/佛山店', '/总部/华北区/西单店', '/总部/财务部'].map(
            (path) => ({
              path,
            }),
          ),
          members: [
            member('a', '/总部/华南区/天河店'),
            member('b', '/总部/华北区/西单店'),
            member('c', '/总部/财务部'),
          ],
        },
      },
      ['facts-missing templates/huanan.yaml /text', 'facts-missing templates/huanan.yaml /text'],
    ],
    [
      'the schedule for everybody is deleted',
      {'schedules/default.yaml': null, 'templates/default.yaml': null, 'schedules/finance.yaml': null},
      ['member-not-greeted organization.yaml /departments/2'],
    ],
  ],
}

const shifts = (slots: readonly object[], more: object = {default: 'ye'}): Changes => ({
  'schedules/store.yaml': {
    title: '门店',
    audience: {departments: ['/总部/门店']},
    timezone: 'Asia/Shanghai',
    slots,
    dates: [
      {
        range: ['2027-02-05', '2027-02-12'],
        slots: [slot('08:00', '23:00', 'chunjie'), slot('23:00', '08:00', 'chunjie-ye')],
      },
    ],
    ...more,
  },
})
const zao = slot('06:00', '14:00', 'zao')
const wan = slot('14:00', '22:00', 'wan')
const convenience: Sample = {
  company: 'S02 convenience stores open around the clock',
  files: {
    ...company(['/总部/门店'], [member('a', '/总部/门店')]),
    'templates/zao.yaml': template('早上好，豆浆出锅了，10点前下单有效。'),
    'templates/wan.yaml': template('晚上好，盒饭19点起八折。', {attachments: [{...LINK, title: '今晚的夜宵券'}]}),
    'templates/ye.yaml': template('现在是夜班，6点后早班同事接着处理。'),
    'templates/chunjie.yaml': template('新年好，除夕到初八 8:00—23:00 营业。'),
    'templates/chunjie-ye.yaml': template('新年好，23:00后请留言，早上8点回复您。'),
    ...shifts([zao, wan, slot('22:00', '06:00', 'ye')]),
  },
  mutants: [
    [
      'the night ends when it starts',
      shifts([zao, wan, slot('22:00', '22:00', 'ye')]),
      ['slot-empty schedules/store.yaml /slots/2/to'],
    ],
    [
      'the morning starts an hour early',
      shifts([slot('05:00', '14:00', 'zao'), wan, slot('22:00', '06:00', 'ye')]),
      ['slot-overlap schedules/store.yaml /slots/2'],
    ],
    [
      'the default is deleted',
      shifts([zao, wan, slot('22:00', '06:00', 'ye')], {}),
      ['schedule-no-default schedules/store.yaml '],
    ],
  ],
}

const adviser = (id: string, stars?: number): object =>
  member(id, '/总部/课程顾问部', stars === undefined ? {} : {attributes: {星级: stars}})
const school = (members: readonly object[]): Changes => company(['/总部/课程顾问部'], members)
const schoolFiles: Changes = {
  'templates/star3.yaml': template('本周四20:00有一场直播答疑，名额60人。', {attachments: [LINK]}),
  'templates/novice.yaml': template('试听免费，回复班名即可登记。'),
  'schedules/star3.yaml': schedule({departments: ['/总部/课程顾问部'], levels: {星级: '>=3'}}, 'star3'),
  'schedules/novice.yaml': schedule({departments: ['/总部/课程顾问部']}, 'novice'),
}
const training: Sample = {
  company: 'S03 a school with stars for its advisers',
  files: {...school([adviser('a', 3), adviser('b', 2)]), ...schoolFiles},
  mutants: [
    [
      'the day of the broadcast is written out, without an end',
      {'templates/star3.yaml': template('2026-11-26 有一场直播答疑，名额60人。', {attachments: [LINK]})},
      ['dated-copy-without-valid-to templates/star3.yaml /text'],
    ],
    [
      'the stars of an adviser were not imported',
      {...school([adviser('a', 3), adviser('b')]), ...schoolFiles},
      ['level-missing schedules/star3.yaml /audience/levels/星级'],
    ],
    [
      'the last adviser with three stars loses one',
      {...school([adviser('a', 2), adviser('b', 2)]), ...schoolFiles},
      ['audience-meets-nobody schedules/star3.yaml /audience/levels'],
    ],
  ],
}

const ev = {
  'templates/ev.yaml': template('纯电车型都有现车。'),
  'schedules/ev.yaml': schedule({roles: ['新能源专家']}, 'ev', {priority: 20}),
}
const dealer: Sample = {
  company: 'S04 a car dealer with its top sellers',
  files: {
    ...company(
      ['/总部/销售部'],
      [member('a', '/总部/销售部', {roles: ['销冠', '新能源专家']}), member('b', '/总部/销售部')],
    ),
    'templates/vip.yaml': template('我全程陪您试驾。', {attachments: [MINI]}),
    'templates/standard.yaml': template('下面是在售车型。', {attachments: [LINK]}),
    'schedules/vip.yaml': schedule({roles: ['销冠']}, 'vip', {priority: 20}),
    'schedules/standard.yaml': schedule({departments: ['/总部/销售部']}, 'standard'),
    'roles.yaml': {销冠: {may: ['send-miniprogram']}, 新能源专家: {may: ['edit-text']}},
  },
  assets: [COVER],
  mutants: [
    [
      'an ordinary seller is given the mini-program that only top sellers may send',
      {'templates/standard.yaml': template('下面是在售车型。', {attachments: [MINI]})},
      ['grant-denied templates/standard.yaml /attachments/0'],
    ],
    [
      'a second title of the same priority says something else',
      ev,
      ['ambiguous-priority schedules/vip.yaml /audience'],
    ],
  ],
}

const survey = (url: string): Changes => ({
  'templates/yuer.yaml': template('请花1分钟填一下月龄小调查。', {attachments: [{...LINK, url}]}),
})
const grant = (more: object): Changes => ({
  'grants/care.yaml': [
    {role: '编辑', to: ['department:/总部/育儿顾问部'], until: '2027-03-31', ticket: 'OA-2026-1187', ...more},
  ],
})
const maternity: Sample = {
  company: 'S05 a maternity brand with a ticket for its survey',
  files: {
    ...company(['/总部/育儿顾问部', '/总部/门店'], [member('a', '/总部/育儿顾问部'), member('b', '/总部/门店')]),
    ...survey('https://m.hehejj.example/month-age?v=3'),
    'templates/shop.yaml': template('奶粉两小时同城送。'),
    'schedules/yuer.yaml': schedule({departments: ['/总部/育儿顾问部']}, 'yuer'),
    'schedules/shop.yaml': schedule({departments: ['/总部/门店']}, 'shop'),
    ...grant({}),
  },
  mutants: [
    [
      'the survey moves to a host that only begins like the registered one',
      survey('https://m.hehejj.example.forms-cn.example/month-age?v=3'),
      ['host-is-registered templates/yuer.yaml /attachments/0/url'],
    ],
    ['the ticket is left out', grant({ticket: undefined}), ['field-is-present grants/care.yaml /0']],
    ['the ticket is empty', grant({ticket: ''}), ['text-long-enough grants/care.yaml /0/ticket']],
    [
      'the last day of the grant is over',
      {},
      ['grant-expired grants/care.yaml /0/until'],
      {nowMs: Date.UTC(2027, 2, 31, 16)},
    ],
    ['the last day of the grant still runs (nothing)', {}, [], {nowMs: Date.UTC(2027, 2, 31, 16) - 1}],
  ],
}

const FROM = {validFrom: '2026-11-27T00:00:00-08:00'}
const UNTIL = {validTo: '2026-12-01T00:00:00-08:00'}
const friday = (more: object): Changes => ({
  'templates/bf.yaml': template('Hi [客户昵称], Black Friday is live, through Monday midnight Pacific.', more),
})
const american = (timezone: string): Changes => ({
  'schedules/us.yaml': {
    title: 'US',
    audience: {channels: ['us']},
    timezone,
    slots: [slot('09:00', '18:00', 'us-day', {days: ['mon', 'tue', 'wed', 'thu', 'fri']})],
    dates: [{range: ['2026-11-27', '2026-11-30'], slots: [slot('00:00', '24:00', 'bf')]}],
    default: 'us-night',
  },
})
const crossborder: Sample = {
  company: 'S06 a shop abroad, in its own time',
  files: {
    ...company(['/总部/外贸部'], [member('a', '/总部/外贸部')]),
    'channels/us.yaml': {title: 'US', state: 'us_dtc', staff: {members: ['a']}},
    'templates/us-day.yaml': template('Hi [客户昵称], orders placed before 2 pm PT ship the same day.'),
    'templates/us-night.yaml': template('Hi [客户昵称], it is after hours (9 am – 6 pm Pacific).'),
    ...friday({...FROM, ...UNTIL}),
    ...american('America/Los_Angeles'),
  },
  mutants: [
    ...['EST', 'CST', 'GMT+8', 'America/LosAngeles'].map((zone): Mutant => [
      `the zone is written ${zone}`,
      american(zone),
      ['timezone-is-iana schedules/us.yaml /timezone'],
    ]),
    ['the sale has no end', friday(FROM), ['dated-copy-without-valid-to templates/bf.yaml /text']],
    [
      'the sale begins after its dates',
      friday({validFrom: '2026-12-01T00:00:00-08:00', validTo: '2026-12-02T00:00:00-08:00'}),
      ['slot-never-reached schedules/us.yaml /dates/0/slots/0'],
    ],
  ],
}

const LEFT = {status: 'left', leftAt: '2026-11-24T10:00:00+08:00'}
const gymPeople = (...members: readonly object[]): Changes => ({
  'organization.yaml': {departments: [{path: '/总部/私教部'}], members},
})
const coach = (id: string, leader: string, more: object = {}): object => member(id, '/总部/私教部', {leader, ...more})
const director = member('dir.qin', '/总部/私教部')
const gymTexts = (succession: string): Changes => ({'templates/succession.yaml': template(succession)})
const gym: Sample = {
  company: 'S07 a gym whose coaches come and go',
  files: {
    ...company([], []),
    ...gymPeople(coach('zhao', 'xu'), coach('xu', 'dir.qin'), director),
    'enterprise.yaml': enterprise({greet: {successor: 'succession'}}),
    'policy.yaml': {text: {forbidden: [{words: ['被开除'], says: '人事处理不对客户谈论'}]}},
    'templates/coach.yaml': template('带运动鞋和毛巾就行。'),
    ...gymTexts('后续由[接替人姓名]跟进。'),
    'schedules/coach.yaml': schedule({departments: ['/总部/私教部']}, 'coach'),
    'channels/poster.yaml': {
      title: '海报',
      state: 'poster',
      staff: {members: ['zhao', 'xu']},
      printedUntil: '2027-02-28',
    },
  },
  mutants: [
    [
      'a coach leaves and is still on a printed code',
      gymPeople(coach('zhao', 'xu', LEFT), coach('xu', 'dir.qin'), director),
      ['channel-staff-is-active channels/poster.yaml /staff/members/0'],
    ],
    [
      'four leave one after the other',
      gymPeople(
        coach('zhao', 'c1', LEFT),
        coach('c1', 'c2', LEFT),
        coach('c2', 'c3', LEFT),
        coach('c3', 'xu', LEFT),
        coach('xu', 'dir.qin'),
        director,
      ),
      [
        'offboard-chain-too-long organization.yaml /members/0/leader',
        'channel-staff-is-active channels/poster.yaml /staff/members/0',
      ],
    ],
    [
      'the text for leavers says why the coach is gone',
      gymTexts('教练已离职，被开除，由[接替人姓名]跟进。'),
      ['wording-list templates/succession.yaml /text'],
    ],
  ],
}

const clause = '理财非存款，产品有风险'
const wealth = (text: string): Changes => ({'templates/wealth.yaml': template(text)})
const bank: Sample = {
  company: 'S08 a bank with its required sentence',
  files: {
    ...company(['/总行/零售金融部'], [member('a', '/总行/零售金融部')]),
    'policy.yaml': {
      text: {
        forbidden: [{words: ['保本', '稳赚', '年化'], where: ['/总行/零售金融部'], says: '金融禁用语'}],
        required: [{clause, departments: ['/总行/零售金融部']}],
      },
    },
    ...wealth(`我是客户经理[员工姓名]。${clause}。`),
    'schedules/bank.yaml': schedule({departments: ['/总行/零售金融部']}, 'wealth'),
  },
  mutants: [
    [
      'the required sentence is deleted',
      wealth('我是客户经理[员工姓名]。'),
      ['required-clause-missing templates/wealth.yaml /text'],
    ],
    [
      'what nobody may promise is promised',
      wealth(`保本稳赚，年化6%。${clause}。`),
      Array.from({length: 3}, () => 'wording-list templates/wealth.yaml /text'),
    ],
  ],
}

const beautyText = (text: string, title = '试用装领取'): Changes => ({
  'templates/beauty.yaml': template(text, {attachments: [{...LINK, title}]}),
})
const beauty: Sample = {
  company: 'S09 a beauty brand with a hundred characters',
  files: {
    ...company(['/总部/线上'], [member('a', '/总部/线上')]),
    'policy.yaml': {text: {maxCharacters: 100, forbidden: [{words: ['最好用', '第一', '祛斑'], says: '广告法'}]}},
    ...beautyText('字'.repeat(100)),
    'schedules/beauty.yaml': schedule({departments: ['/总部/线上']}, 'beauty'),
  },
  mutants: [
    ['two sentences more', beautyText('字'.repeat(137)), ['house-limit templates/beauty.yaml /text']],
    [
      'a link title of 43 Chinese characters',
      beautyText('您好', '字'.repeat(43)),
      ['link-title-bytes templates/beauty.yaml /attachments/0/title'],
    ],
    ['a link title has 42 Chinese characters (nothing)', beautyText('您好', '字'.repeat(42)), []],
    [
      'superlatives',
      beautyText('最好用，第一，祛斑'),
      Array.from({length: 3}, () => 'wording-list templates/beauty.yaml /text'),
    ],
  ],
}

const menu = (file: string): Changes => ({
  'templates/menu.yaml': template('菜单在下面。', {attachments: [{type: 'image', file}]}),
})
const PICTURE = anAsset('assets/menu.png', {width: 800, height: 800, bytes: 1024 * 1024})
const restaurant: Sample = {
  company: 'S10 a restaurant with its menu as a picture',
  files: {
    ...company(['/总部/门店'], [member('a', '/总部/门店')]),
    ...menu('assets/menu.png'),
    'channels/table.yaml': {title: '桌贴', state: 'tbl', staff: {departments: ['/总部/门店']}},
    'schedules/table.yaml': schedule({channels: ['table']}, 'menu'),
    'schedules/shop.yaml': schedule({departments: ['/总部/门店']}, 'menu'),
  },
  assets: [PICTURE],
  mutants: [
    [
      'the picture has 11.6 MB',
      {},
      ['asset-size-fits templates/menu.yaml /attachments/0/file'],
      {assets: [{...PICTURE, bytes: Math.round(11.6 * 1024 * 1024)}]},
    ],
    [
      'the picture of a shop is missing',
      menu('assets/chunxi.png'),
      ['asset-exists templates/menu.yaml /attachments/0/file'],
    ],
  ],
}

const titles = (more: Changes = {}): Changes => ({
  'schedules/manager.yaml': schedule({roles: ['大区经理'], departments: ['/总部/华南区']}, 'manager', {priority: 10}),
  'schedules/supervisor.yaml': schedule({roles: ['督导'], departments: ['/总部/华北区']}, 'supervisor', {priority: 10}),
  ...more,
})
const hotel: Sample = {
  company: 'S11 a hotel chain where posts meet regions',
  files: {
    ...company(
      ['/总部/华南区/三亚店', '/总部/华北区'],
      [
        member('a', '/总部/华南区/三亚店'),
        member('b', '/总部/华北区', {departments: ['/总部/华北区', '/总部/华南区'], roles: ['大区经理', '督导']}),
      ],
    ),
    'roles.yaml': {大区经理: {may: ['edit-text']}, 督导: {may: ['edit-text']}},
    'templates/manager.yaml': template('会议场地满300人有优惠。'),
    'templates/supervisor.yaml': template('入住体验都可以告诉我。'),
    'templates/reception.yaml': template('前台24小时在线。'),
    'schedules/reception.yaml': schedule({departments: ['/总部']}, 'reception'),
    ...titles(),
  },
  mutants: [
    [
      'both posts lose their region and meet in one member',
      titles({
        'schedules/manager.yaml': schedule({roles: ['大区经理']}, 'manager', {priority: 10}),
        'schedules/supervisor.yaml': schedule({roles: ['督导']}, 'supervisor', {priority: 10}),
      }),
      ['ambiguous-priority schedules/supervisor.yaml /audience'],
    ],
    [
      'a third text for supervisors of the whole company stands beside the second',
      titles({
        'templates/third.yaml': template('督导在线。'),
        'schedules/third.yaml': schedule({roles: ['督导'], departments: ['/总部/华北区']}, 'third', {priority: 10}),
      }),
      ['ambiguous-priority schedules/third.yaml /audience'],
    ],
    [
      'a post is looked for where nobody has it',
      titles({
        'schedules/manager.yaml': schedule({roles: ['大区经理'], departments: ['/总部/华南区/三亚店']}, 'manager'),
      }),
      ['audience-meets-nobody schedules/manager.yaml /audience'],
    ],
  ],
}

const eleven = (text: string, more: object = {validTo: '2026-11-12T00:00:00+08:00'}): Changes => ({
  'templates/d11.yaml': template(text, {validFrom: '2026-11-10T20:00:00+08:00', attachments: [LINK], ...more}),
})
const sale: Sample = {
  company: 'S12 a shop on the day of its great sale',
  files: {
    ...company(['/总部/客服部'], [member('a', '/总部/客服部')]),
    ...eleven('双11加购清单发我，10日20:00起满300减50，30分钟内回您。'),
    'templates/normal.yaml': template('订单、尺码、退换都可以找我。'),
    'schedules/service.yaml': schedule({departments: ['/总部/客服部']}, ['d11', 'normal']),
  },
  mutants: [
    [
      'a coupon of the day stands in a text without an end',
      eleven('结算时填券码 DOUBLE11。', {}),
      ['dated-copy-without-valid-to templates/d11.yaml /text'],
    ],
    [
      'the hour is given for tonight, whichever night that is',
      eleven('双11加购清单发我，今晚20点起满300减50。'),
      ['relative-date-in-dated-copy templates/d11.yaml /text'],
    ],
  ],
}

const SAMPLES = [
  furniture,
  convenience,
  training,
  dealer,
  maternity,
  crossborder,
  gym,
  bank,
  beauty,
  restaurant,
  hotel,
  sale,
]

describe.each(SAMPLES)('$company', ({files, assets = [], mutants}) => {
  it('is clean as it stands', () => {
    expect(describeRemarks(remarksOf(files, {assets}))).toEqual([])
  })
  for (const [change, changes, findings, more] of mutants)
    it(`finds what breaks when ${change}`, () => {
      expect(describeRemarks(remarksOf({...files, ...changes}, {assets, ...more}))).toEqual(findings)
    })
})
