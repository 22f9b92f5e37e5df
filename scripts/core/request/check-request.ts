import type {Config} from '../model/config.js'
import type {Remark} from '../model/finding.js'
import {isDate, parseInstant} from '../model/instant.js'
import {nearestName} from '../model/nearest.js'
import type {Words} from '../model/words.js'
import type {WrittenGrant} from '../model/written.js'
import {addDays, zoneOf} from '../model/zone.js'
import {type Answered, type Field, FIELDS, readForm} from './read-form.js'

const MOST_DAYS = 366
const LOGIN = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?$/
const OPTIONAL: readonly Field[] = ['范围文件', '范围部门', '开始']

/** A permission that was asked for, or what is wrong with the asking; `file` names the issue in the findings. */
export interface Requested {
  readonly grant: WrittenGrant | null
  readonly remarks: readonly Remark[]
}

/** Checks every field at once. Who asks decides nothing: a grant is only ever proposed, and others agree to it. */
export function checkRequest(body: string, number: number, config: Config, nowMs: number): Requested {
  const form = readForm(body)
  const remarks: Remark[] = []
  const say = (rule: string, field: Field, says: Words, fix: Words): void =>
    void remarks.push({
      rule,
      level: 'error',
      at: {file: `#${number}`, line: form.get(field)?.line ?? 1, column: 1},
      says,
      fix,
    })
  for (const field of FIELDS)
    if (!form.has(field) && !OPTIONAL.includes(field))
      say(
        'request-incomplete',
        field,
        {zh: `「${field}」没有填`, en: `"${field}" is not filled in`},
        {zh: '编辑议题，在这个标题下面填上', en: 'edit the issue and write it under this heading'},
      )
  const role = checkRole(form.get('角色'), config, say)
  const to = checkSubjects(form.get('给谁'), config, say)
  const files = checkFiles(form.get('范围文件'), say)
  const departments = checkDepartments(form.get('范围部门'), config, say)
  const window = checkWindow(form.get('开始'), form.get('截止'), config, nowMs, say)
  const [ticket, reason] = [oneLine(form.get('工单号')), oneLine(form.get('理由'))]
  if (remarks.length > 0 || role === null || window === null || to.length === 0) return {grant: null, remarks}
  const over = {...(files.length > 0 ? {files} : {}), ...(departments.length > 0 ? {departments} : {})}
  return {
    remarks,
    grant: {
      title: `权限申请 #${number}`,
      role,
      to,
      ...(Object.keys(over).length > 0 ? {over} : {}),
      ...(window.from === undefined ? {} : {from: window.from}),
      until: window.until,
      ticket,
      note: reason,
    },
  }
}

type Say = (rule: string, field: Field, says: Words, fix: Words) => void

const oneLine = (answered: Answered | undefined): string => (answered?.text ?? '').replace(/\s+/g, ' ').trim()

const wordsIn = (answered: Answered | undefined): string[] =>
  (answered?.text ?? '').split(/[\s,，、;；]+/).filter((word) => word !== '')

const linesIn = (answered: Answered | undefined): string[] =>
  (answered?.text ?? '')
    .split(/[\n,，]/)
    .map((line) =>
      line
        .replace(/^[-*]\s+/, '')
        .replace(/^`|`$/g, '')
        .trim(),
    )
    .filter((line) => line !== '')

function checkRole(answered: Answered | undefined, {roles}: Config, say: Say): string | null {
  if (!answered) return null
  const known = Object.entries(roles.value).flatMap(([name, role]) => (typeof role === 'object' ? [name] : []))
  const name = oneLine(answered)
  if (known.includes(name)) return name
  say('role-unknown', '角色', {zh: `没有「${name}」这个角色`, en: `there is no role "${name}"`}, offer(name, known))
  return null
}

function offer(name: string, known: readonly string[]): Words {
  const near = nearestName(name, known)
  return near === undefined
    ? {zh: `可用：${known.slice(0, 12).join('、')}`, en: `known: ${known.slice(0, 12).join(', ')}`}
    : {zh: `是不是「${near}」？`, en: `did you mean "${near}"?`}
}

