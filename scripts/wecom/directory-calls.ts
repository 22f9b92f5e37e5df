import {flagOf, numberOf, numbersOf, recordOf, recordsOf, textOf, textsOf, barListOf, type Answer} from './answer.js'
import {AmbiguousOutcome} from './errors.js'
import type {CallOptions, Send} from './transport.js'
import type {PartialFailure, WireAgent, WireDepartment, WireMember, WireMemberTag, WireTagHolders} from './wire.js'

type Fields = Readonly<Record<string, unknown>>

const readDepartment = (row: Fields): WireDepartment => ({
  id: numberOf(row, 'id'),
  name: textOf(row, 'name'),
  parentId: numberOf(row, 'parentid'),
  order: numberOf(row, 'order'),
  leaders: textsOf(row, 'department_leader'),
})

function readMember(row: Fields): WireMember {
  const departmentIds = numbersOf(row, 'department')
  const leads = numbersOf(row, 'is_leader_in_dept')
  return {
    userId: textOf(row, 'userid'),
    name: textOf(row, 'name'),
    departmentIds,
    mainDepartmentId: numberOf(row, 'main_department') || (departmentIds[0] ?? 0),
    isLeaderIn: departmentIds.filter((_id, index) => leads[index] === 1),
    directLeaders: textsOf(row, 'direct_leader'),
    position: textOf(row, 'position'),
    status: numberOf(row, 'status'),
    attributes: readAttributes(recordsOf(recordOf(row, 'extattr'), 'attrs')),
  }
}

function readAttributes(attrs: readonly Fields[]): Record<string, string> {
  const entries = attrs.map((attr): [string, string] => {
    const text = textOf(recordOf(attr, 'text'), 'value')
    const web = textOf(recordOf(attr, 'web'), 'url')
    return [textOf(attr, 'name'), text || web || textOf(attr, 'value')]
  })
  return Object.fromEntries(entries.filter(([name, value]) => name !== '' && value !== ''))
}

const readPartialFailure = ({fields}: Answer): PartialFailure => ({
  invalidUserIds: barListOf(fields, 'invalidlist'),
  invalidDepartmentIds: numbersOf(fields, 'invalidparty'),
})

const readAgent = ({fields}: Answer): WireAgent => ({
  agentId: numberOf(fields, 'agentid'),
  name: textOf(fields, 'name'),
  closed: flagOf(fields, 'close'),
  userIds: recordsOf(recordOf(fields, 'allow_userinfos'), 'user').map((user) => textOf(user, 'userid')),
  departmentIds: numbersOf(recordOf(fields, 'allow_partys'), 'partyid'),
  tagIds: numbersOf(recordOf(fields, 'allow_tags'), 'tagid'),
})

/** Departments, members and the app itself. Every list holds only what the app may see. */
export function createDirectoryCalls(send: Send, agentId: number) {
  return {
    /** Document 90208; all departments below and with the visible roots. */
    async fetchDepartments(options?: CallOptions): Promise<WireDepartment[]> {
      const {fields} = await send({call: 'department/list'}, options)
      return recordsOf(fields, 'department').map(readDepartment)
    },
    /** Document 90201; the members of this department alone, not of those below it. */
    async fetchDepartmentMembers(departmentId: number, options?: CallOptions): Promise<WireMember[]> {
      const {fields} = await send({call: 'user/list', query: {department_id: String(departmentId)}}, options)
      return recordsOf(fields, 'userlist').map(readMember)
    },
    /** Document 90196. A member who is gone is refused with 60111, 46004 or 40003. */
    async fetchMember(userId: string, options?: CallOptions): Promise<WireMember> {
      const {fields} = await send({call: 'user/get', query: {userid: userId}}, options)
      return readMember(fields)
    },
    /** Document 92571: who can greet a customer at all. */
    async fetchFollowUsers(options?: CallOptions): Promise<string[]> {
      const {fields} = await send({call: 'get_follow_user_list'}, options)
      return textsOf(fields, 'follow_user')
    },
    /** Document 90227. */
    async fetchAgent(options?: CallOptions): Promise<WireAgent> {
      return readAgent(await send({call: 'agent/get', query: {agentid: String(agentId)}}, options))
    },
  }
}

/** Tags of members (not of customers): documents 90210 to 90216. */
export function createMemberTagCalls(send: Send) {
  const change =
    (call: 'tag/addtagusers' | 'tag/deltagusers') =>
    async (tagId: number, userIds: readonly string[], options?: CallOptions): Promise<PartialFailure> =>
      readPartialFailure(await send({call, body: {tagid: tagId, userlist: userIds}}, options))
  return {
    async fetchMemberTags(options?: CallOptions): Promise<WireMemberTag[]> {
      const {fields} = await send({call: 'tag/list'}, options)
      return recordsOf(fields, 'taglist').map((tag) => ({tagId: numberOf(tag, 'tagid'), name: textOf(tag, 'tagname')}))
    },
    async fetchTagHolders(tagId: number, options?: CallOptions): Promise<WireTagHolders> {
      const {fields} = await send({call: 'tag/get', query: {tagid: String(tagId)}}, options)
      const userIds = recordsOf(fields, 'userlist').map((user) => textOf(user, 'userid'))
      return {name: textOf(fields, 'tagname'), userIds, departmentIds: numbersOf(fields, 'partylist')}
    },
    /** Names are unique: an existing one is refused with 40071. A lost answer is an AmbiguousOutcome; look up by name. */
    async sendMemberTag(name: string, options?: CallOptions): Promise<number> {
      const call = 'tag/create'
      const {fields} = await send({call, body: {tagname: name}}, options)
      const tagId = numberOf(fields, 'tagid')
      if (tagId === 0) throw new AmbiguousOutcome({call, reason: 'malformed', symptom: 'no tagid'})
      return tagId
    },
    /** At most 1000 members; some may be left out although the call succeeds. */
    sendTagHolders: change('tag/addtagusers'),
    sendTagRemovals: change('tag/deltagusers'),
  }
}
