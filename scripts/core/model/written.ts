/* Made from schemas/ by scripts/make-types.ts; change the schemas, then run `npm run types`. */

/**
 * YYYY-MM-DD
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "common-date".
 */
export type PlainDate = string
/**
 * 企业微信 userid，1–64 字节，不分大小写唯一
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "common-userid".
 */
export type Userid = string
/**
 * 以 / 开头，写全每一级，例如 /总部/华南区
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "common-departmentPath".
 */
export type DepartmentPath = string
/**
 * 资源编号，即文件夹下去掉扩展名的路径，例如 south/store
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "common-id".
 */
export type Id = string
/**
 * IANA 时区名，例如 Asia/Shanghai；不接受 EST、CST、GMT+8
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "common-timezone".
 */
export type Timezone = string
/**
 * 大写环境变量名
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "envName".
 */
export type EnvName = string
/**
 * 日期（截止日当天仍有效）或带偏移的时刻
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "common-dateOrInstant".
 */
export type DateOrInstant = PlainDate | Instant
/**
 * RFC 3339 时刻，必须带时区偏移，例如 2026-11-10T20:00:00+08:00
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "common-instant".
 */
export type Instant = string
/**
 * 一组角色授权
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "grants".
 */
export type WrittenGrants = WrittenGrant[]
/**
 * 随欢迎语发送的一个附件
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "common-attachment".
 */
export type Attachment =
  | {
      /**
       * 链接
       */
      type: 'link'
      /**
       * 标题，最多 128 字节
       */
      title: string
      /**
       * 摘要，最多 512 字节
       */
      description?: string
      /**
       * https 链接，最多 1024 字节，域名须已登记
       */
      url: string
      /**
       * 封面：config/assets/ 下的图片，或 https 地址
       */
      cover?: string
    }
  | {
      /**
       * 图片
       */
      type: 'image'
      /**
       * config/assets/ 下的 JPG 或 PNG
       */
      file: string
    }
  | {
      /**
       * 小程序
       */
      type: 'miniprogram'
      /**
       * 标题，最多 64 字节
       */
      title: string
      /**
       * 小程序 appid，须已登记并已关联
       */
      appid: string
      /**
       * 页面路径
       */
      page: string
      /**
       * 封面图片，建议 520×416
       */
      cover: string
    }
  | {
      /**
       * 视频
       */
      type: 'video'
      /**
       * config/assets/ 下的 MP4，最大 10 MB
       */
      file: string
    }
  | {
      /**
       * 文件
       */
      type: 'file'
      /**
       * config/assets/ 下的文件，最大 20 MB
       */
      file: string
      /**
       * 客户看到的文件名
       */
      name?: string
    }
/**
 * 百分比字符串（如 20%）或 0–1 的小数
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "common-share".
 */
export type Share = string | number
/**
 * 整数加单位 s/m/h/d，例如 300s、10m、4h
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "common-duration".
 */
export type Duration = string
/**
 * HH:MM 或 HH:MM:SS，请加引号
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "common-timeOfDay".
 */
export type TimeOfDay = string
/**
 * edit-* 改配置，approve/unlock/release/rollback/lockdown 流程，send-* 员工可发的附件种类
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "capability".
 */
export type Capability =
  | 'edit-text'
  | 'edit-link'
  | 'edit-attachment'
  | 'edit-schedule'
  | 'edit-channel'
  | 'edit-group-welcome'
  | 'edit-facts'
  | 'edit-links'
  | 'edit-calendar'
  | 'edit-grant'
  | 'edit-policy'
  | 'edit-organization'
  | 'approve'
  | 'unlock'
  | 'release'
  | 'rollback'
  | 'lockdown'
  | 'send-link'
  | 'send-miniprogram'
  | 'send-image'
  | 'send-video'
  | 'send-file'
/**
 * HH:MM 或 HH:MM:SS，可写 24:00，请加引号
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "common-timeOfDayEnd".
 */
export type TimeOfDayEnd = string
/**
 * 一个编号，或一组编号（取第一个在有效期内的）
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "common-ids".
 */
export type Ids = Id | Id[]
/**
 * 模板编号、一组模板编号（取第一个在有效期内的），或 silent（有意不说）
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "common-said".
 */
export type Said = Id | Id[]

