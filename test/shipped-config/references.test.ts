import {describe, expect, it} from '@jest/globals'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import type {WrittenRoles} from '../../scripts/core/model/written.js'
import {
  channels,
  CONFIG,
  enterprise,
  facts,
  findFiles,
  findStrings,
  findTemplates,
  grants,
  groupWelcomes,
  links,
  organization,
  policy,
  readYaml,
  roles,
  rosters,
  schedules,
  templates,
  yamlFiles,
} from './read-shipped-config.js'

const members = organization.members ?? []
const working = new Set(members.filter(({status}) => status !== 'left').map(({id}) => id))
const departments = new Set((organization.departments ?? []).map(({path}) => path))
const logins = new Set(members.flatMap(({github}) => github ?? []))
const memberRoles = new Set(members.flatMap((member) => member.roles ?? []))
const attachments = [
  ...[...templates.values()].flatMap((template) => template.attachments ?? []),
  ...[...groupWelcomes.values()].flatMap(({attachment}) => attachment ?? []),
]

const missing = (wanted: readonly (string | undefined)[], known: {has(id: string): boolean}): string[] =>
  wanted.filter((id): id is string => id !== undefined && !known.has(id))

describe('names in the shipped configuration', () => {
  it('every template that is said exists, and every template is said by somebody', () => {
    const said = [
      ...[...schedules.values()].flatMap((schedule) => findTemplates(schedule)),
      enterprise.greet?.successor,
    ]
    expect(missing(said, templates)).toEqual([])
    expect(missing([...templates.keys()], new Set(said))).toEqual([])
  })

  it('every audience names channels, departments, members and roles that exist', () => {
    const audiences = [...schedules.values()].map(({audience}) => audience)
    const all = audiences.flatMap((audience) => [audience, audience.exclude ?? {}])
    expect(
      missing(
        all.flatMap((one) => one.channels ?? []),
        channels,
      ),
    ).toEqual([])
    expect(
      missing(
        all.flatMap((one) => one.departments ?? []),
        departments,
      ),
    ).toEqual([])
    expect(
      missing(
        all.flatMap((one) => one.members ?? []),
        working,
      ),
    ).toEqual([])
    const isTag = (role: WrittenRoles[string]): boolean => typeof role === 'object' && role.wecomTag !== undefined
    const held = {has: (role: string) => memberRoles.has(role) || isTag(roles[role])}
    expect(
      missing(
        all.flatMap((one) => one.roles ?? []),
        held,
      ),
    ).toEqual([])
  })

  it('members, leaders, successors and transfers point at people and departments that exist', () => {
    const people = (organization.departments ?? []).map(({leader}) => leader)
    expect(missing([...people, ...members.flatMap(({leader, successor}) => [leader, successor])], working)).toEqual([])
    expect(
      missing(
        members.flatMap((member) => member.departments),
        departments,
      ),
    ).toEqual([])
    expect(
      missing(
        (organization.transfers ?? []).map(({member}) => member),
        working,
      ),
    ).toEqual([])
    expect(
      missing(
        (organization.transfers ?? []).map(({to}) => to),
        departments,
      ),
    ).toEqual([])
    expect(
      missing(
        Object.keys(facts).filter((key) => key.startsWith('/')),
        departments,
      ),
    ).toEqual([])
  })

  it('channels and rosters name working members and known departments only', () => {
    const staff = [...channels.values()].map((channel) => channel.staff ?? {})
    expect(
      missing(
        staff.flatMap((one) => one.members ?? []),
        working,
      ),
    ).toEqual([])
    expect(
      missing(
        staff.flatMap((one) => one.departments ?? []),
        departments,
      ),
    ).toEqual([])
    expect(
      missing(
        [...rosters.values()].flatMap(({days}) => findStrings(days)),
        working,
      ),
    ).toEqual([])
  })

  it('no state, member, department path or department id stands twice', () => {
    const lists: (string | number | undefined)[][] = [
      [...channels.values()].flatMap(({state, statePrefix}) => [state, statePrefix]),
      members.map(({id}) => id.toLowerCase()),
      (organization.departments ?? []).map(({path}) => path),
      (organization.departments ?? []).map(({id}) => id),
    ]
    for (const list of lists.map((one) => one.filter((item) => item !== undefined)))
      expect(list.length).toBe(new Set(list).size)
  })

  it('grants and review rules name roles, logins, members and departments that exist', () => {
    const roleNames = {has: (role: string) => roles[role] !== undefined}
    expect(
      missing(
        grants.map(({role}) => role),
        roleNames,
      ),
    ).toEqual([])
    const known: Readonly<Record<string, {has(id: string): boolean}>> = {
      github: logins,
      member: working,
      department: departments,
      role: memberRoles,
    }
    for (const receiver of grants.flatMap(({to}) => to)) {
      const colon = receiver.indexOf(':')
      const id = receiver.slice(colon + 1)
      expect([receiver, known[receiver.slice(0, colon)]?.has(id)]).toEqual([receiver, true])
    }
    expect(
      missing(
        grants.flatMap(({over}) => over?.departments ?? []),
        departments,
      ),
    ).toEqual([])
    const places = [...(policy.review ?? []).flatMap(({need}) => need), ...(policy.unlock?.need ?? [])]
    expect(
      missing(
        places.map(({role}) => role),
        roleNames,
      ),
    ).toEqual([])
    expect(
      missing(
        places.map(({department}) => department),
        departments,
      ),
    ).toEqual([])
  })

  it('every asset that is named exists, and every asset is named', () => {
    const named = attachments.flatMap((one) => [
      'cover' in one ? one.cover : undefined,
      'file' in one ? one.file : undefined,
    ])
    const files = named.filter((path): path is string => path?.startsWith('assets/') ?? false)
    expect(files.filter((path) => !existsSync(join(CONFIG, path)))).toEqual([])
    const used = new Set(files.map((path) => path.normalize('NFC')))
    expect(
      missing(
        findFiles(join(CONFIG, 'assets/')).map((path) => `assets/${path}`.normalize('NFC')),
        used,
      ),
    ).toEqual([])
  })
})