/** `github:login`, `member:userid`, or either without its prefix where it is known. */
function checkSubjects(answered: Answered | undefined, {organization}: Config, say: Say): string[] {
  const members = organization.value.members ?? []
  const logins = members.flatMap(({github}) => github ?? [])
  const ids = members.map(({id}) => id)
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
  return wordsIn(answered).flatMap((word) => {
    const [, prefix, name = ''] = /^(?:(github|member):)?@?(.+)$/.exec(word) ?? []
    const login = prefix === 'member' ? undefined : logins.find((one) => same(one, name))
    if (login !== undefined && LOGIN.test(login)) return [`github:${login}`]
    const id = prefix === 'github' ? undefined : ids.find((one) => same(one, name))
    if (id !== undefined) return [`member:${id}`]
    say(
      'subject-unknown',
      '给谁',
      {zh: `organization.yaml 里没有「${word}」`, en: `organization.yaml knows no "${word}"`},
      offer(name, prefix === 'github' ? logins : prefix === 'member' ? ids : [...logins, ...ids]),
    )
    return []
  })
}

function checkFiles(answered: Answered | undefined, say: Say): string[] {
  return linesIn(answered).flatMap((line) => {
    const pattern = line.replace(/^\/?config\//, '')
    if (!pattern.startsWith('/') && !pattern.startsWith('!') && !pattern.split('/').includes('..')) return [pattern]
    say(
      'glob-stays-inside',
      '范围文件',
      {zh: `「${line}」不在 config/ 之内`, en: `"${line}" is not inside config/`},
      {zh: '例如 templates/south/**', en: 'write for example templates/south/**'},
    )
    return []
  })
}

function checkDepartments(answered: Answered | undefined, {organization}: Config, say: Say): string[] {
  const known = (organization.value.departments ?? []).map(({path}) => path)
  return linesIn(answered).filter((path) => {
    if (known.includes(path)) return true
    say(
      'department-unknown',
      '范围部门',
      {zh: `没有部门「${path}」`, en: `there is no department "${path}"`},
      offer(path, known),
    )
    return false
  })
}

function checkWindow(
  from: Answered | undefined,
  until: Answered | undefined,
  {enterprise}: Config,
  nowMs: number,
  say: Say,
): {readonly from?: string; readonly until: string} | null {
  const zone = zoneOf(enterprise.value.timezone)
  const today = zone.localTime(nowMs).date
  const first = dateOf(from, '开始', say)
  const last = dateOf(until, '截止', say)
  if (last === null) return null
  if (last < today)
    say(
      'grant-expired',
      '截止',
      {zh: `截止 ${last} 已经过去`, en: `${last} is over`},
      {zh: '写今天以后的日期', en: 'write a date to come'},
    )
  if (last > addDays(today, MOST_DAYS))
    say(
      'grant-too-long',
      '截止',
      {zh: `到 ${last} 超过一年`, en: `until ${last} is longer than a year`},
      {
        zh: `最晚 ${addDays(today, MOST_DAYS)}，到期再申请`,
        en: `at most until ${addDays(today, MOST_DAYS)}; ask again then`,
      },
    )
  if (first !== null && first > last)
    say(
      'window-is-not-empty',
      '开始',
      {zh: '开始晚于截止', en: 'it begins after it ends'},
      {zh: '改正起止', en: 'correct the dates'},
    )
  return {...(first === null ? {} : {from: first}), until: last}
}

/** A real date; 30 February is none. */
function dateOf(answered: Answered | undefined, field: Field, say: Say): string | null {
  if (!answered) return null
  const text = oneLine(answered)
  const ms = isDate(text) ? parseReal(text) : null
  if (ms !== null) return text
  say(
    'date-is-real',
    field,
    {zh: `「${text}」不是日期`, en: `"${text}" is no date`},
    {zh: '写作 2027-06-30', en: 'write it as 2027-06-30'},
  )
  return null
}

function parseReal(date: string): number | null {
  try {
    const ms = parseInstant(`${date}T00:00:00Z`)
    return new Date(ms).toISOString().startsWith(date) ? ms : null
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
