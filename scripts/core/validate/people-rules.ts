import {ancestry, isLeaver, isWithin} from '../greet/member-context.js'
import {LEVELS, levelOf} from '../greet/specificity.js'
import {allSlots} from '../greet/timetable.js'
import {isValid} from '../greet/validity.js'
import type {Resource} from '../model/config.js'
import type {Member} from '../model/directory.js'
import type {Remark} from '../model/finding.js'
import type {ReleaseSchedule, Said} from '../model/release.js'
import type {WrittenTemplate} from '../model/written.js'
import {MAX_CONTACT_WAY_MEMBERS} from './limits.js'
import {append, type Checked, eachOf, listed, remark, type Rule} from './rule.js'

const templatesIn = (said: Said | undefined): readonly string[] => (said === undefined || said === 'silent' ? [] : said)

/** Every template a schedule may say. */
export const templatesOf = (schedule: ReleaseSchedule): string[] => [
  ...new Set([
    ...templatesIn(schedule.says),
    ...templatesIn(schedule.default),
    ...allSlots(schedule).flatMap(({says}) => templatesIn(says)),
  ]),
]

interface Use {
  readonly scheduleId: string
  readonly members: readonly Member[]
}

/** Who may come to say each template as things stand now, with the schedule that brings it about. */
function sayers(checked: Checked): ReadonlyMap<string, readonly Use[]> {
  const found = new Map<string, Use[]>()
  const covered = Object.entries(checked.release.schedules).map(([scheduleId, schedule]) => ({
    scheduleId,
    schedule,
    covers: checked.reach.membersOf(schedule.audience),
  }))
  const outranked = createOutranked(checked, covered)
  const staffed = createStaffFilter(checked)
  for (const {scheduleId, schedule, covers} of covered) {
    const isOutranked = outranked(schedule)
    const members = covers.filter((member) => staffed(schedule, member) && !isOutranked(member))
    const use = {scheduleId, members}
    for (const id of templatesOf(schedule)) {
      const uses = found.get(id)
      if (uses) uses.push(use)
      else found.set(id, [use])
    }
  }
  return found
}

/** True where a narrower schedule that always has something to say covers the member, so that this one is never asked. */
function createOutranked(
  {release, nowMs}: Checked,
  covered: readonly {readonly schedule: ReleaseSchedule; readonly covers: readonly Member[]}[],
): (schedule: ReleaseSchedule) => (member: Member) => boolean {
  const alwaysValid = (said: Said | undefined): boolean =>
    said === 'silent' ||
    (said ?? []).some(
      (id) => release.templates[id]?.validFromMs === undefined && release.templates[id]?.validToMs === undefined,
    )
  const narrowest = new Map<string, number>()
  for (const {schedule, covers} of covered) {
    const rank = LEVELS.indexOf(levelOf(schedule))
    const settles =
      schedule.mode === 'silent' || (schedule.mode === undefined && alwaysValid(schedule.says ?? schedule.default))
    if (rank === LEVELS.indexOf('channel') || !settles || !isValid(schedule, nowMs)) continue
    for (const {id} of covers) narrowest.set(id, Math.min(rank, narrowest.get(id) ?? rank))
  }
  return (schedule) => {
    const rank = LEVELS.indexOf(levelOf(schedule))
    return ({id}) => rank > (narrowest.get(id) ?? LEVELS.length)
  }
}

/** A channel's code adds only its staff; a channel without staff may lead to anybody. */
function createStaffFilter({config}: Checked): (schedule: ReleaseSchedule, member: Member) => boolean {
  return ({audience}, member) =>
    audience.channels.length === 0 ||
    audience.channels.some((id) => {
      const {members = [], departments = []} = config.channels.get(id)?.value.staff ?? {}
      const isOpen = members.length + departments.length === 0
      return (
        isOpen ||
        members.some((name) => name.toLowerCase() === member.id.toLowerCase()) ||
        inDepartments(member, departments)
      )
    })
}

const inDepartments = (member: Member, paths: readonly string[]): boolean =>
  member.departments.some((own) => paths.some((path) => isWithin(own, path)))

/** Wording lists, required sentences, facts and rights to send all ask who says a template; that is found once. */
export const templatesSuitTheirSayers: Rule = (checked) => {
  const saidBy = sayers(checked)
  const holes = createFactLookup(checked)
  const lists = forbiddenLists(checked)
  const holders = createHolderLookup(checked)
  const remarks: Remark[] = []
  for (const template of checked.config.templates.values()) {
    const uses = saidBy.get(template.id) ?? []
    const members = uses.length === 1 ? (uses[0]?.members ?? []) : [...new Set(uses.flatMap((use) => use.members))]
    append(remarks, unusedTemplate(template, uses.length > 0, checked))
    append(remarks, forbiddenWords(template, members, lists))
    append(remarks, requiredClauses(template, members, checked))
    append(remarks, holes(template, members))
    append(remarks, rightsToSend(template, uses, holders, checked))
  }
  return remarks
}

