import {readFileSync} from 'node:fs'
import {resolve} from 'node:path'
import {type NoticeFacts, renderNotice} from '../core/gate/render-notice.js'
import type {Language, Words} from '../core/model/words.js'
import type {WeComClient} from '../wecom/client.js'
import {type CommandSpec, CouldNotRun, type Door} from './door.js'
import {openCheckedConfig} from './open-config.js'
import {openWeCom, requireSecret} from './open-wecom.js'
import {WECOM_HELP} from './wecom-option.js'
import {robotKeyOf} from './robot-key.js'
import {openClock} from './store-option.js'

/** Bytes of a markdown message: to members (document 90236) and by a robot (91770). */
const MAX_APP_BYTES = 2048
const MAX_ROBOT_BYTES = 4096
/** Repeated runs of one notice reach nobody twice within half an hour (90236). */
const DUPLICATE_CHECK_SECONDS = 1800

interface Notice extends NoticeFacts {
  readonly isNewlyLocked: boolean
  readonly security: readonly string[]
}

type Channel = 'robot' | 'app'

export const command: CommandSpec = {
  name: 'notify',
  summary: {
    zh: '改动被锁定时通知安全组（群机器人和应用消息）',
    en: 'tells the security group of a locked change (group robot and app message)',
  },
  example: 'yingbin notify --from report/gate.json',
  configure: (command, language) =>
    command
      .requiredOption(
        '--from <file>',
        language === 'en' ? 'gate.json as gate --report wrote it' : 'gate --report 写出的 gate.json',
      )
      .option('--wecom <url>', WECOM_HELP),
  async run(door, options, language) {
    const notice = readNotice(door, String(options['from']))
    if (!notice.isNewlyLocked) return finish(door, options.json, [], [], language ?? 'zh')
    const clock = openClock(door)
    const opened = await openCheckedConfig('notify', door, options, language, clock.nowMs())
    if ('exitCode' in opened) return opened.exitCode
    const {corpId, agentId, secrets} = opened.config.enterprise.value
    const robotKey = robotKeyOf(door)
    const secret = requireSecret(door, secrets?.secret ?? 'WECOM_SECRET')
    const client = openWeCom(door, options['wecom'], {corpId, agentId, secret}, clock)
    try {
      return finish(door, options.json, ...(await send(client, notice, robotKey, opened.tongue)), opened.tongue)
    } finally {
      client.close()
    }
  },
}

/** Both ways are tried whatever becomes of the other. */
async function send(
  client: WeComClient,
  notice: Notice,
  robotKey: string | null,
  language: Language,
): Promise<[readonly Channel[], readonly Words[]]> {
  const told: Channel[] = []
  const failed: Words[] = []
  const attempt = async (channel: Channel, call: () => Promise<unknown>): Promise<void> => {
    try {
      await call()
      told.push(channel)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      failed.push({zh: `${NAMES[channel].zh}没有发出：${why}`, en: `${NAMES[channel].en} was not sent: ${why}`})
    }
  }
  if (robotKey === null) failed.push(NO_ROBOT)
  else
    await attempt('robot', () =>
      client.sendRobotMessage({key: robotKey, markdown: renderNotice(notice, MAX_ROBOT_BYTES, language)}),
    )
  if (notice.security.length === 0) failed.push(NOBODY)
  else
    await attempt('app', () =>
      client.sendAppMessage({
        userIds: notice.security,
        markdown: renderNotice(notice, MAX_APP_BYTES, language),
        duplicateCheckSeconds: DUPLICATE_CHECK_SECONDS,
      }),
    )
  return [told, failed]
}

function finish(
  door: Door,
  isJson: boolean,
  told: readonly Channel[],
  failed: readonly Words[],
  language: Language,
): 0 | 1 {
  const says = failed.map((words) => words[language])
  if (isJson)
    door.out(
      `${JSON.stringify({command: 'notify', verdict: failed.length > 0 ? 'refused' : 'ok', findings: [], told, failed: says})}\n`,
    )
  else {
    const names = told.map((channel) => NAMES[channel][language])
    door.out(
      names.length + says.length === 0
        ? `${NOTHING[language]}\n`
        : [...names.map((name) => `✔ ${name}`), ...says.map((line) => `✖ ${line}`), ''].join('\n'),
    )
  }
  return failed.length > 0 ? 1 : 0
}

function readNotice(door: Door, file: string): Notice {
  let parsed: unknown
  try {
    parsed = JSON.parse(readFileSync(resolve(door.cwd, file), 'utf8'))
  } catch (error) {
    throw unusable(file, error)
  }
  if (!isNotice(parsed)) throw unusable(file)
  return parsed
}

const unusable = (file: string, cause?: unknown): CouldNotRun =>
  new CouldNotRun(
    {zh: `读不懂 ${file}`, en: `${file} cannot be used`},
    {zh: '用 yingbin gate --report 文件夹 写出它', en: 'write it with yingbin gate --report DIR'},
    {cause},
  )

const isNotice = (value: unknown): value is Notice =>
  typeof value === 'object' &&
  value !== null &&
  'command' in value &&
  value.command === 'gate' &&
  'isNewlyLocked' in value &&
  'locks' in value &&
  Array.isArray(value.locks) &&
  'security' in value &&
  Array.isArray(value.security) &&
  'pull' in value

const NAMES: Readonly<Record<Channel, Words>> = {
  robot: {zh: '群机器人', en: 'the group robot'},
  app: {zh: '应用消息', en: 'the app message'},
}
const NOTHING: Words = {zh: '没有新的锁定，不用通知', en: 'nothing is newly locked, nobody is told'}
const NO_ROBOT: Words = {
  zh: '没有设置 YINGBIN_ROBOT_WEBHOOK，群机器人没有发',
  en: 'YINGBIN_ROBOT_WEBHOOK is not set, so no group robot was used',
}
const NOBODY: Words = {
  zh: '没有在职成员有 unlock 授权，应用消息无人可发',
  en: 'no active member holds unlock, so there is nobody for the app message',
}
