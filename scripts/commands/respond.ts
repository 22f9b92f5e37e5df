import {resolve} from 'node:path'
import pino from 'pino'
import {createGreeter} from '../core/greet/create-greeter.js'
import {parseDurationMs} from '../core/model/instant.js'
import {BUILT_IN_GREETING} from '../core/release/assemble-release.js'
import {verifyManifest} from '../core/release/manifest.js'
import {createResponder} from '../responder/create-responder.js'
import {createOwnDisk} from '../responder/own-disk.js'
import {createSystemRandomness} from '../runtime/system-randomness.js'
import {createCallbackReader} from '../wecom/callback.js'
import {
  createCallbackPort,
  createResponderPort,
  fetchCheckInAnswer,
  fetchLivePicture,
} from '../wecom/create-responder-port.js'
import {type CommandSpec, CouldNotRun, type Door} from './door.js'
import {keyFromEnv, openStore} from './open-store.js'
import {openClock, STORE_HELP} from './store-option.js'
import {openWeCom, requireSecret, WECOM_HELP} from './open-wecom.js'

/** What is entered in the console under 接收消息. */
const CALLBACK_PATH = '/callback'

export const command: CommandSpec = {
  name: 'respond',
  summary: {zh: '应答服务：在 20 秒内说出欢迎语', en: 'the responder: says the welcome within 20 seconds'},
  example: 'yingbin respond --port 8080 --corp-id ww0000000000000001 --agent-id 1000002',
  configure: (command) =>
    command
      .option('--port <port>', 'port to listen on; 0 picks a free one', '8080')
      .option('--host <host>', 'address to listen on; put TLS in front of it', '127.0.0.1')
      .option('--store <address>', STORE_HELP)
      .option('--wecom <url>', WECOM_HELP)
      .option('--corp-id <id>', 'corp id (default: WECOM_CORP_ID)')
      .option('--agent-id <id>', 'the self-built app (default: WECOM_AGENT_ID)')
      .option('--name <name>', 'name of this responder in reports', 'responder')
      .option('--disk <dir>', 'own folder: last good release, outcome log', '.yingbin/responder')
      .option('--look-every <time>', 'how often to look for a new release', '15s')
      .option(
        '--no-live-directory',
        'only the mirror of the release: do not read departments, tags and status from WeCom',
      )
      .addHelpText(
        'after',
        '\nEnvironment: WECOM_SECRET, WECOM_TOKEN, WECOM_AES_KEY (and WECOM_TOKEN_OLD, WECOM_AES_KEY_OLD while they rotate),\nWECOM_CONTACT_TOKEN and WECOM_CONTACT_AES_KEY (the callback of contact sync, when it has the same address),\nYINGBIN_RELEASE_PUBLIC_KEY or …_FILE, YINGBIN_CUSTOMER_KEY (keys the customer hashes), YINGBIN_BUILT_IN (said before any release).',
      ),
  async run(door, options) {
    const clock = openClock(door)
    const randomness = createSystemRandomness()
    const corpId = optionOrEnv(door, options['corpId'], '--corp-id', 'WECOM_CORP_ID')
    const agentId = Number(optionOrEnv(door, options['agentId'], '--agent-id', 'WECOM_AGENT_ID'))
    const settings = {
      responder: String(options['name']),
      corpId,
      path: CALLBACK_PATH,
      customerKey: requireSecret(door, 'YINGBIN_CUSTOMER_KEY'),
      builtIn: door.env['YINGBIN_BUILT_IN'] ?? BUILT_IN_GREETING,
      lookEveryMs: lookEvery(options['lookEvery']),
    }
    const publicKey = await keyFromEnv(door, 'YINGBIN_RELEASE_PUBLIC_KEY', 'public')
    const client = openWeCom(
      door,
      options['wecom'],
      {corpId, agentId, secret: requireSecret(door, 'WECOM_SECRET')},
      clock,
    )
    const store = openStore(door, options['store'], clock)
    const log = pino({base: {responder: settings.responder}}, pino.destination(2))
    const responder = createResponder({
      ports: {
        clock,
        random: randomness,
        callback: createCallbackPort(openCallback(door, corpId), corpId),
        wecom: createResponderPort(client, clock),
        store,
        disk: createOwnDisk(resolve(door.cwd, String(options['disk']))),
        log,
        verifyManifest: (signed) => verifyManifest(signed, publicKey),
        createGreeter,
        fetchCheckIns: (question, signal) => fetchCheckInAnswer(client, question, signal),
        ...(options['liveDirectory'] === false
          ? {}
          : {fetchLivePicture: (suspects, signal) => fetchLivePicture(client, {suspects, signal})}),
      },
      settings,
    })
    await responder.start()
    const url = await listen(responder.app, String(options['host']), Number(options['port']))
    door.out(
      options.json
        ? `${JSON.stringify({command: 'respond', verdict: 'ok', findings: [], url, callback: `${url}${CALLBACK_PATH}`})}\n`
        : `${url}${CALLBACK_PATH}\n`,
    )
    await untilAborted(door.signal)
    await responder.stop()
    client.close()
    await store.close()
    return 0
  },
}

function optionOrEnv(door: Door, written: unknown, flag: string, variable: string): string {
  const value = typeof written === 'string' ? written : door.env[variable]
  if (value) return value
  throw new CouldNotRun(
    {zh: `缺少 ${flag}（或环境变量 ${variable}）`, en: `${flag} (or ${variable}) is missing`},
    {zh: command.example, en: command.example},
  )
}

function lookEvery(written: unknown): number {
  const text = String(written)
  const ms = text.endsWith('ms') ? Number(text.slice(0, -2)) : parseDurationMs(text)
  if (ms > 0) return ms
  throw new CouldNotRun(
    {zh: `--look-every 不是时长：${text}`, en: `--look-every is no duration: ${text}`},
    {zh: '例如 15s', en: 'for example 15s'},
  )
}

/** The app's current pair first; while they rotate, the old pair is taken too, and that of contact sync (WeCom 90970). */
function openCallback(door: Door, receiver: string) {
  const [token, encodingAesKey] = [requireSecret(door, 'WECOM_TOKEN'), requireSecret(door, 'WECOM_AES_KEY')]
  const further = (tokenName: string, keyName: string) => {
    const [other, key] = [door.env[tokenName], door.env[keyName]]
    return other && key ? [{token: other, encodingAesKey: key}] : []
  }
  try {
    return createCallbackReader({
      receiver,
      credentials: [
        {token, encodingAesKey},
        ...further('WECOM_TOKEN_OLD', 'WECOM_AES_KEY_OLD'),
        ...further('WECOM_CONTACT_TOKEN', 'WECOM_CONTACT_AES_KEY'),
      ],
    })
  } catch (error) {
    throw new CouldNotRun(
      {zh: 'WECOM_AES_KEY 不是 43 位的 EncodingAESKey', en: 'WECOM_AES_KEY is no EncodingAESKey of 43 characters'},
      {zh: '从后台“接收消息”设置里复制', en: "copy it from the app's receive settings"},
      {cause: error},
    )
  }
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
