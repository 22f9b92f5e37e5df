import {createResponderPort, fetchCheckInAnswer, fetchLivePicture} from '../../scripts/wecom/create-responder-port.js'
import {createWeComClient, type WeComClient} from '../../scripts/wecom/client.js'
import {type Playground, SECRETS, startPlayground} from '../sandbox/playground.js'
import {AES_KEY, aWorld, CORP_ID, TOKEN, type World, type WorldOptions} from './a-responder.js'
import {createStepClock} from './step-clock.js'

const APP = 1000002
const CONTACT_SYNC = 2000001

export const SOUTH = 11
export const NORTH = 12

const DEPARTMENTS = [
  {id: 1, name: '总部', parentid: 0},
  {id: 2, name: '华南区', parentid: 1},
  {id: SOUTH, name: '天河店', parentid: 2},
  {id: 3, name: '华北区', parentid: 1},
  {id: NORTH, name: '西单店', parentid: 3},
]

export const ZHANG = {userid: 'zhang.san', name: '张三', department: [SOUTH], direct_leader: ['wang.dian']}
const MEMBERS = [ZHANG, {userid: 'wang.dian', name: '王店', department: [2]}]

/** A responder that listens, and a sandbox that tells it what happens; both clocks are moved by hand. */
export interface Company {
  /** Its control; the API is the client's. */
  readonly sandbox: Pick<Playground, 'control' | 'read'>
  readonly client: WeComClient
  readonly world: World
  /** Moves both clocks. */
  advance(ms: number): Promise<void>
  /** Moves on until WeCom was read once more. */
  untilRead(counter: 'live_directory_read' | 'duty_read' | 'duty_read_failed'): Promise<void>
  /** A customer adds the member; what he is told. */
  greet(customer: string, member?: string): Promise<string>
  /** What the console does when somebody is changed: an event to the contact-sync callback. */
  tell(changeType: string, fields: Readonly<Record<string, string | number>>): Promise<void>
  close(): Promise<void>
}

/** A round of check-in; a read of the directory that an event asked for comes sooner. */
const STEP_MS = 120_000
const MAX_STEPS = 10
const MAX_TURNS = 20_000

/** Lets answers come over the wire. The sandbox is on this machine and answers in a few turns. */
async function until(isSo: () => boolean): Promise<boolean> {
  for (let turn = 0; turn < MAX_TURNS && !isSo(); turn++) await new Promise((done) => setImmediate(done))
  return isSo()
}

/** `prepare` runs after the company is there and before the responder starts. */
export async function startCompany(
  options: Pick<WorldOptions, 'changes' | 'settings'>,
  {prepare, permissions}: {prepare?: (client: WeComClient) => Promise<unknown>; permissions?: readonly string[]} = {},
): Promise<Company> {
  const sandbox = await startPlayground({corpid: CORP_ID})
  await sandbox.control('/organization', {departments: DEPARTMENTS, members: MEMBERS})
  const app = {agentid: APP, secret: SECRETS[APP], ...(permissions && {permissions})}
  await sandbox.control('/apps', {apps: [app]})
  // Its budgets and quotas play no part here, so its time may stand still.
  const clock = createStepClock(0)
  const client = createWeComClient({
    baseUrl: sandbox.url,
    corpId: CORP_ID,
    agentId: APP,
    secret: SECRETS[APP] ?? '',
    clock,
    random: () => 0,
    onWarning: () => undefined,
  })
  await prepare?.(client)
  const world = await aWorld({
    ...options,
    ports: {
      wecom: createResponderPort(client, clock),
      fetchLivePicture: (suspects, signal) => fetchLivePicture(client, {suspects, signal}),
      fetchCheckIns: (question, signal) => fetchCheckInAnswer(client, question, signal),
    },
  })
  const url = `${await world.responder.app.listen({host: '127.0.0.1', port: 0})}/callback`
  const callback = {url, token: TOKEN, aesKey: AES_KEY}
  const sync = {agentid: CONTACT_SYNC, secret: SECRETS[CONTACT_SYNC], kind: 'contact-sync', callback}
  await sandbox.control('/apps', {apps: [{...app, callback}, sync]})

  const advance = async (ms: number): Promise<void> => {
    await sandbox.advance(ms)
    await world.clock.advance(ms)
  }
  return {
    sandbox,
    client,
    world,
    advance,
    async untilRead(counter) {
      const before = world.counter(counter)
      for (let step = 0; step < MAX_STEPS; step++) {
        await advance(STEP_MS)
        if (await until(() => world.counter(counter) > before)) return
      }
      throw new Error(`${counter} stays ${before}`)
    },
    async greet(customer, member = ZHANG.userid) {
      const before = world.outcomes().length
      await sandbox.control('/customers/add', {userid: member, external_userid: customer, name: '小王'})
      if (!(await until(() => world.outcomes().length > before))) throw new Error('no outcome came')
      const {welcomes} = await sandbox.read(`/welcomes?external_userid=${customer}`)
      const [welcome] = welcomes as readonly {readonly text: string}[]
      return welcome?.text ?? world.lastOutcome().outcome
    },
    async tell(changeType, fields) {
      await sandbox.control('/contact-changes', {changeType, fields})
    },
    async close() {
      await world.responder.stop()
      client.close()
      await sandbox.close()
    },
  }
}
