import {createRedisShare} from '../../scripts/store/redis/create-redis-share.js'
import type {ARedis} from '../support/redis-server.js'
import type {Fault} from './play-fault.js'

const SEND = '/cgi-bin/externalcontact/send_welcome_msg'
const NAME = '/cgi-bin/externalcontact/get'
const SECONDS = 1000
const HOUR = 3_600_000

type Alone = Omit<Fault, 'replicas'>

const sandbox = (how: string, fault: Readonly<Record<string, string | number>>, lastsMs = 4 * SECONDS): Alone => ({
  what: '企业微信',
  how,
  lastsMs,
  begin: (company) => company.addFault(fault),
  end: (company) => company.clearFaults(),
})

const way = (how: string, mode: 'refuses' | 'swallows' | 'resets', lastsMs: number): Alone => ({
  what: '企业微信',
  how,
  lastsMs,
  begin: (company) => company.wecom.set(mode),
  end: (company) => company.wecom.set('open'),
})

const name = (how: string, fault: Readonly<Record<string, string | number>>): Alone => ({
  ...sandbox(how, {path: NAME, ...fault}),
  what: '昵称查询',
})

const dns = (how: string, mode: 'ENOTFOUND' | 'EAI_AGAIN' | 'hangs'): Alone => ({
  what: 'DNS',
  how,
  lastsMs: 4 * SECONDS,
  async begin(company) {
    company.setDns(mode)
    // Connections that stand need no look-up; they are dropped once.
    await company.wecom.set('open')
  },
  end: (company) => company.setDns('works'),
})

/** What fails while one responder works alone, each for some seconds. */
export const FAULTS_ALONE: readonly Alone[] = [
  {what: '—', how: '一切正常', lastsMs: 0, begin: () => undefined},
  way('连接被拒绝 4 秒', 'refuses', 4 * SECONDS),
  way('连接被拒绝 25 秒', 'refuses', 25 * SECONDS),
  way('收下请求，从不回答 4 秒', 'swallows', 4 * SECONDS),
  way('每个连接都被重置 4 秒', 'resets', 4 * SECONDS),
  sandbox('已经发出，但回答丢了 4 秒', {path: SEND, kind: 'timeout', effect: 'done'}),
  sandbox('回答断在一半 4 秒', {path: SEND, kind: 'cut', effect: 'done'}),
  sandbox('每次慢 2 秒', {path: SEND, kind: 'slow', delayMs: 2000, effect: 'done'}),
  sandbox('系统繁忙 −1', {path: SEND, kind: 'busy'}),
  sandbox('别的发送在途 41096', {path: SEND, kind: 'errcode', errcode: 41096}),
  sandbox('内容被拒 40058（每人一次）', {path: SEND, kind: 'errcode', errcode: 40058, bodyIncludes: 'attachments'}),
  sandbox('素材失效 40007（每人一次）', {path: SEND, kind: 'errcode', errcode: 40007, bodyIncludes: 'attachments'}),
  sandbox('token 失效 42001（一次）', {path: SEND, kind: 'errcode', errcode: 42001, next: 1}),
  {
    ...sandbox('token 失效，新的又要不到（Secret 被拒 40001）', {path: SEND, kind: 'errcode', errcode: 42001}),
    async begin(company) {
      await company.addFault({path: '/cgi-bin/gettoken', kind: 'errcode', errcode: 40001})
      await company.addFault({path: SEND, kind: 'errcode', errcode: 42001, next: 1})
    },
  },
  sandbox('可信 IP 之外 60020', {path: SEND, kind: 'errcode', errcode: 60020}),
  {
    what: '企业微信',
    how: '超频 45009（一次，接口关一分钟）',
    lastsMs: 60 * SECONDS,
    begin: (company) => company.addFault({path: SEND, kind: 'errcode', errcode: 45009, next: 1}),
  },
  name('每次慢 0.8 秒', {kind: 'slow', delayMs: 800, effect: 'done'}),
  name('从不回答', {kind: 'timeout'}),
  name('还查不到 84061', {kind: 'errcode', errcode: 84061}),
  dns('查无此名', 'ENOTFOUND'),
  dns('暂时查不到', 'EAI_AGAIN'),
  dns('从不回答', 'hangs'),
  {
    what: '存储',
    how: '读写都报错',
    lastsMs: 4 * SECONDS,
    begin: (company) => company.setStore('throws'),
    end: (company) => company.setStore('works'),
  },
  {
    what: '存储',
    how: '从不回答',
    lastsMs: 4 * SECONDS,
    begin: (company) => company.setStore('hangs'),
    end: (company) => company.setStore('works'),
  },
  {
    what: '本机磁盘',
    how: '写满（结果日志 ENOSPC）',
    lastsMs: 4 * SECONDS,
    begin: (company) => company.setDisk('full'),
    end: (company) => company.setDisk('works'),
  },
  {
    what: '本机磁盘',
    how: '每次读写都报错',
    lastsMs: 4 * SECONDS,
    begin: (company) => company.setDisk('throws'),
    end: (company) => company.setDisk('works'),
  },
  {
    what: '本机磁盘',
    how: '从不回答',
    lastsMs: 4 * SECONDS,
    begin: (company) => company.setDisk('hangs'),
    end: (company) => company.setDisk('works'),
  },
  {what: '时钟', how: '被拨快一小时', lastsMs: 0, begin: (company) => company.jumpClock(HOUR)},
  {what: '时钟', how: '被拨慢一小时', lastsMs: 0, begin: (company) => company.jumpClock(-HOUR)},
  {
    what: '应答进程',
    how: '被杀，3 秒后重启',
    lastsMs: 3 * SECONDS,
    begin: ({replicas: [first]}) => first?.kill(),
    end: ({replicas: [first]}) => first?.start(),
  },
]

/** As short as the command has it. */
const SHARE_PATIENCE_MS = 700

/** Two responders that share their state on a real Redis, which fails; or one of them does. */
export function faultsOfTwo(redis: ARedis): readonly Fault[] {
  const shareOf = (responder: string) =>
    createRedisShare(redis.connect({commandTimeoutMs: SHARE_PATIENCE_MS, canWait: false}).redis, {
      prefix: 'faults:',
      responder,
    })
  const both = {replicas: 2, shareOf}
  return [
    {...both, what: 'Redis', how: '一切正常（两台）', lastsMs: 0, begin: () => undefined},
    {
      ...both,
      what: 'Redis',
      how: '被杀 4 秒，重启后是空的',
      lastsMs: 4 * SECONDS,
      begin: () => redis.kill(),
      end: () => redis.restart(),
    },
    {
      ...both,
      what: 'Redis',
      how: '停住不答 4 秒',
      lastsMs: 4 * SECONDS,
      begin: () => redis.pause(),
      end: () => redis.resume(),
    },
    {
      ...both,
      what: '应答进程',
      how: '两台中的一台被杀，不再回来',
      lastsMs: 0,
      begin: ({replicas: [first]}) => first?.kill(),
    },
  ]
}

export const COUNT_OF_TWO = 4
