/**
 * Whether a call may be sent twice when its answer was lost.
 * `safe` = documented or a plain read · `assumed` = set semantics that no page confirms (a setting of the client decides)
 * · `never` = a second sending may do it twice.
 */
export type Repeat = 'safe' | 'assumed' | 'never'

export interface CallRule {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** A read changes nothing: losing its answer is never ambiguous. */
  readonly reads: boolean
  readonly repeat: Repeat
  /** Answers with a file; a refusal is JSON all the same. */
  readonly givesFile?: true
}

const read = (method: 'GET' | 'POST', path: string): CallRule => ({method, path, reads: true, repeat: 'safe'})
const write = (path: string, repeat: Repeat): CallRule => ({method: 'POST', path, reads: false, repeat})

/** Every call this project makes, by the name it has in the platform's pages. */
export const CALLS = {
  gettoken: read('GET', 'gettoken'),
  'agent/get': read('GET', 'agent/get'),
  'department/list': read('GET', 'department/list'),
  'user/list': read('GET', 'user/list'),
  'user/get': read('GET', 'user/get'),
  'tag/list': read('GET', 'tag/list'),
  'tag/get': read('GET', 'tag/get'),
  // No page says what a repeated member-tag call does: names are unique (40071), adding and removing are sets.
  'tag/create': write('tag/create', 'never'),
  'tag/addtagusers': write('tag/addtagusers', 'assumed'),
  'tag/deltagusers': write('tag/deltagusers', 'assumed'),
  get_follow_user_list: read('GET', 'externalcontact/get_follow_user_list'),
  'externalcontact/get': read('GET', 'externalcontact/get'),
  send_welcome_msg: write('externalcontact/send_welcome_msg', 'safe'),
  get_corp_tag_list: read('POST', 'externalcontact/get_corp_tag_list'),
  add_corp_tag: write('externalcontact/add_corp_tag', 'never'),
  mark_tag: write('externalcontact/mark_tag', 'assumed'),
  add_contact_way: write('externalcontact/add_contact_way', 'never'),
  get_contact_way: read('POST', 'externalcontact/get_contact_way'),
  list_contact_way: read('POST', 'externalcontact/list_contact_way'),
  update_contact_way: write('externalcontact/update_contact_way', 'safe'),
  del_contact_way: write('externalcontact/del_contact_way', 'safe'),
  'group_welcome_template/add': write('externalcontact/group_welcome_template/add', 'never'),
  'group_welcome_template/edit': write('externalcontact/group_welcome_template/edit', 'safe'),
  'group_welcome_template/get': read('POST', 'externalcontact/group_welcome_template/get'),
  'group_welcome_template/del': write('externalcontact/group_welcome_template/del', 'safe'),
  // A second upload leaves an unused media id that dies after three days, or an unused URL: nothing to undo.
  'media/upload': write('media/upload', 'safe'),
  'media/uploadimg': write('media/uploadimg', 'safe'),
  transfer_customer: write('externalcontact/transfer_customer', 'never'),
  'resigned/transfer_customer': write('externalcontact/resigned/transfer_customer', 'never'),
  get_unassigned_list: read('POST', 'externalcontact/get_unassigned_list'),
  'message/send': write('message/send', 'never'),
  'webhook/send': write('webhook/send', 'never'),
  'media/get': {...read('GET', 'media/get'), givesFile: true},
  getcheckindata: read('POST', 'checkin/getcheckindata'),
  getcheckinschedulist: read('POST', 'checkin/getcheckinschedulist'),
  'admin_oper_log/list': read('POST', 'security/admin_oper_log/list'),
} satisfies Record<string, CallRule>

export type CallName = keyof typeof CALLS
