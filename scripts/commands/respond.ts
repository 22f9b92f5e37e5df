import {readFile} from 'node:fs/promises'
import {resolve} from 'node:path'
import pino from 'pino'
import {createGreeter} from '../core/greet/create-greeter.js'
import type {SteadyEvent} from '../core/respond/steady-time.js'
import {BUILT_IN_GREETING} from '../core/release/assemble-release.js'
import {openBundle} from '../core/release/bundle.js'
import {verifyManifest} from '../core/release/manifest.js'
import {createResponder, type Responder} from '../responder/create-responder.js'
import {createOwnDisk} from '../responder/own-disk.js'
import {createSteadyClock} from '../runtime/steady-clock.js'
import {createSystemRandomness} from '../runtime/system-randomness.js'
import {
  createCallbackPort,
  createResponderPort,
  fetchCheckInAnswer,
  fetchLivePicture,
} from '../wecom/create-responder-port.js'
import {perMinute} from '../wecom/quotas.js'
import {createSlotsOrAlone} from '../wecom/slots-or-alone.js'
import {type CommandSpec, CouldNotRun, type Door} from './door.js'
import {keyFromEnv, openShare, openStore, sharesStore} from './open-store.js'
import {openWeCom, requireSecret} from './open-wecom.js'
import {WECOM_WORDS} from './wecom-option.js'
import {ENV_FILE, ENVIRONMENT, helpOf, NO_LIVE} from './respond/help.js'
import {openCallback} from './respond/open-callback.js'
import {
  countSetting,
  durationSetting,
  portSetting,
  SETTINGS,
  type SettingName,
  timeSetting,
  withEnvFile,
  writtenSetting,
  zoneSetting,
} from './respond/written-settings.js'
import {robotKeyOf} from './robot-key.js'
import {STORE_WORDS} from './store-option.js'

/** What is entered in the console under 接收消息. */
const CALLBACK_PATH = '/callback'

