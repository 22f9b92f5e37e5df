import {renderMemberEvent} from './callback-xml.js'
import {trustedIpsAt} from './app-checks.js'
import type {ControlTable} from './control-door.js'
import {pushToApps} from './customer-events.js'
import type {Fields} from './fields.js'
import {readApp, readDepartment, readMember} from './control-shapes.js'
import {endTokens} from './tokens.js'
import {memberKey} from './state.js'
import type {AppRecord, Member} from './state-organization.js'
import {evaluateVisibleRange, organizationChanged} from './visible-range.js'
import {nowSeconds, type World} from './world.js'
import {ControlMistake, type JsonObject} from './wire.js'

/** Control routes for the corp itself: departments, members, apps, secrets, switches. */
export const organizationRoutes: ControlTable = {
  'POST /organization': (world, body) =>
    changeOrganization(world, body, () => {
      const {state} = world
      const departments = body.objects('departments').map(readDepartment)
      state.departments = new Map(departments.map((department) => [department.id, department]))
      const members = body.objects('members').map(readMember)
      const before = state.members
      state.members = new Map(members.map((member) => [memberKey(member.userid), member]))
      for (const [key, member] of before) if (!state.members.has(key)) state.members.set(key, markLeft(world, member))
      return {departments: departments.length, members: members.length}
    }),
  'POST /members': (world, body) =>
    changeOrganization(world, body, () => {
      const members = body.objects('members').map(readMember)
      for (const member of members) world.state.members.set(memberKey(member.userid), member)
      return {members: members.length}
    }),
  'POST /members/leave': (world, body) =>
    changeOrganization(world, body, () => {
      const members = body.texts('userids').map((userid) => requireMember(world, userid))
      for (const member of members) markLeft(world, member)
      return {members: members.length}
    }),
  'POST /apps': (world, body) =>
    changeOrganization(world, body, () => {
      const apps = body.objects('apps').map((fields) => readApp(fields))
      for (const app of apps) world.state.apps.set(app.agentid, app)
      return {apps: [...world.state.apps.keys()]}
    }),
  'POST /apps/remove': (world, body) => {
    const removed = body.integers('agentids').filter((agentid) => world.state.apps.delete(agentid))
    world.touched()
    return {removed}
  },
  'POST /apps/visible-range': (world, body) =>
    changeOrganization(world, body, () => {
      const app = requireApp(world, body.integer('agentid'))
      app.visible = {users: body.texts('users'), departments: body.integers('departments'), tags: body.integers('tags')}
      return {agentid: app.agentid}
    }),
  'POST /apps/trusted-ips': (world, body) => {
    const app = requireApp(world, body.integer('agentid'))
    const nowMs = world.clock.nowMs()
    const fromMs = nowMs + world.settings.trustedIpDelayMs
    app.trustedIps = trustedIpsAt(app, nowMs)
    app.pendingTrustedIps = {ips: body.texts('ips'), fromMs}
    world.touched()
    return {agentid: app.agentid, actsFromMs: fromMs}
  },
  'POST /apps/secret': (world, body) => {
    const app = requireApp(world, body.integer('agentid'))
    app.secret = body.text('secret') ?? ''
    const ended = world.settings.secretResetEndsTokens ? endTokens(world, app.agentid, 'invalid') : 0
    world.touched()
    return {agentid: app.agentid, tokensEnded: ended}
  },
  'POST /apps/disabled': (world, body) => {
    const app = requireApp(world, body.integer('agentid'))
    app.disabled = body.flag('disabled') ?? true
    world.touched()
    return {agentid: app.agentid, disabled: app.disabled}
  },
  'POST /apps/callback-check': (world, body) => {
    const app = requireApp(world, body.integer('agentid'))
    if (app.callback === undefined) throw new ControlMistake(`app ${app.agentid} has no callback`)
    return world.outbox.verifyUrl(app.callback)
  },
  'POST /tokens/end': (world, body) => {
    const how = body.text('how') ?? 'invalid'
    if (how !== 'invalid' && how !== 'expired') throw new ControlMistake('how is "invalid" or "expired"')
    return {ended: endTokens(world, body.integer('agentid'), how)}
  },
  'POST /mini-programs': (world, body) => setOf(world, body.texts('appids'), (set) => (world.state.miniPrograms = set)),
  'POST /console-welcome': (world, body) =>
    setOf(world, body.texts('members').map(memberKey), (set) => (world.state.consoleWelcomeMembers = set)),
  'POST /consent-members': (world, body) =>
    setOf(world, body.texts('members').map(memberKey), (set) => (world.state.consentMembers = set)),
  'POST /occupied': (world, body) => {
    const {occupied} = world.state
    for (const name of ['contactWays', 'templates', 'corpTags', 'memberTags'] as const) {
      occupied[name] = body.integer(name) ?? occupied[name]
    }
    world.touched()
    return occupied
  },
  'POST /contact-changes': (world, body) => pushContactChange(world, body.values),
}