function unusedTemplate(template: Resource<WrittenTemplate>, isUsed: boolean, {config, broken}: Checked): Remark[] {
  if (isUsed || config.enterprise.value.greet?.successor === template.id) return []
  // What a broken schedule wants to say is not known.
  if ([...broken].some((key) => key.startsWith('schedule/') || key === 'enterprise/enterprise')) return []
  return [
    remark(
      template,
      '',
      'template-is-used',
      'warning',
      {zh: '没有排班使用这条模板', en: 'no schedule uses this template'},
      {zh: '在排班里引用它，或删除它', en: 'name it in a schedule, or delete it'},
    ),
  ]
}

interface WordingList {
  readonly words: readonly string[]
  readonly where: readonly string[] | undefined
  readonly says: string | undefined
}

const forbiddenLists = ({config}: Checked): readonly WordingList[] =>
  (config.policy.value.text?.forbidden ?? []).map((entry) =>
    typeof entry === 'string'
      ? {words: [entry.normalize('NFC')], where: undefined, says: undefined}
      : {where: entry.where, says: entry.says, words: entry.words.map((word) => word.normalize('NFC'))},
  )

function forbiddenWords(
  template: Resource<WrittenTemplate>,
  members: readonly Member[],
  lists: readonly WordingList[],
): Remark[] {
  // Nearly every template is clean, and who says it matters only for the others.
  const used = lists.filter(({words}) => words.some((word) => isWritten(word, template.value)))
  if (used.length === 0) return []
  const texts = writtenTexts(template.value)
  return used
    .filter(({where}) => where === undefined || members.some((member) => inDepartments(member, where)))
    .flatMap(({words, says}) =>
      texts.flatMap(({pointer, text}) =>
        words
          .filter((word) => text.includes(word))
          .map((word) =>
            remark(
              template,
              pointer,
              'wording-list',
              'error',
              {
                zh: `用了禁用词「${word}」${says ? `：${says}` : ''}`,
                en: `the forbidden wording "${word}" is used${says ? `: ${says}` : ''}`,
              },
              {
                zh: '换一种说法（词表在 policy.yaml 的 text.forbidden）',
                en: 'say it differently (the list is text.forbidden in policy.yaml)',
              },
            ),
          ),
      ),
    )
}

/** Whether a word stands in any text of a template; asks no more than {@link writtenTexts} gives, and makes nothing. */
function isWritten(word: string, {text, fallback, attachments = []}: WrittenTemplate): boolean {
  if (text.includes(word) || fallback?.includes(word)) return true
  for (const attachment of attachments) {
    if ('title' in attachment && attachment.title.includes(word)) return true
    if (attachment.type === 'link' && attachment.description?.includes(word)) return true
    if (attachment.type === 'file' && attachment.name?.includes(word)) return true
  }
  return false
}

/** Every text of a template that a customer may read. */
function writtenTexts(value: WrittenTemplate): {readonly pointer: string; readonly text: string}[] {
  return [
    {pointer: '/text', text: value.text},
    ...(value.fallback === undefined ? [] : [{pointer: '/fallback', text: value.fallback}]),
    ...(value.attachments ?? []).flatMap((attachment, index) => {
      const at = `/attachments/${index}`
      if (attachment.type === 'link')
        return [
          {pointer: `${at}/title`, text: attachment.title},
          {pointer: `${at}/description`, text: attachment.description ?? ''},
        ]
      if (attachment.type === 'miniprogram') return [{pointer: `${at}/title`, text: attachment.title}]
      return attachment.type === 'file' && attachment.name ? [{pointer: `${at}/name`, text: attachment.name}] : []
    }),
  ]
}

function requiredClauses(template: Resource<WrittenTemplate>, members: readonly Member[], {config}: Checked): Remark[] {
  return (config.policy.value.text?.required ?? [])
    .filter(
      ({clause, departments}) =>
        !template.value.text.includes(clause) &&
        (departments === undefined || members.some((member) => inDepartments(member, departments))),
    )
    .map(({clause}) =>
      remark(
        template,
        '/text',
        'required-clause-missing',
        'error',
        {zh: `正文里缺少必须出现的句子「${clause}」`, en: `the text lacks the required sentence "${clause}"`},
        {
          zh: '把它原样写进正文（规定在 policy.yaml 的 text.required）',
          en: 'write it into the text as it stands (text.required in policy.yaml)',
        },
      ),
    )
}

