export interface Mend {
  readonly en: string
  readonly zh: string
}

// What a person can do about a refusal; only for codes somebody outside the program can mend.
const MENDS: ReadonlyMap<number, Mend> = new Map<number, Mend>([
  [40001, {en: 'put the current secret of the app into the secret store', zh: '请更新密钥库中该应用的 Secret'}],
  [40003, {en: 'refresh the member list and drop this member', zh: '请刷新成员列表并移除该成员'}],
  [40007, {en: 'upload the file again and use the new media id', zh: '请重新上传素材并使用新的 media_id'}],
  [40013, {en: 'correct corpId in enterprise.yaml', zh: '请更正 enterprise.yaml 中的 corpId'}],
  [40091, {en: 'use the secret that belongs to this corp', zh: '请使用本企业的 Secret'}],
  [
    40096,
    {en: 'check that a member in the visible range follows this customer', zh: '请确认可见范围内有成员跟进该客户'},
  ],
  [40098, {en: 'ask the member to verify his real name', zh: '请该成员完成实名认证'}],
  [41041, {en: 'split the channel: at most 100 members', zh: '请拆分渠道，最多 100 名成员'}],
  [41045, {en: 'delete contact ways that are no longer used', zh: '请删除不再使用的渠道码'}],
  [41054, {en: 'the member must log in to WeCom once', zh: '请该成员先登录企业微信'}],
  [41055, {en: 'delete group welcomes; the corp may hold 100', zh: '请删除多余的入群欢迎语，上限 100 个'}],
  [41058, {en: 'edit it with the app or console that made it', zh: '请在创建它的应用或后台中修改'}],
  [45009, {en: 'wait for the end of the window that was hit', zh: '请等待限频窗口结束'}],
  [48002, {en: 'add the app under 可调用接口的应用 in the console', zh: '请在管理后台“可调用接口的应用”中添加本应用'}],
  [48006, {en: 'an admin must enable the app again in the console', zh: '请管理员在后台重新启用该应用'}],
  [50003, {en: 'enable the app in the console', zh: '请在管理后台启用该应用'}],
  [60011, {en: "widen the app's visible range or drop the target", zh: '请扩大应用可见范围，或移除该对象'}],
  [
    60020,
    {
      en: 'go out through the trusted IP or add this IP (acts after about a minute)',
      zh: '请走可信 IP 出口，或把该 IP 加入企业可信 IP（约 1 分钟生效）',
    },
  ],
  [60021, {en: "widen the app's visible range or drop the member", zh: '请扩大应用可见范围，或移除该成员'}],
  [60111, {en: 'treat the member as a leaver and refresh the list', zh: '请按离职处理并刷新成员列表'}],
  [81011, {en: 'use the app that made the tag', zh: '请使用创建该标签的应用'}],
  [84061, {en: 'the relation is gone or not yet there; go on without it', zh: '客户关系不存在或尚未建立，请跳过'}],
  [84074, {en: 'give the member the customer-contact function (使用范围)', zh: '请在“使用范围”中为该成员开通客户联系'}],
  [90206, {en: 'link the mini program to the corp in the console', zh: '请在管理后台关联该小程序'}],
  [90207, {en: 'correct the mini-program appid', zh: '请更正小程序 appid'}],
  [90208, {en: 'link the mini program or correct its appid', zh: '请关联该小程序或更正 appid'}],
  [93000, {en: "replace the robot's webhook key", zh: '请更换机器人 webhook 密钥'}],
  [301002, {en: 'use the agentId the secret belongs to', zh: '请使用与 Secret 对应的 agentId'}],
  [301021, {en: 'drop leavers from the list', zh: '请从名单中移除离职成员'}],
])

/** What to do about a code, in both languages, or nothing when only a change of the request helps. */
export const findMend = (code: number): Mend | undefined => MENDS.get(code)