export interface WrittenConfiguration {
  calendar?: WrittenCalendar
  channel?: WrittenChannel
  enterprise?: WrittenEnterprise
  facts?: WrittenFacts
  grants?: WrittenGrants
  'group-welcome'?: WrittenGroupWelcome
  links?: WrittenLinks
  organization?: WrittenOrganization
  policy?: WrittenPolicy
  roles?: WrittenRoles
  roster?: WrittenRoster
  schedule?: WrittenSchedule
  template?: WrittenTemplate
}
/**
 * 节假日历：一个文件放所有年份
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "calendar".
 */
export interface WrittenCalendar {
  /**
   * 给人看的名称
   */
  title: string
  /**
   * 年份 → 放假与调休
   */
  years: {
    /**
     * 一年
     *
     * This interface was referenced by `undefined`'s JSON-Schema definition
     * via the `patternProperty` "^[0-9]{4}$".
     */
    [k: string]: {
      /**
       * 法定节假日：日期或 [首日, 末日]
       */
      holidays: (PlainDate | PlainDate[])[]
      /**
       * 调休上班日
       */
      workdays: PlainDate[]
      /**
       * 依据
       */
      source: string
      /**
       * 复核人
       */
      reviewedBy: string
    }
  }
  /**
   * 负责人或负责部门，自由填写
   */
  owner?: string
  /**
   * 备注，自由填写
   */
  note?: string
}
/**
 * 一个渠道（渠道活码）
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "channel".
 */
export interface WrittenChannel {
  /**
   * 给人看的名称
   */
  title: string
  /**
   * 事件里带回的 state，最多 30 个字符
   */
  state?: string
  /**
   * state 的前缀，最多 30 个字符
   */
  statePrefix?: string
  /**
   * qr 活码、link 获客链接、card 名片、external 在别处管理
   */
  kind?: 'qr' | 'link' | 'card' | 'external'
  /**
   * 扫码后添加谁
   */
  staff?: {
    /**
     * 成员
     */
    members?: Userid[]
    /**
     * 部门
     */
    departments?: DepartmentPath[]
  }
  /**
   * 欢迎语之后给客户打的标签，写作 组/标签
   */
  tags?: string[]
  /**
   * 是否免验证
   */
  skipVerify?: boolean
  facts?: Facts
  printedUntil?: PlainDate
  was?: Id
  /**
   * 负责人或负责部门，自由填写
   */
  owner?: string
  /**
   * 备注，自由填写
   */
  note?: string
}
/**
 * 资料名到文字，例如 门店电话: 400-000-0000
 *
 * This interface was referenced by `WrittenFacts`'s JSON-Schema definition
 * via the `patternProperty` "^(/[^/]+)+$".
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "common-facts".
 */
export interface Facts {
  [k: string]: string
}
/**
 * 企业：账号、时区、语言、版本
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "enterprise".
 */
export interface WrittenEnterprise {
  /**
   * 给人看的名称
   */
  title?: string
  /**
   * 企业 ID（corpid），不是秘密
   */
  corpId: string
  /**
   * 自建应用的 agentid
   */
  agentId: number
  timezone: Timezone
  /**
   * 提示与评论使用的语言
   */
  locale?: 'zh-CN' | 'en'
  /**
   * 能力档：basic 只有文本；standard 加附件和时段；industry 再加按部门、角色、渠道区分
   */
  edition?: 'basic' | 'standard' | 'industry'
  /**
   * 没有专门文案时说什么
   */
  greet?: {
    successor?: Id
    /**
     * 昵称未知时代替 [客户昵称] 的文字，默认为空
     */
    unknown?: string
    /**
     * 最后的兜底语
     */
    builtIn?: string
  }
  /**
   * 秘密从哪些环境变量取（这里只写变量名）
   */
  secrets?: {
    secret?: EnvName
    token?: EnvName
    aesKey?: EnvName
  }
  /**
   * 负责人或负责部门，自由填写
   */
  owner?: string
  /**
   * 备注，自由填写
   */
  note?: string
}
/**
 * 部门路径 → 资料名 → 文字；下级部门逐项继承，最近的优先
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "facts".
 */
export interface WrittenFacts {
  /**
   * 给人看的名称
   */
  title?: string
  /**
   * 负责人或负责部门，自由填写
   */
  owner?: string
  /**
   * 备注，自由填写
   */
  note?: string
  [k: string]: Facts | string | undefined
}
/**
 * 一条授权：谁在什么范围、到什么时候、凭哪张工单拥有某角色
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "grant".
 */