/** Departments whose members would be sent the fallback, since a fact is missing there. */
function createFactLookup({
  config,
  reach,
  texts,
}: Checked): (template: Resource<WrittenTemplate>, members: readonly Member[]) => Remark[] {
  const byChannel = new Set([...config.channels.values()].flatMap(({value}) => Object.keys(value.facts ?? {})))
  const known = new Map<string, ReadonlySet<string>>()
  const factsAt = (path: string): ReadonlySet<string> => {
    let names = known.get(path)
    if (!names)
      known.set(path, (names = new Set(ancestry(path).flatMap((above) => namesOf(config.facts.value[above])))))
    return names
  }
  const lackingOf = (members: readonly Member[], name: string): readonly string[] => {
    const lacking: string[] = []
    for (const member of members) {
      const path = reach.contextOf(member)?.departments[0] ?? ''
      if (!factsAt(path).has(name) && member.facts[name] === undefined) lacking.push(path)
    }
    return lacking
  }
  // Templates of one schedule are said by the same members.
  const byMembers = new WeakMap<readonly Member[], Map<string, readonly string[]>>()
  const findLacking = (members: readonly Member[], name: string): readonly string[] => {
    let byName = byMembers.get(members)
    if (!byName) byMembers.set(members, (byName = new Map<string, readonly string[]>()))
    let lacking = byName.get(name)
    if (!lacking) byName.set(name, (lacking = lackingOf(members, name)))
    return lacking
  }
  return (template, members) => {
    const names = texts.get(template.id)?.factNames ?? []
    const missing = names.filter((name) => findLacking(members, name).length > 0)
    return [...new Set(missing)].flatMap((name) => {
      const lacking = findLacking(members, name)
      const where = listed(new Set(lacking), 5)
      const unless = byChannel.has(name)
        ? {zh: '（渠道资料里有的除外）', en: ' (unless the channel gives it)'}
        : {zh: '', en: ''}
      return [
        remark(
          template,
          '/text',
          'facts-missing',
          'warning',
          {
            zh: `这些部门没有资料 [${name}]：${where}；那里会改发 fallback${unless.zh}`,
            en: `these departments have no fact [${name}]: ${where}; the fallback is said there${unless.en}`,
          },
          {zh: '在 facts.yaml 里补上', en: 'add it to facts.yaml'},
        ),
      ]
    })
  }
}

const namesOf = (facts: unknown): string[] => (typeof facts === 'object' && facts !== null ? Object.keys(facts) : [])

const SENDING = {
  link: 'send-link',
  miniprogram: 'send-miniprogram',
  image: 'send-image',
  video: 'send-video',
  file: 'send-file',
} as const

/** Roles by the `send-*` kind they hold; kinds nobody holds are absent. */
type HolderLookup = ReadonlyMap<string, ReadonlySet<string>>

function createHolderLookup({config}: Checked): HolderLookup {
  const holders = new Map<string, Set<string>>()
  for (const [name, role] of Object.entries(config.roles.value))
    if (typeof role === 'object')
      for (const kind of role.may) holders.set(kind, (holders.get(kind) ?? new Set<string>()).add(name))
  return holders
}

/** The `send-*` kinds bind only where some role mentions that kind; then the member needs a role that has it. */
function rightsToSend(
  template: Resource<WrittenTemplate>,
  uses: readonly Use[],
  holdersOf: HolderLookup,
  {people, nowMs}: Checked,
): Remark[] {
  if (holdersOf.size === 0) return []
  return (template.value.attachments ?? []).flatMap(({type}, index) => {
    const capability = SENDING[type]
    const holders = holdersOf.get(capability)
    if (!holders) return []
    return uses.flatMap(({scheduleId, members}) => {
      const lacking = members.filter(
        (member) => ![...people.contextOf(member, nowMs).roles].some((role) => holders.has(role)),
      )
      if (lacking.length === 0) return []
      const who = listed(
        lacking.map(({id}) => id),
        5,
      )
      return [
        remark(
          template,
          `/attachments/${index}`,
          'grant-denied',
          'error',
          {
            zh: `排班 ${scheduleId} 让这些成员发送它，但他们没有 ${capability}：${who}`,
            en: `schedule ${scheduleId} makes these members send it, but they lack ${capability}: ${who}`,
          },
          {
            zh: `授予他们含 ${capability} 的角色（${listed(holders)}），或换一条模板`,
            en: `grant them a role with ${capability} (${listed(holders)}), or use another template`,
          },
        ),
      ]
    })
  })
}