export const command: CommandSpec = {
  name: 'respond',
  summary: {zh: '应答服务：在 20 秒内说出欢迎语', en: 'the responder: says the welcome within 20 seconds'},
  example: 'yingbin respond --port 8080 --corp-id ww0000000000000001 --agent-id 1000002',
  configure: (command, language = 'zh') => {
    const help = (name: SettingName): string => helpOf(name, language)
    return command
      .option('--port <port>', help('port'))
      .option('--host <host>', help('host'))
      .option('--store <address>', STORE_WORDS[language])
      .option('--wecom <url>', WECOM_WORDS[language])
      .option('--corp-id <id>', help('corpId'))
      .option('--agent-id <id>', help('agentId'))
      .option('--name <name>', help('name'))
      .option('--disk <dir>', help('disk'))
      .option('--bundle <file>', help('bundle'))
      .option('--look-every <time>', help('lookEvery'))
      .option('--responders <count>', help('responders'))
      .option('--max-sends <count>', help('maxSends'))
      .option('--sends-per-minute <count>', help('sendsPerMinute'))
      .option('--summary-at <time>', help('summaryAt'))
      .option('--zone <name>', help('zone'))
      .option('--env-file <file>', ENV_FILE[language])
      .option('--no-live-directory', NO_LIVE[language])
      .addHelpText('after', ENVIRONMENT[language])
  },
  async run(outside, options) {
    const door = withEnvFile(outside, options['envFile'])
    const written = (name: SettingName): string => writtenSetting(door, options, name)
    const responderName = written('name')
    if (sharesStore(door, options['store']) && responderName === SETTINGS.name.value) throw NAMELESS
    const settings = {
      responder: responderName,
      corpId: written('corpId'),
      path: CALLBACK_PATH,
      customerKey: requireSecret(door, 'YINGBIN_CUSTOMER_KEY'),
      builtIn: door.env['YINGBIN_BUILT_IN'] ?? BUILT_IN_GREETING,
      lookEveryMs: durationSetting(door, options, 'lookEvery'),
      responders: countSetting(door, options, 'responders'),
      maxSends: countSetting(door, options, 'maxSends'),
      summaryAt: timeSetting(door, options),
      zone: zoneSetting(door, options),
    }
    const port = portSetting(door, options)
    const agentId = countSetting(door, options, 'agentId')
    const sendsPerMinute = countSetting(door, options, 'sendsPerMinute')
    const publicKey = await keyFromEnv(door, 'YINGBIN_RELEASE_PUBLIC_KEY', 'public')
    const log = pino({base: {responder: settings.responder}}, pino.destination(2))
    let started: Responder | null = null
    const clock = createSteadyClock({
      offsetMs: Number(door.env['YINGBIN_CLOCK_OFFSET_MS'] ?? 0),
      onEvent: ({kind, byMs}) => {
        started?.count(`clock_${kind}`)
        log.error({byMs}, CLOCK_WORDS[kind])
      },
    })
    const secret = requireSecret(door, 'WECOM_SECRET')
    const share = await openShare(door, options['store'], {clock, responder: settings.responder})
    const client = openWeCom(door, options['wecom'], {corpId: settings.corpId, agentId, secret}, clock, {
      quotas: {byCall: {send_welcome_msg: {windows: perMinute(sendsPerMinute), maxInFlight: settings.maxSends}}},
      onPlatformTime: (platformMs) => clock.notePlatformTime(platformMs),
      ...(share === null
        ? {}
        : {
            tokenCache: share.tokenCache(secret),
            sharedSlots: createSlotsOrAlone({shared: share.slots, clock, sharers: settings.responders}),
          }),
    })
    const store = openStore(door, options['store'], clock)
    const robotKey = robotKeyOf(door)
    const responder = createResponder({
      ports: {
        clock,
        clockSkewMs: () => clock.skewMs,
        random: createSystemRandomness(),
        callback: createCallbackPort(openCallback(door, settings.corpId, clock), settings.corpId),
        wecom: createResponderPort(client, clock),
        store,
        ...(share === null ? {} : {shared: share.shared}),
        disk: createOwnDisk(resolve(door.cwd, written('disk'))),
        log,
        verifyManifest: (signed) => verifyManifest(signed, publicKey),
        ...bundlePort(door, written('bundle'), publicKey),
        createGreeter,
        fetchCheckIns: (question, signal) => fetchCheckInAnswer(client, question, signal),
        ...(robotKey === null ? {} : {tellOperators: (markdown) => client.sendRobotMessage({key: robotKey, markdown})}),
        ...(options['liveDirectory'] === false
          ? {}
          : {fetchLivePicture: (suspects, signal) => fetchLivePicture(client, {suspects, signal})}),
      },
      settings,
      readState: () => store.readState(),
    })
    started = responder
    await responder.start()
    const url = await listen(responder.app, written('host'), port)
    door.out(
      options.json
        ? `${JSON.stringify({command: 'respond', verdict: 'ok', findings: [], url, callback: `${url}${CALLBACK_PATH}`})}\n`
        : `${url}${CALLBACK_PATH}\n`,
    )
    await untilAborted(door.signal)
    await responder.stop()
    client.close()
    await share?.close()
    await store.close()
    return 0
  },
}

const NAMELESS = new CouldNotRun(
  {
    zh: '几个应答服务共用 Redis，每个都要有自己的名字',
    en: 'responders that share a Redis each need a name of their own',
  },
  {
    zh: '加上 --name（或 YINGBIN_RESPONDER_NAME），重启后不变，且不与别的相同',
    en: 'add --name (or YINGBIN_RESPONDER_NAME): the same after a restart, and nobody else has it',
  },
)

const CLOCK_WORDS: Readonly<Record<SteadyEvent['kind'], string>> = {
  jumped: "the machine's clock was set; times here go on as before until WeCom's answers say otherwise",
  corrected: "WeCom's time proved the machine's clock wrong; times here follow WeCom now",
}

function bundlePort(door: Door, file: string, publicKey: string) {
  if (file === '') return {}
  const path = resolve(door.cwd, file)
  return {readBundle: async () => openBundle(await readFile(path, 'utf8'), publicKey)}
}

async function listen(
  app: {listen(options: {host: string; port: number}): Promise<string>},
  host: string,
  port: number,
): Promise<string> {
  try {
    return await app.listen({host, port})
  } catch (error) {
    throw new CouldNotRun(
      {zh: `不能监听 ${host}:${port}`, en: `cannot listen on ${host}:${port}`},
      {zh: '端口可能已被占用；换一个，或用 --port 0', en: 'it may be in use; take another, or --port 0'},
      {cause: error},
    )
  }
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done()
    else signal.addEventListener('abort', () => done(), {once: true})
  })