export interface WrittenGrant {
  /**
   * 给人看的名称
   */
  title?: string
  /**
   * roles.yaml 中的角色名
   */
  role: string
  /**
   * 授予谁：github:账号、member:userid、department:路径、role:角色
   *
   * @minItems 1
   */
  to: string[]
  /**
   * 范围；不写表示全部
   */
  over?: {
    /**
     * config/ 下的文件模式，例如 templates/south/**
     */
    files?: string[]
    /**
     * 可影响的部门
     */
    departments?: DepartmentPath[]
  }
  from?: DateOrInstant
  until: DateOrInstant
  /**
   * 工单号
   */
  ticket: string
  /**
   * 负责人或负责部门，自由填写
   */
  owner?: string
  /**
   * 备注，自由填写
   */
  note?: string
}
/**
 * 入群欢迎语
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "group-welcome".
 */
export interface WrittenGroupWelcome {
  /**
   * 给人看的名称
   */
  title: string
  /**
   * 正文，最多 3000 字节；占位符只有 [客户昵称]
   */
  text: string
  attachment?: Attachment
  /**
   * 是否通知成员有新的入群欢迎语
   */
  notify?: boolean
  was?: Id
  /**
   * 负责人或负责部门，自由填写
   */
  owner?: string
  /**
   * 备注，自由填写
   */
  note?: string
}
/**
 * 登记的域名和小程序
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "links".
 */
export interface WrittenLinks {
  /**
   * 给人看的名称
   */
  title?: string
  /**
   * 域名
   *
   * Items: 一个域名（子域名分别登记）
   */
  hosts?: {
    /**
     * 主机名，例如 m.hehejj.example
     */
    host: string
    /**
     * 负责部门
     */
    owner: string
    /**
     * 用途
     */
    purpose?: string
    until?: PlainDate
    /**
     * 备注
     */
    note?: string
  }[]
  /**
   * 小程序
   *
   * Items: 一个小程序
   */
  miniprograms?: {
    /**
     * appid
     */
    appid: string
    /**
     * 负责部门
     */
    owner: string
    /**
     * 名称
     */
    title?: string
    associated?: PlainDate
    /**
     * 备注
     */
    note?: string
  }[]
  /**
   * 负责人或负责部门，自由填写
   */
  owner?: string
  /**
   * 备注，自由填写
   */
  note?: string
}
/**
 * 组织架构镜像：由机器人同步，不含姓名和电话
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "organization".
 */
export interface WrittenOrganization {
  /**
   * 给人看的名称
   */
  title?: string
  /**
   * 部门
   *
   * Items: 一个部门
   */
  departments?: {
    path: DepartmentPath
    /**
     * 企业微信部门 id
     */
    id?: number
    leader?: Userid
  }[]
  /**
   * 成员
   */
  members?: WrittenMember[]
  /**
   * 临时调岗
   *
   * Items: 临时调岗：期间代替主部门，含起点不含终点
   */
  transfers?: {
    member: Userid
    to: DepartmentPath
    from: Instant
    until: Instant
  }[]
  /**
   * 负责人或负责部门，自由填写
   */
  owner?: string
  /**
   * 备注，自由填写
   */
  note?: string
}
/**
 * 一个成员
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "member".
 */
export interface WrittenMember {
  id: Userid
  /**
   * 所在部门，第一个是主部门
   *
   * @minItems 1
   */
  departments: DepartmentPath[]
  /**
   * 企业微信成员标签
   */
  roles?: string[]
  /**
   * 属性，例如 星级: 3
   */
  attributes?: {
    [k: string]: string | number
  }
  leader?: Userid
  /**
   * 在职 active、停用 disabled、离职 left
   */
  status?: 'active' | 'disabled' | 'left'
  leftAt?: Instant
  successor?: Userid
  /**
   * GitHub 账号，给写改动和审批的人
   */
  github?: string
  /**
   * 客户看到的 [员工姓名]
   */
  displayName?: string
  /**
   * [员工编号]，请加引号
   */
  number?: string
  facts?: Facts
}
/**
 * 规矩：文案、护栏、审批、灰度、冻结
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "policy".
 */
