import type {Words} from '../model/words.js'

export const ALARM_KINDS = [
  'secret-refused',
  'ip-not-trusted',
  'quota-used-up',
  'release-expired',
  'content-refused',
  'member-without-codes',
  'another-app-first',
  'fallback-share',
  'media-missing',
  'media-expiring',
  'release-stale',
  'versions-differ',
  'leaver-in-code',
  'live-directory-old',
  'shared-state-lost',
  'disk-refuses',
  'clock-wrong',
] as const

/** A closed list: kinds are names of counters and labels of metrics. */
export type AlarmKind = (typeof ALARM_KINDS)[number]

/** `urgent`: customers go without their welcome now, or soon will. */
export type AlarmLevel = 'urgent' | 'warning'

export interface Alarm {
  /** The kind, and after a colon what it is about where there may be several. */
  readonly key: string
  readonly kind: AlarmKind
  readonly level: AlarmLevel
  /** True for what only this responder sees of itself: each tells its own. */
  readonly isOwn: boolean
  readonly says: Words
  /** What to do about it. */
  readonly mend: Words
}

/** What to do, by kind. Menu names are those of WeCom's console. */
export const MENDS: Readonly<Record<AlarmKind, Words>> = {
  'secret-refused': {
    zh: '核对应用的 Secret（是否被重置）与企业 ID，更新 WECOM_SECRET 后重启应答服务；也检查能否连上 qyapi.weixin.qq.com',
    en: "check the app's secret (was it reset?) and the corp id, renew WECOM_SECRET and restart; check the way to qyapi.weixin.qq.com too",
  },
  'ip-not-trusted': {
    zh: '管理后台 → 应用管理 → 本应用 → 企业可信IP：加上本机的出口 IP',
    en: "console → app management → this app → trusted IPs: add this machine's outgoing address",
  },
  'quota-used-up': {
    zh: '加粉高峰超过每分钟配额：向企业微信申请提升，或核对 --sends-per-minute；其他应用是否也在占用',
    en: 'adds exceed the quota a minute: ask WeCom for more, or check --sends-per-minute; see whether another app uses it up',
  },
  'release-expired': {
    zh: '续签（yingbin renew）；在此之前只说不带链接的兜底语',
    en: 'sign it for another week (yingbin renew); until then only the fallback without links is said',
  },
  'content-refused': {
    zh: '回滚（yingbin rollback）或修改这些模板：检查小程序是否已关联、字段长度、素材；客户现在只收到兜底语',
    en: 'roll back (yingbin rollback) or mend these templates: is the mini-program associated, are lengths and media right; customers hear the fallback',
  },
  'member-without-codes': {
    zh: '管理后台 → 客户与上下游 → 聊天工具 → 欢迎语：删除覆盖该成员的欢迎语；客户联系规则组里去掉“编辑企业欢迎语”（edit_welcome_msg）',
    en: 'console → customer contact → chat tools → welcome messages: clear the one that covers him; remove `edit_welcome_msg` in his rule group',
  },
  'another-app-first': {
    zh: '别的应用先发了欢迎语：停掉旧 SCRM 或其他自建应用的欢迎语，只留一个',
    en: 'another app welcomes first: switch off welcomes in the old SCRM or other self-built apps, keep one',
  },
  'fallback-share': {
    zh: '查看日志与 yingbin history：素材被拒、缺少资料（facts）或决策出错；可先回滚',
    en: 'see the log and yingbin history: refused content, missing facts or a decision that failed; roll back first if in doubt',
  },
  'media-missing': {
    zh: '重新发布以上传素材（yingbin apply）；在此之前对应附件不发',
    en: 'publish again to upload them (yingbin apply); until then these parts are left out',
  },
  'media-expiring': {
    zh: '查看日志中“不能重新上传”的原因（网络、权限、素材大小），或重新发布（yingbin apply）',
    en: 'see in the log why they cannot be uploaded again (network, rights, size), or publish again (yingbin apply)',
  },
  'release-stale': {
    zh: '检查存储（YINGBIN_STORE）与网络；欢迎语照常按最后一次发布的内容发送',
    en: 'check the store (YINGBIN_STORE) and the network; welcomes go on from the last release',
  },
  'versions-differ': {
    zh: '查看这些应答服务的日志（拒绝原因：签名、谱系、缺文档）；必要时重启',
    en: 'see the logs of these responders (why refused: signature, lineage, missing document); restart them if need be',
  },
  'leaver-in-code': {
    zh: '在配置里把他从这些活码中换下，提交审核并发布；扫码的客户正加到不在岗的人',
    en: 'replace him in these codes, have it reviewed and publish; customers who scan them reach nobody',
  },
  'live-directory-old': {
    zh: '检查通讯录读取权限与网络；在此之前按发布时的组织架构决定',
    en: 'check the right to read the directory and the network; until then the organization of the release decides',
  },
  'shared-state-lost': {
    zh: '检查 Redis；在此之前各应答服务各自工作，欢迎语不中断',
    en: 'check Redis; until then each responder works alone and welcomes go on',
  },
  'disk-refuses': {
    zh: '检查磁盘空间与权限（YINGBIN_DISK）；进程若此时退出，未完成的事件会丢失',
    en: 'check space and rights (YINGBIN_DISK); should the process die now, events under way are lost',
  },
  'clock-wrong': {
    zh: '检查本机的时间同步（chrony / NTP）',
    en: "check this machine's time synchronization (chrony, NTP)",
  },
}
