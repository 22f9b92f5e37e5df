import type {Language, Words} from '../../core/model/words.js'
import {SETTINGS, type SettingName} from './written-settings.js'

const WHAT: Readonly<Record<SettingName, Words>> = {
  port: {zh: '监听端口；0 为任选一个', en: 'port to listen on; 0 picks a free one'},
  host: {zh: '监听地址；前面要有 TLS', en: 'address to listen on; put TLS in front of it'},
  corpId: {zh: '企业 ID', en: 'corp id'},
  agentId: {zh: '自建应用的 AgentId', en: 'the self-built app'},
  name: {zh: '本服务的名字，同一存储中唯一', en: 'name of this responder, unique among those of one store'},
  disk: {
    zh: '自己的文件夹：最后一次好的发布、进行中的事件、结果日志',
    en: 'own folder: last good release, events under way, outcome log',
  },
  bundle: {
    zh: 'yingbin bundle 写的应急文件，没有网络也能启动',
    en: 'emergency file of yingbin bundle, for a start without a network',
  },
  lookEvery: {zh: '多久看一次新发布', en: 'how often to look for a new release'},
  responders: {zh: '一共几台应答服务', en: 'how many responders there are'},
  maxSends: {
    zh: '同时在途的发送数；企业微信没有公布上限',
    en: 'sends under way at once; what WeCom takes is unpublished',
  },
  sendsPerMinute: {zh: '企业微信给本企业的欢迎语配额，每分钟', en: "WeCom's quota of welcomes for this corp, a minute"},
  summaryAt: {zh: '每天几点发昨天的数字', en: "when yesterday's numbers are told"},
  zone: {zh: '按哪个时区分天', en: 'zone of the days and of that time'},
}

export const ENV_FILE: Words = {
  zh: '每行一个 变量=值 的文件；环境变量优先',
  en: 'NAME=value lines; what the environment has wins',
}
export const NO_LIVE: Words = {
  zh: '只用发布里的镜像：不从企业微信读部门、标签和状态',
  en: 'only the mirror of the release: do not read departments, tags and status from WeCom',
}

/** One setting's help: what it is, its variable, its default. */
export function helpOf(name: SettingName, language: Language): string {
  const {variable, value} = SETTINGS[name]
  const preset = value ? (language === 'zh' ? `；默认 ${value}` : `; default ${value}`) : ''
  return language === 'zh' ? `${WHAT[name].zh}（${variable}${preset}）` : `${WHAT[name].en} (${variable}${preset})`
}

export const ENVIRONMENT: Words = {
  zh: `
环境变量；每个密钥也可以写成 变量名_FILE=文件：
  WECOM_SECRET、WECOM_TOKEN、WECOM_AES_KEY
  WECOM_TOKEN_OLD、WECOM_AES_KEY_OLD           轮换期间仍接受，到 WECOM_OLD_UNTIL 为止（默认一天）
  WECOM_CONTACT_TOKEN、WECOM_CONTACT_AES_KEY   通讯录同步的回调，与应用同一地址时
  YINGBIN_RELEASE_PUBLIC_KEY                   验证可以说什么
  YINGBIN_CUSTOMER_KEY                         客户标识散列的密钥
  YINGBIN_BUILT_IN                             还没有任何发布时说的话
  YINGBIN_ROBOT_WEBHOOK                        告警和日报发到的群机器人
  YINGBIN_REDIS_PASSWORD                       存储是 redis:// 时的密码`,
  en: `
Environment; every secret may come as a file named by NAME_FILE instead:
  WECOM_SECRET, WECOM_TOKEN, WECOM_AES_KEY
  WECOM_TOKEN_OLD, WECOM_AES_KEY_OLD          accepted while they rotate, until WECOM_OLD_UNTIL (default: a day)
  WECOM_CONTACT_TOKEN, WECOM_CONTACT_AES_KEY  the callback of contact sync, when it has the same address
  YINGBIN_RELEASE_PUBLIC_KEY                  signs what may be said
  YINGBIN_CUSTOMER_KEY                        keys the customer hashes
  YINGBIN_BUILT_IN                            said before any release
  YINGBIN_ROBOT_WEBHOOK                       group robot for alarms and the daily summary
  YINGBIN_REDIS_PASSWORD                      when the store is redis://`,
}