export interface WrittenPolicy {
  /**
   * 给人看的名称
   */
  title?: string
  /**
   * 文案规则
   */
  text?: {
    /**
     * 最多多少个字（按人数字的方式，昵称按 12 个字展开）
     */
    maxCharacters?: number
    /**
     * 禁用词
     */
    forbidden?: (
      | string
      | {
          /**
           * 词
           *
           * @minItems 1
           */
          words: string[]
          /**
           * 只对这些部门
           */
          where?: DepartmentPath[]
          /**
           * 提示语
           */
          says?: string
        }
    )[]
    /**
     * 必须出现的句子
     *
     * Items: 必须出现的句子
     */
    required?: {
      /**
       * 句子
       */
      clause: string
      /**
       * 只对这些部门
       */
      departments?: DepartmentPath[]
    }[]
  }
  /**
   * 护栏：改动多大就锁定（超过才锁，等于不锁）
   */
  guard?: {
    /**
     * 链接变化
     */
    linkChange?: {
      template?: Share
      release?: Share
    }
    /**
     * 关键信息变化
     */
    keyFactChange?: {
      template?: Share
    }
    deletions?: Share
    /**
     * 滚动窗口
     */
    rolling?: {
      /**
       * 天数
       */
      days?: number[]
    }
    /**
     * 覆盖人数增长
     */
    audienceGrowth?: {
      /**
       * 倍数
       */
      factor?: number
      /**
       * 人数
       */
      people?: number
    }
    /**
     * 短链域名
     */
    shorteners?: string[]
    /**
     * 受保护部门
     */
    protectedDepartments?: DepartmentPath[]
  }
  /**
   * 审批规则：每条匹配的都要满足
   *
   * Items: 一条审批规则
   */
  review?: {
    /**
     * 规则名
     */
    name: string
    /**
     * 改了什么
     *
     * @minItems 1
     */
    on: (
      | 'text'
      | 'link'
      | 'attachment'
      | 'schedule'
      | 'audience'
      | 'channel'
      | 'group-welcome'
      | 'facts'
      | 'links'
      | 'calendar'
      | 'grant'
      | 'role'
      | 'policy'
      | 'organization'
      | 'enterprise'
      | 'deletion'
    )[]
    /**
     * 需要谁
     *
     * @minItems 1
     *
     * Items: 需要几位谁
     */
    need: {
      /**
       * 人数
       */
      count: number
      /**
       * 角色名
       */
      role?: string
      department?: DepartmentPath
      /**
       * 是否须来自不同部门
       */
      distinctDepartments?: boolean
    }[]
    ttl?: Duration
  }[]
  /**
   * 解锁
   */
  unlock?: {
    /**
     * 需要谁
     *
     * @minItems 1
     *
     * Items: 需要几位谁
     */
    need: {
      /**
       * 人数
       */
      count: number
      /**
       * 角色名
       */
      role?: string
      department?: DepartmentPath
      /**
       * 是否须来自不同部门
       */
      distinctDepartments?: boolean
    }[]
    expires?: Duration
  }
  /**
   * 灰度
   */
  canary?: {
    share?: Share
    /**
     * 各步比例
     *
     * @minItems 1
     */
    steps?: Share[]
    /**
     * 证据不足前最多影响多少人
     */
    maxPeople?: number
    alpha?: Share
    /**
     * 观察时长
     */
    observe?: {
      min?: Duration
      max?: Duration
    }
    /**
     * 这段时间不自动放量
     *
     * @minItems 2
     * @maxItems 2
     */
    notBetween?: TimeOfDay[]
  }
  /**
   * 冻结期
   *
   * Items: 一段冻结期
   */
  freeze?: {
    /**
     * 名称
     */
    name: string
    from: Instant
    until: Instant
    /**
     * 仍允许的操作
     */
    allow?: ('rollback' | 'lockdown' | 'offboard')[]
    /**
     * 原因
     */
    reason?: string
  }[]
  /**
   * 负责人或负责部门，自由填写
   */
  owner?: string
  /**
   * 备注，自由填写
   */
  note?: string
}
/**
 * 角色名 → 能做什么
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "roles".
 */
export interface WrittenRoles {
  /**
   * 给人看的名称
   */
  title?: string
  /**
   * 负责人或负责部门，自由填写
   */
  owner?: string
  /**
   * 备注，自由填写
   */
  note?: string
  [k: string]: WrittenRole | string | undefined
}
/**
 * 一个角色
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "role".
 */
export interface WrittenRole {
  /**
   * 能力
   */
  may: Capability[]
  /**
   * 对应的企业微信成员标签
   */
  wecomTag?: string
  /**
   * 备注
   */
  note?: string
  /**
   * 负责人
   */
  owner?: string
}
/**
 * 班表
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "roster".
 */
