import {sha256} from '../../scripts/core/model/canonical.js'
import type {Asset, Config, GrantResource, Resource} from '../../scripts/core/model/config.js'
import type {
  WrittenChannel,
  WrittenEnterprise,
  WrittenGrant,
  WrittenGroupWelcome,
  WrittenMember,
  WrittenRoles,
  WrittenSchedule,
  WrittenTemplate,
} from '../../scripts/core/model/written.js'

export interface ConfigParts {
  readonly enterprise?: Partial<WrittenEnterprise>
  readonly departments?: readonly {path: string; id?: number}[]
  readonly members?: readonly WrittenMember[]
  readonly roles?: WrittenRoles
  readonly grants?: readonly WrittenGrant[]
  readonly templates?: Readonly<Record<string, WrittenTemplate>>
  readonly schedules?: Readonly<Record<string, WrittenSchedule>>
  readonly channels?: Readonly<Record<string, WrittenChannel>>
  readonly groupWelcomes?: Readonly<Record<string, WrittenGroupWelcome>>
  /** Path → content. */
  readonly assets?: Readonly<Record<string, string>>
}

const resource = <T>(id: string, file: string, value: T): Resource<T> => ({id, file, value})

const resources = <T>(folder: string, values: Readonly<Record<string, T>> = {}): Map<string, Resource<T>> =>
  new Map(Object.entries(values).map(([id, value]) => [id, resource(id, `${folder}/${id}.yaml`, value)]))

export const MEMBERS: readonly WrittenMember[] = [
  {id: 'zhang.san', departments: ['/总部/天河店']},
  {id: 'li.si', departments: ['/总部/天河店']},
  {id: 'wang.wu', departments: ['/总部/西单店']},
]
export const DEPARTMENTS = [
  {path: '/总部', id: 1},
  {path: '/总部/天河店', id: 12},
  {path: '/总部/西单店', id: 13},
]

/** A small valid configuration; tests say only what they are about. */
export function aConfig(parts: ConfigParts = {}): Config {
  return {
    enterprise: resource('enterprise', 'enterprise.yaml', {
      corpId: 'wwtest',
      agentId: 1000002,
      timezone: 'Asia/Shanghai',
      ...parts.enterprise,
    }),
    organization: resource('organization', 'organization.yaml', {
      departments: [...(parts.departments ?? DEPARTMENTS)],
      members: [...(parts.members ?? MEMBERS)],
    }),
    policy: resource('policy', 'policy.yaml', {}),
    links: resource('links', 'links.yaml', {}),
    roles: resource('roles', 'roles.yaml', parts.roles ?? {}),
    facts: resource('facts', 'facts.yaml', {}),
    templates: resources('templates', parts.templates ?? {hello: {title: '你好', text: '您好'}}),
    schedules: resources('schedules', parts.schedules ?? {all: {title: '全部', audience: {}, template: 'hello'}}),
    channels: resources('channels', parts.channels),
    groupWelcomes: resources('group-welcomes', parts.groupWelcomes),
    calendars: new Map(),
    rosters: new Map(),
    grants: (parts.grants ?? []).map((value, index): GrantResource => ({
      id: `grants#${index}`,
      file: 'grants/all.yaml',
      index,
      value,
    })),
    assets: new Map(Object.entries(parts.assets ?? {}).map(([path, content]) => [path, anAsset(path, content)])),
  }
}

const anAsset = (path: string, content: string): Asset => ({
  path,
  sha256: sha256(content),
  bytes: Buffer.byteLength(content),
  mime: path.endsWith('.png') ? 'image/png' : null,
})

export const aChannel = (changes: Partial<WrittenChannel> = {}): WrittenChannel => ({
  title: '天河',
  state: 'tianhe',
  kind: 'qr',
  staff: {members: ['zhang.san']},
  ...changes,
})
