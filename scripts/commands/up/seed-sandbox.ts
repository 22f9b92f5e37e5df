import {ancestry} from '../../core/greet/member-context.js'
import type {Config} from '../../core/model/config.js'
import type {SandboxControl} from './sandbox-control.js'

/** The secrets of the one app of the embedded sandbox; they open nothing outside this machine. */
export interface SandboxSecrets {
  readonly secret: string
  readonly token: string
  readonly aesKey: string
}

/** Department ids: as written in `organization.yaml`, others numbered behind them. */
function departmentIds(config: Config): Map<string, number> {
  const {departments = [], members = []} = config.organization.value
  const written = new Map(departments.flatMap(({path, id}) => (id === undefined ? [] : [[path, id] as const])))
  const paths = new Set(
    [...departments.map(({path}) => path), ...members.flatMap((member) => member.departments)].flatMap((path) =>
      ancestry(path),
    ),
  )
  let next = Math.max(1, ...written.values())
  for (const path of [...paths].sort((a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1)))
    if (!written.has(path)) written.set(path, written.size === 0 ? 1 : ++next)
  return written
}

const STATUS = {active: 1, disabled: 2, left: 5} as const

/** Gives the sandbox the departments and members of the configuration, and one app with a callback. */
export async function seedSandbox(
  control: SandboxControl,
  config: Config,
  secrets: SandboxSecrets,
  associated: readonly string[],
): Promise<void> {
  const ids = departmentIds(config)
  const departments = [...ids].map(([path, id]) => ({
    id,
    name: path.slice(path.lastIndexOf('/') + 1),
    parentid: ids.get(path.slice(0, path.lastIndexOf('/'))) ?? 0,
  }))
  const members = (config.organization.value.members ?? []).map((member) => ({
    userid: member.id,
    name: member.displayName ?? member.id,
    department: member.departments.flatMap((path) => ids.get(path) ?? []),
    main_department: ids.get(member.departments[0] ?? '') ?? 1,
    status: STATUS[member.status ?? 'active'],
    ...(member.leader ? {direct_leader: member.leader} : {}),
    ...(member.attributes ? {attributes: member.attributes} : {}),
  }))
  await control.post('/organization', {departments, members})
  await control.post('/apps', {
    apps: [
      {
        agentid: config.enterprise.value.agentId,
        secret: secrets.secret,
        visible: {departments: departments.filter(({parentid}) => parentid === 0).map(({id}) => id)},
      },
    ],
  })
  await control.post('/mini-programs', {appids: associated})
}

/** Tells the sandbox where the responder listens. */
export async function connectCallback(
  control: SandboxControl,
  config: Config,
  secrets: SandboxSecrets,
  callbackUrl: string,
): Promise<void> {
  const {agentId} = config.enterprise.value
  const roots = [...departmentIds(config)].filter(([path]) => path.lastIndexOf('/') === 0).map(([, id]) => id)
  await control.post('/apps', {
    apps: [
      {
        agentid: agentId,
        secret: secrets.secret,
        visible: {departments: roots},
        callback: {url: callbackUrl, token: secrets.token, aesKey: secrets.aesKey},
      },
    ],
  })
}