export interface WrittenRoster {
  /**
   * 给人看的名称
   */
  title: string
  /**
   * 班次名 → 起止
   */
  shifts: {
    /**
     * 班次起止
     */
    [k: string]: {
      from: TimeOfDay
      to: TimeOfDayEnd
    }
  }
  importedAt: Instant
  /**
   * 超过这么多天未更新，班次视为不存在
   */
  staleAfterDays?: number
  /**
   * 日期 → 班次 → 成员
   */
  days: {
    /**
     * This interface was referenced by `undefined`'s JSON-Schema definition
     * via the `patternProperty` "^[0-9]{4}-[0-9]{2}-[0-9]{2}$".
     */
    [k: string]: {
      [k: string]: Userid[]
    }
  }
  /**
   * 负责人或负责部门，自由填写
   */
  owner?: string
  /**
   * 备注，自由填写
   */
  note?: string
}
/**
 * 一份排班：谁在什么时候说哪条模板
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "schedule".
 */
export interface WrittenSchedule {
  /**
   * 给人看的名称
   */
  title: string
  audience: Audience
  template?: Ids
  /**
   * silent 有意不说；inherit 交给下一级（仅用于渠道）
   */
  mode?: 'silent' | 'inherit'
  /**
   * 时段
   *
   * @minItems 1
   */
  slots?: WrittenSlot[]
  /**
   * 指定日期：取代在这些日期开始的时段
   *
   * @minItems 1
   */
  dates?: WrittenNamedDates[]
  default?: Said
  timezone?: Timezone
  calendar?: Id
  /**
   * 只在同级完全相同时比较，大者优先
   */
  priority?: number
  validFrom?: Instant
  validTo?: Instant
  /**
   * 负责人或负责部门，自由填写
   */
  owner?: string
  /**
   * 备注，自由填写
   */
  note?: string
}
/**
 * 适用范围：各维度同时满足，维度内任一满足；全空 = 所有人
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "audience".
 */
export interface Audience {
  /**
   * 成员
   */
  members?: Userid[]
  /**
   * 部门（含下级）
   */
  departments?: DepartmentPath[]
  /**
   * 角色
   */
  roles?: string[]
  /**
   * 属性条件，例如 星级: ">=3"
   */
  levels?: {
    /**
     * 比较式如 ">=3"（> >= < <= =），或值的列表如 [金牌, 银牌]
     */
    [k: string]: string | (string | number)[]
  }
  /**
   * 渠道编号
   */
  channels?: Id[]
  /**
   * 从本排班中去掉
   */
  exclude?: {
    /**
     * 成员
     */
    members?: Userid[]
    /**
     * 部门（含下级）
     */
    departments?: DepartmentPath[]
    /**
     * 角色
     */
    roles?: string[]
    /**
     * 渠道编号
     */
    channels?: Id[]
  }
}
/**
 * 一个时段：days+from+to，或班次 shift
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "slot".
 */
export interface WrittenSlot {
  /**
   * all，或 mon…sun / workday / weekend / holiday 的列表
   */
  days?: 'all' | ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun' | 'workday' | 'weekend' | 'holiday')[]
  from?: TimeOfDay
  to?: TimeOfDayEnd
  /**
   * 班表中的班次名
   */
  shift?: string
  template: Said
  /**
   * true：打卡显示在岗时才算
   */
  onDuty?: boolean
}
/**
 * 指定日期的时段
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "namedDates".
 */
export interface WrittenNamedDates {
  on?: PlainDate
  /**
   * [首日, 末日]，含两端
   *
   * @minItems 2
   * @maxItems 2
   */
  range?: PlainDate[]
  /**
   * 当天开始的时段
   */
  slots: WrittenSlot[]
}
/**
 * 一条欢迎语模板
 *
 * This interface was referenced by `WrittenConfiguration`'s JSON-Schema
 * via the `definition` "template".
 */
export interface WrittenTemplate {
  /**
   * 给人看的名称
   */
  title: string
  /**
   * 正文，必填；占位符如 [客户昵称] [员工姓名] [门店名称]，展开后最多 4000 字节
   */
  text: string
  /**
   * 附件，按顺序发送，最多 9 个
   *
   * @maxItems 9
   */
  attachments?: Attachment[]
  /**
   * 兜底文字：不含链接、资料和 [客户昵称]；有附件或用到资料时必填
   */
  fallback?: string
  /**
   * BCP 47 语言标记，例如 zh-CN、en、de
   */
  language?: string
  validFrom?: Instant
  validTo?: Instant
  /**
   * 正文必须包含的句子
   */
  clauses?: string[]
  /**
   * 负责人或负责部门，自由填写
   */
  owner?: string
  /**
   * 备注，自由填写
   */
  note?: string
}