function setOf(world: World, items: string[], assign: (set: Set<string>) => void): object {
  assign(new Set(items))
  world.touched()
  return {count: new Set(items).size}
}

function requireApp(world: World, agentid: number | undefined): AppRecord {
  const app = agentid === undefined ? undefined : world.state.apps.get(agentid)
  if (app === undefined) throw new ControlMistake(`there is no app ${agentid ?? '(agentid missing)'}`, 404)
  return app
}

function requireMember(world: World, userid: string): Member {
  const member = world.state.members.get(memberKey(userid))
  if (member === undefined) throw new ControlMistake(`there is no member "${userid}"`, 404)
  return member
}

/** A leaver stays known: his customers wait to be handed over (get_unassigned_list). */
function markLeft(world: World, member: Member): Member {
  member.status = 5
  member.leftAtSeconds ??= nowSeconds(world)
  return member
}

/**
 * Makes a change and tells every app with a callback who entered or left its visible range (subscribe, unsubscribe). With
 * many members the events take a while; the answer waits for them. `quiet` leaves them out.
 */
async function changeOrganization(world: World, body: Fields, change: () => object): Promise<object> {
  const ranges = new Map(
    [...world.state.apps.values()].map((app) => [app.agentid, evaluateVisibleRange(world.state, app).members]),
  )
  const reply = change()
  organizationChanged(world.state)
  world.touched()
  if (body.flag('quiet')) return reply
  const sends: Promise<unknown>[] = []
  for (const app of world.state.apps.values()) {
    const before = ranges.get(app.agentid)
    // A new app, or one that did not tick these events, hears nothing.
    if (before === undefined || app.kind !== 'app') continue
    const after = evaluateVisibleRange(world.state, app).members
    const tell = (event: string, key: string) => {
      if (!app.callback?.events.includes(event)) return
      const userid = world.state.members.get(key)?.userid ?? key
      const plaintext = renderMemberEvent(world.state.corpid, nowSeconds(world), event, userid, app.agentid)
      sends.push(world.outbox.send({app, plaintext}))
    }
    for (const key of after) if (!before.has(key)) tell('subscribe', key)
    for (const key of before) if (!after.has(key)) tell('unsubscribe', key)
  }
  await Promise.all(sends)
  return reply
}

/** A change_contact event as the console would cause it; fields are passed through, CDATA as in the platform's samples. */
async function pushContactChange(world: World, values: JsonObject): Promise<object> {
  const {changeType, fields} = values
  if (typeof changeType !== 'string') throw new ControlMistake('changeType is missing')
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    throw new ControlMistake('fields is missing')
  const nodes = Object.entries(fields).map(([name, value]) => {
    if (typeof value === 'number' || typeof value === 'string') return [name, value] as const
    throw new ControlMistake(`field ${name} must be text or a number`)
  })
  const style = changeType === 'update_tag' ? undefined : ('bare' as const)
  const type =
    style === undefined ? (['ChangeType', changeType] as const) : (['ChangeType', changeType, style] as const)
  return {pushed: await pushToApps(world, 'change_contact', [type, ...nodes])}
}