describe('nothing in the shipped configuration can reach a real place', () => {
  const strings = yamlFiles.flatMap((file) => findStrings(readYaml(file)))

  it('every phone number is of the impossible form 400-000-NNNN', () => {
    // Runs of ten or more digits and dashes; not the tail of an appid or corp id, and not a date.
    const numbers = strings.flatMap((text) => text.match(/(?<!\w)\d[\d-]{8,}\d/g) ?? [])
    const phones = numbers.filter((found) => !/^\d{4}-\d{2}-\d{2}$/.test(found))
    expect(phones.length).toBeGreaterThanOrEqual(10)
    expect(phones.filter((phone) => !/^400-000-\d{4}$/.test(phone))).toEqual([])
  })

  it('every host ends in .example, and every host of a link is registered', () => {
    const hosts = new Set((links.hosts ?? []).map(({host}) => host))
    const urls = strings.flatMap((text) => text.match(/https?:\/\/[^\s"]+/g) ?? []).map((url) => new URL(url))
    const all = [...hosts, ...(policy.guard?.shorteners ?? []), ...urls.map(({hostname}) => hostname)]
    expect(all.filter((host) => !host.endsWith('.example'))).toEqual([])
    expect(urls.filter(({protocol}) => protocol !== 'https:')).toEqual([])
    expect(
      missing(
        urls.map(({hostname}) => hostname),
        hosts,
      ),
    ).toEqual([])
  })

  it('every mini-program is registered', () => {
    const appids = new Set((links.miniprograms ?? []).map(({appid}) => appid))
    const used = attachments.flatMap((one) => (one.type === 'miniprogram' ? one.appid : []))
    expect(missing(used, appids)).toEqual([])
    expect([...appids].filter((appid) => !/^wx0{15}\d$/.test(appid))).toEqual([])
  })
})
