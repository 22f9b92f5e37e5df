import {resolve} from 'node:path'
import {createSandbox, SANDBOX_CORPID, type Sandbox} from '../sandbox/create-sandbox.js'
import {BrokenStateFile} from '../sandbox/state-file.js'
import {CouldNotRun, type CommandSpec} from './door.js'

export const command: CommandSpec = {
  name: 'sandbox',
  summary: {zh: '本机上的企业微信替身', en: 'the WeCom stand-in on loopback'},
  example: 'yingbin sandbox --port 8787 --state sandbox.json',
  configure: (command) =>
    command
      .option('--port <port>', 'port on 127.0.0.1; 0 picks a free one', '8787')
      .option('--state <file>', 'keep the state in this file over restarts')
      .option('--seed <text>', 'made-up ids depend on it; default: random')
      .option('--corpid <id>', 'corpid the sandbox answers to', SANDBOX_CORPID),
  async run(door, options, language) {
    const {stateFile, seed} = {stateFile: options['state'], seed: options['seed']}
    const corpid = String(options['corpid'])
    const sandbox = openSandbox({
      corpid,
      ...(typeof stateFile === 'string' ? {stateFile: resolve(door.cwd, stateFile)} : {}),
      ...(typeof seed === 'string' ? {seed} : {}),
    })
    const url = await listen(sandbox, portOption(options['port']))
    const control = `${url}/__sandbox`
    if (options.json)
      door.out(`${JSON.stringify({command: 'sandbox', verdict: 'ok', findings: [], url, control, corpid})}\n`)
    else if (language === 'en')
      door.out(`the WeCom stand-in (${corpid}) listens on ${url}; control: ${control}/routes\n`)
    else door.out(`企业微信替身（${corpid}）在 ${url}；控制接口见 ${control}/routes\n`)
    await untilAborted(door.signal)
    await sandbox.close()
    return 0
  },
}

function openSandbox(options: Parameters<typeof createSandbox>[0]): Sandbox {
  try {
    return createSandbox(options)
  } catch (error) {
    if (!(error instanceof BrokenStateFile)) throw error
    throw new CouldNotRun(
      {zh: `沙箱的状态文件不能用：${error.message}`, en: error.message},
      {zh: '把文件移走后重新开始，或换一个 --state', en: 'move the file away, or name another with --state'},
      {cause: error},
    )
  }
}

function portOption(value: unknown): number {
  const port = Number(value)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new CouldNotRun(
    {zh: `--port 不是端口号：${String(value)}`, en: `--port is no port number: ${String(value)}`},
    {zh: '用 0 到 65535 之间的整数', en: 'use a whole number from 0 to 65535'},
  )
}

async function listen(sandbox: Sandbox, port: number): Promise<string> {
  try {
    return (await sandbox.listen(port)).url
  } catch (error) {
    throw new CouldNotRun(
      {zh: `不能监听端口 ${port}`, en: `cannot listen on port ${port}`},
      {zh: '端口可能已被占用；换一个，或用 --port 0', en: 'it may be in use; take another, or --port 0'},
      {cause: error},
    )
  }
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), {once: true})
  })
