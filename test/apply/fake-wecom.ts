import type {ContactWayValue} from '../../scripts/core/model/plan.js'
import {
  AnswerLost,
  Refused,
  type CorpTag,
  type GroupWelcomeSpec,
  type SeenGroupWelcome,
  type WeComWriter,
} from '../../scripts/core/ports.js'

/** What goes wrong with one call. `lost-done` was carried out and its answer lost, `lost-undone` never arrived. */
export type Fault =
  | {readonly kind: 'refused'; readonly errcode: number}
  | {readonly kind: 'lost-done' | 'lost-undone' | 'killed-before' | 'killed-after'}

/** The process dies: nothing of it does anything any more. */
export class Killed extends Error {
  override readonly name = 'Killed'
}

export interface Call {
  readonly name: keyof WeComWriter
  /** Counts from 0 over all calls. */
  readonly index: number
  readonly args: readonly unknown[]
}

/** WeCom by hand: creates are not idempotent, group welcomes cannot be listed, names of tags are unique. */
export class FakeWeCom {
  readonly calls: Call[] = []
  readonly pictures: string[] = []
  readonly media: string[] = []
  readonly corpTags: CorpTag[] = []
  readonly ways = new Map<string, ContactWayValue>()
  readonly welcomes = new Map<string, GroupWelcomeSpec>()
  readonly memberTags = new Map<number, {name: string; users: Set<string>}>()
  /** Userids nobody can tag. */
  readonly unknownUsers = new Set<string>()
  fault: (call: Call) => Fault | null = () => null
  /** Set by a kill: the store of that process is dead with it. */
  isDead = false
  inFlight = 0
  mostInFlight = 0
  private next = 1

  countCalls(name: keyof WeComWriter): number {
    return this.calls.filter((call) => call.name === name).length
  }

  readonly writer: WeComWriter = {
    uploadPicture: (file) =>
      this.call('uploadPicture', [file.name], () => add(this.pictures, `https://p.example/${this.id()}`)),
    uploadMedia: (type, file) =>
      this.call('uploadMedia', [type, file.name], () => add(this.media, `media-${this.id()}`)),
    listCorpTags: () => this.call('listCorpTags', [], () => [...this.corpTags]),
    addCorpTags: (group, names) =>
      this.call('addCorpTags', [group, names], () =>
        names.map((name) => {
          const there = this.corpTags.find((tag) => tag.group === group && tag.name === name)
          return there ?? add(this.corpTags, {id: `tag-${this.id()}`, group, name})
        }),
      ),
    addContactWay: (value) =>
      this.call('addContactWay', [value], () => {
        const configId = `config-${this.id()}`
        this.ways.set(configId, value)
        return configId
      }),
    listContactWays: (sinceMs) => this.call('listContactWays', [sinceMs], () => [...this.ways.keys()]),
    getContactWay: (configId) => this.call('getContactWay', [configId], () => this.ways.get(configId) ?? null),
    updateContactWay: (configId, value) =>
      this.call('updateContactWay', [configId, value], () => {
        if (!this.ways.has(configId)) throw new Refused(41044, 'unknown config_id')
        this.ways.set(configId, value)
      }),
    deleteContactWay: (configId) =>
      this.call('deleteContactWay', [configId], () => {
        if (!this.ways.delete(configId)) throw new Refused(41044, 'unknown config_id')
      }),
    addGroupWelcome: (spec, notify) =>
      this.call('addGroupWelcome', [spec, notify], () => {
        const templateId = `template-${this.id()}`
        this.welcomes.set(templateId, spec)
        return templateId
      }),
    editGroupWelcome: (templateId, spec) =>
      this.call('editGroupWelcome', [templateId, spec], () => {
        if (!this.welcomes.has(templateId)) throw new Refused(40058, 'unknown template_id')
        this.welcomes.set(templateId, spec)
      }),
    deleteGroupWelcome: (templateId) =>
      this.call('deleteGroupWelcome', [templateId], () => {
        if (!this.welcomes.delete(templateId)) throw new Refused(40058, 'unknown template_id')
      }),
    getGroupWelcome: (templateId) =>
      this.call('getGroupWelcome', [templateId], () => {
        const spec = this.welcomes.get(templateId)
        return spec ? seenOf(spec) : null
      }),
    listMemberTags: () =>
      this.call('listMemberTags', [], () => [...this.memberTags].map(([id, {name}]) => ({id, name}))),
    createMemberTag: (name) =>
      this.call('createMemberTag', [name], () => {
        if ([...this.memberTags.values()].some((tag) => tag.name === name)) throw new Refused(40071, 'name taken')
        const id = this.id()
        this.memberTags.set(id, {name, users: new Set()})
        return id
      }),
    getMemberTagUsers: (tagId) => this.call('getMemberTagUsers', [tagId], () => [...this.tag(tagId).users]),
    addMemberTagUsers: (tagId, users) =>
      this.call('addMemberTagUsers', [tagId, users], () => {
        const invalid = users.filter((user) => this.unknownUsers.has(user))
        if (invalid.length === users.length) throw new Refused(40070, 'all invalid')
        for (const user of users) if (!invalid.includes(user)) this.tag(tagId).users.add(user)
        return invalid
      }),
    deleteMemberTagUsers: (tagId, users) =>
      this.call('deleteMemberTagUsers', [tagId, users], () => {
        const gone = users.filter((user) => !this.tag(tagId).users.delete(user))
        if (gone.length === users.length) throw new Refused(40031, 'all invalid')
        return gone
      }),
  }

  private id(): number {
    return this.next++
  }

  private tag(tagId: number): {name: string; users: Set<string>} {
    const tag = this.memberTags.get(tagId)
    if (!tag) throw new Refused(40068, 'unknown tag')
    return tag
  }

  private async call<T>(name: keyof WeComWriter, args: readonly unknown[], work: () => T): Promise<T> {
    if (this.isDead) throw new Killed('the process is dead')
    const call = {name, args, index: this.calls.length}
    this.calls.push(call)
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight)
    try {
      await Promise.resolve()
      return this.answer(call, work)
    } finally {
      this.inFlight--
    }
  }

  private answer<T>(call: Call, work: () => T): T {
    const fault = this.fault(call)
    if (fault?.kind === 'killed-before') this.die()
    if (fault?.kind === 'refused') throw new Refused(fault.errcode, 'refused by the test')
    if (fault?.kind === 'lost-undone') throw new AnswerLost('lost by the test')
    const answer = work()
    if (fault?.kind === 'lost-done') throw new AnswerLost('lost by the test')
    if (fault?.kind === 'killed-after') this.die()
    return answer
  }

  private die(): never {
    this.isDead = true
    throw new Killed('the process is dead')
  }
}

/** Media are not given back, a link is. */
function seenOf({text, part}: GroupWelcomeSpec): SeenGroupWelcome {
  if (part?.type !== 'link') return {text, parts: part ? [part.type] : []}
  const {title, url, desc = '', picUrl = ''} = part
  return {text, parts: ['link'], link: {title, url, description: desc, cover: picUrl}}
}

function add<T>(list: T[], value: T): T {
  list.push(value)
  return value
}