export const audiencesNameNoLeavers: Rule = ({config, people, nowMs}) =>
  [...config.schedules.values()].flatMap((schedule) =>
    eachOf(schedule.value.audience.members, '/audience/members').flatMap(({value, pointer}) => {
      const member = people.find(value)
      return member && isLeaver(member, nowMs)
        ? [
            remark(
              schedule,
              pointer,
              'audience-names-active-members',
              'warning',
              {zh: `${value} 已离职或停用`, en: `${value} has left or is disabled`},
              {zh: '从范围里去掉', en: 'take him out of the audience'},
            ),
          ]
        : []
    }),
  )

export const channelStaffIsActive: Rule = ({config, people, nowMs}) =>
  [...config.channels.values()].flatMap((channel) => {
    const printed = channel.value.printedUntil
      ? {zh: `（印刷品用到 ${channel.value.printedUntil}）`, en: ` (in print until ${channel.value.printedUntil})`}
      : {zh: '', en: ''}
    const kind = channel.value.kind ?? 'qr'
    const empty = (channel.value.staff?.members ?? []).length + (channel.value.staff?.departments ?? []).length === 0
    const leavers = eachOf(channel.value.staff?.members, '/staff/members').filter(({value}) => {
      const member = people.find(value)
      return member !== undefined && isLeaver(member, nowMs)
    })
    return [
      ...leavers.map(({value, pointer}) =>
        remark(
          channel,
          pointer,
          'channel-staff-is-active',
          'warning',
          {
            zh: `渠道码仍含离职或停用成员 ${value}${printed.zh}`,
            en: `the code still adds ${value}, who has left or is disabled${printed.en}`,
          },
          {zh: '换成接替人', en: 'name his successor'},
        ),
      ),
      ...(kind === 'external' && !empty
        ? [
            remark(
              channel,
              '/staff',
              'external-channel-has-no-staff',
              'error',
              {
                zh: 'kind: external 的渠道在别处管理，不能写 staff',
                en: 'a channel of kind external is managed elsewhere and has no staff',
              },
              {zh: '去掉 staff，或改 kind', en: 'remove staff, or change the kind'},
              true,
            ),
          ]
        : []),
      ...(kind === 'qr' && empty
        ? [
            remark(
              channel,
              '',
              'channel-has-staff',
              'warning',
              {
                zh: '没有写 staff，不会创建活码，只按 state 选择文案',
                en: 'no staff is named, so no code is made; the state only chooses the text',
              },
              {zh: '补上 staff，或写 kind: external', en: 'add staff, or write kind: external'},
            ),
          ]
        : []),
    ]
  })

/** A code that adds more members than the platform takes is refused there with 41041 (92228), departments expanded. */
export const channelStaffFitsOneCode: Rule = ({config, directory, nowMs}) => {
  const active = directory.members.filter((member) => !isLeaver(member, nowMs))
  const below = countBelow(active)
  return [...config.channels.values()].flatMap((channel) => {
    const {members = [], departments = []} = channel.value.staff ?? {}
    const most = departments.reduce((sum, path) => sum + (below.get(path) ?? 0), members.length)
    if (most <= MAX_CONTACT_WAY_MEMBERS) return []
    const named = new Set(members.map((id) => id.toLowerCase()))
    const staff = active.filter((member) => named.has(member.id.toLowerCase()) || inDepartments(member, departments))
    return staff.length > MAX_CONTACT_WAY_MEMBERS
      ? [
          remark(
            channel,
            '/staff',
            'channel-staff-fits-one-code',
            'error',
            {
              zh: `展开部门后共 ${staff.length} 人，一个活码最多 ${MAX_CONTACT_WAY_MEMBERS} 人`,
              en: `with departments expanded it adds ${staff.length} members, one code takes ${MAX_CONTACT_WAY_MEMBERS}`,
            },
            {
              zh: '拆成几个渠道，或写更下一级的部门',
              en: 'split it into several channels, or name departments further down',
            },
          ),
        ]
      : []
  })
}

/** How many members stand in or below each department; somebody in two of them counts in both. */
function countBelow(members: readonly Member[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const member of members)
    for (const own of member.departments)
      for (const path of ancestry(own)) counts.set(path, (counts.get(path) ?? 0) + 1)
  return counts
}
