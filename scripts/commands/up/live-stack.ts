import {existsSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import axios from 'axios'
import type {Config} from '../../core/model/config.js'
import type {Clock} from '../../core/ports.js'
import {CouldNotRun, type Door} from '../door.js'
import {type Child, startChild} from '../child-process.js'
import type {DemoSecrets} from './demo-secrets.js'
import {createSandboxControl, orGone, type SandboxControl} from './sandbox-control.js'
import {connectCallback, seedSandbox} from './seed-sandbox.js'

/** The two that listen, each a process of its own. */
export interface LiveStack {
  readonly sandboxUrl: string
  readonly responderUrl: string
  readonly control: SandboxControl
  /** Resolves when the responder runs this manifest or a later one. */
  untilRunning(manifestVersion: number): Promise<void>
  stop(): Promise<void>
}

export interface StackSettings {
  readonly folder: string
  readonly storeAddress: string
  readonly secrets: DemoSecrets
  readonly offsetMs: number
}

const LOOK_EVERY_MS = 500
const POLL_MS = 100
const MAX_POLLS = 150

function textOf({announced}: Child, name: string): string {
  const value = announced[name]
  return typeof value === 'string' ? value : ''
}

export interface StartedSandbox {
  readonly child: Child
  readonly url: string
  readonly control: SandboxControl
  /** True when the one before was killed: what it was told last may not be in its file. */
  readonly mayHaveForgotten: boolean
}

export async function startSandbox(
  door: Door,
  config: Config,
  {folder, secrets, offsetMs}: StackSettings,
): Promise<StartedSandbox> {
  const {corpId} = config.enterprise.value
  const marker = join(folder, 'sandbox.running')
  const mayHaveForgotten = existsSync(marker)
  writeFileSync(marker, '')
  const child = await startChild(door, 'sandbox', [
    '--port',
    '0',
    '--corpid',
    corpId,
    '--state',
    `${folder}/sandbox.json`,
  ])
  const control = createSandboxControl(textOf(child, 'control'))
  try {
    await control.post('/clock', {setMs: Date.now() + offsetMs})
    const associated = (config.links.value.miniprograms ?? []).map(({appid}) => appid)
    await seedSandbox(control, config, secrets, associated)
  } catch (error) {
    // A process left behind would keep this one from ending.
    await child.stop()
    throw error
  }
  return {child: marked(child, marker), url: textOf(child, 'url'), control, mayHaveForgotten}
}

/** The marker goes only when we end the sandbox ourselves, for then it saves everything. */
function marked(child: Child, marker: string): Child {
  let hasEnded = false
  void child.ended.then(() => (hasEnded = true))
  return {
    ...child,
    stop: async () => {
      const wasKilled = hasEnded
      await child.stop()
      if (!wasKilled) rmSync(marker, {force: true})
    },
  }
}

export async function startStack(
  door: Door,
  config: Config,
  sandbox: Awaited<ReturnType<typeof startSandbox>>,
  clock: Clock,
  settings: StackSettings,
): Promise<LiveStack> {
  const {secrets, storeAddress, offsetMs, folder} = settings
  const {corpId, agentId} = config.enterprise.value
  const responder = await startChild(
    door,
    'respond',
    [
      '--port',
      '0',
      '--store',
      storeAddress,
      '--wecom',
      sandbox.url,
      '--corp-id',
      corpId,
      '--agent-id',
      String(agentId),
      '--look-every',
      `${LOOK_EVERY_MS}ms`,
      '--disk',
      `${folder}/responder`,
      '--name',
      'up',
    ],
    {
      WECOM_SECRET: secrets.secret,
      WECOM_TOKEN: secrets.token,
      WECOM_AES_KEY: secrets.aesKey,
      YINGBIN_RELEASE_PUBLIC_KEY: secrets.release.publicKeyPem,
      YINGBIN_CUSTOMER_KEY: secrets.customerKey,
      WECOM_PROXY: '',
      YINGBIN_CLOCK_OFFSET_MS: String(offsetMs),
    },
  )
  const responderUrl = textOf(responder, 'url')
  try {
    await connectCallback(sandbox.control, config, secrets, textOf(responder, 'callback'))
  } catch (error) {
    await responder.stop()
    throw error
  }
  return {
    sandboxUrl: sandbox.url,
    responderUrl,
    control: sandbox.control,
    untilRunning: (version) => untilRunning(responderUrl, version, clock),
    stop: async () => {
      await responder.stop()
      await sandbox.child.stop()
    },
  }
}

async function untilRunning(responderUrl: string, version: number, clock: Clock): Promise<void> {
  for (let poll = 0; poll < MAX_POLLS; poll++) {
    const {data} = await orGone('responder', () =>
      axios.get<{readonly manifestVersion?: number}>(`${responderUrl}/healthz`, {
        proxy: false,
        validateStatus: () => true,
      }),
    )
    if ((data.manifestVersion ?? 0) >= version) return
    await clock.sleep(POLL_MS)
  }
  throw new CouldNotRun(
    {zh: `应答服务没有接上第 ${version} 版清单`, en: `the responder did not take up manifest ${version}`},
    {zh: '再运行一次 npx yingbin up', en: 'run npx yingbin up again'},
  )
}
