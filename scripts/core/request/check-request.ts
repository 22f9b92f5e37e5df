import type {Config} from '../model/config.js'
import {hasErrors, type Remark} from '../model/finding.js'
import {plainLine} from '../model/plain-line.js'
import type {Account} from '../model/review.js'
import type {WrittenGrant} from '../model/written.js'
import {checkDepartments, checkFiles} from './check-scope.js'
import {checkSubjects} from './check-subjects.js'
import {checkWindow} from './check-window.js'
import {createSay, offer, type Say, shown} from './complain.js'
import {type Answered, type Field, readForm} from './read-form.js'

const REQUIRED: readonly Field[] = ['角色', '给谁', '截止', '工单号', '理由']
const LONGEST_REASON = 500
const TICKET = /^[\p{L}\p{N}][\p{L}\p{N}._/#-]{0,63}$/u

export interface RequestFacts {
  readonly body: string
  /** How findings call the issue. */
  readonly file: string
  /** What the grant is called. */
  readonly title: string
  /** Who asks; absent offline. */
  readonly by?: Account | undefined
  readonly config: Config
  /** Names that files and folders of a configuration may have, folders with a slash behind. */
  readonly kinds: readonly string[]
  readonly nowMs: number
}

/** A permission that was asked for, or what is wrong with the asking. */
export interface Requested {
  readonly grant: WrittenGrant | null
  readonly remarks: readonly Remark[]
}

/** Checks every field at once. Who asks decides nothing: a grant is only ever proposed, and others agree to it. */
export function checkRequest(facts: RequestFacts): Requested {
  const {config, title, nowMs} = facts
  const form = readForm(facts.body)
  const {answers} = form
  const remarks: Remark[] = []
  const say = createSay(facts.file, form, remarks)
  for (const field of REQUIRED)
    if (!answers.has(field))
      say(
        field,
        'request-is-complete',
        {zh: `「${field}」没有填`, en: `"${field}" is not filled in`},
        {zh: '编辑议题，在这个标题下面填上', en: 'edit the issue and write it under this heading'},
      )
  const role = checkRole(answers.get('角色'), config, say)
  const to = checkSubjects(answers.get('给谁'), config, say)
  const files = checkFiles(answers.get('范围文件'), facts.kinds, say)
  const departments = checkDepartments(answers.get('范围部门'), config, say)
  const window = checkWindow(answers, config.enterprise.value.timezone, nowMs, say)
  const ticket = checkTicket(answers.get('工单号'), say)
  if (hasErrors(remarks) || role === null || window === null || ticket === null) return {grant: null, remarks}
  const over = {...(files.length > 0 ? {files} : {}), ...(departments.length > 0 ? {departments} : {})}
  const grant: WrittenGrant = {
    ...{title, role, to},
    ...(files.length + departments.length > 0 ? {over} : {}),
    ...window,
    ...{ticket, note: plainLine(answers.get('理由')?.text ?? '', LONGEST_REASON)},
  }
  remarkOn(grant, facts, say)
  return {grant, remarks}
}

function checkRole(answered: Answered | undefined, {roles}: Config, say: Say): string | null {
  if (!answered) return null
  const known = Object.entries(roles.value).flatMap(([name, role]) => (typeof role === 'object' ? [name] : []))
  const name = answered.text.trim()
  if (known.includes(name)) return name
  say(
    '角色',
    'role-exists',
    {zh: `没有角色「${shown(name)}」`, en: `there is no role "${shown(name)}"`},
    offer(name, known),
  )
  return null
}

function checkTicket(answered: Answered | undefined, say: Say): string | null {
  if (!answered) return null
  const ticket = answered.text.trim()
  if (TICKET.test(ticket)) return ticket
  say(
    '工单号',
    'ticket-is-a-number',
    {zh: `「${shown(ticket)}」不像工单号`, en: `"${shown(ticket)}" does not look like a ticket`},
    {zh: '只写工单号，例如 OA-2026-1187', en: 'write the ticket alone, such as OA-2026-1187'},
  )
  return null
}

/** What the people who agree should know; none of it hinders. */
function remarkOn({role, to, over}: WrittenGrant, {by, config}: RequestFacts, say: Say): void {
  if (over === undefined)
    say(
      '范围文件',
      'grant-has-a-scope',
      {
        zh: '没有写范围：这个角色对全部文件和部门有效',
        en: 'no scope is given: the role would hold for all files and departments',
      },
      {zh: '能缩小就缩小，例如 templates/south/**', en: 'narrow it where you can, for example to templates/south/**'},
      'warning',
    )
  const members = config.organization.value.members ?? []
  const asker = by && members.find(({github}) => github?.toLowerCase() === by.login.toLowerCase())
  const names = new Set(
    [by ? `github:${by.login}` : '', asker ? `member:${asker.id}` : ''].map((name) => name.toLowerCase()),
  )
  if (by && to.some((subject) => names.has(subject.toLowerCase())))
    say(
      '给谁',
      'request-for-oneself',
      {zh: '申请人为自己申请', en: 'the role is asked for by whoever gets it'},
      {zh: '可以，但仍要别人批准', en: 'that is fine; others still have to agree'},
      'info',
    )
  const same = config.grants.find(({value}) => value.role === role && to.every((subject) => value.to.includes(subject)))
  if (same)
    say(
      '角色',
      'grant-exists',
      {
        zh: `${same.file} 已把这个角色给了他们，到 ${same.value.until}（工单 ${same.value.ticket}）`,
        en: `${same.file} gives them this role already, until ${same.value.until} (ticket ${same.value.ticket})`,
      },
      {
        zh: '续期或换范围时，请同时删掉旧的那条',
        en: 'when it is extended or its scope changes, remove the old one in the same step',
      },
      'warning',
    )
}
