import {resolve} from 'node:path'
import type {Command as Program} from 'commander'
import {type CommandSpec, CouldNotRun, type Door, type ExitCode} from './commands/door.js'
import type {Language, Words} from './core/model/words.js'

interface Verb {
  readonly name: string
  readonly summary: Words
  load(): Promise<{readonly command: CommandSpec}>
}

/** Every verb with its summary, so that `--help` loads no command. */
const VERBS: readonly Verb[] = [
  {
    name: 'up',
    summary: {
      zh: '在内置沙箱上走完整条流水线（不需要账号）',
      en: 'the whole pipeline on the embedded sandbox (no account needed)',
    },
    load: () => import('./commands/up.js'),
  },
  {
    name: 'validate',
    summary: {zh: '检查配置，一次列出所有问题', en: 'check the configuration; every finding at once'},
    load: () => import('./commands/validate.js'),
  },
  {
    name: 'diff-check',
    summary: {
      zh: '与基准相比改了什么；链接变化超过上限就锁定',
      en: 'what changed in meaning since a base; locks above the limit',
    },
    load: () => import('./commands/diff-check.js'),
  },
  {
    name: 'explain',
    summary: {zh: '某成员某时刻对客户说什么，以及为什么', en: 'what a member says at an instant, and why'},
    load: () => import('./commands/explain.js'),
  },
  {
    name: 'rehearse',
    summary: {
      zh: '把一年里每个人、每个时段边界、每个渠道都问一遍；空档、冲突、结果不一致都不放行',
      en: 'asks everybody at every edge through every channel over a year; gaps, conflicts and differing digests refuse',
    },
    load: () => import('./commands/rehearse.js'),
  },
  {
    name: 'roster',
    summary: {
      zh: '把人事发来的班表导入班表文件，先看差别',
      en: 'import the roster HR sends; shows the difference first',
    },
    load: () => import('./commands/roster.js'),
  },
  {
    name: 'calendar',
    summary: {
      zh: '写入某年的放假与调休，待人复核',
      en: "write a year's holidays and make-up workdays, for review",
    },
    load: () => import('./commands/calendar.js'),
  },
  {
    name: 'gate',
    summary: {
      zh: '合并请求还缺谁同意、为什么；合并后签发批准令牌',
      en: 'who must still agree to a pull request and why; mints the approval token once merged',
    },
    load: () => import('./commands/gate.js'),
  },
  {
    name: 'reply',
    summary: {
      zh: '回答合并请求评论里的 /yingbin 命令',
      en: 'answers /yingbin commands in comments of a pull request',
    },
    load: () => import('./commands/reply.js'),
  },
  {
    name: 'notify',
    summary: {
      zh: '改动被锁定时通知安全组（群机器人和应用消息）',
      en: 'tells the security group of a locked change (group robot and app message)',
    },
    load: () => import('./commands/notify.js'),
  },
  {
    name: 'plan',
    summary: {zh: '列出将要做的每一步，并给出摘要', en: 'the ordered steps and their digest'},
    load: () => import('./commands/plan.js'),
  },
  {
    name: 'canary',
    summary: {
      zh: '先发给 5% 的客户，观察，再决定放量或回滚',
      en: '5 % of customers first; watches; promotes, holds or rolls back',
    },
    load: () => import('./commands/canary.js'),
  },
  {
    name: 'apply',
    summary: {zh: '执行计划的其余部分；可中断后继续', en: 'the rest of the plan; journaled and resumable'},
    load: () => import('./commands/apply.js'),
  },
  {
    name: 'renew',
    summary: {
      zh: '给现在说的发布续签一周，内容不变；每天运行一次',
      en: 'signs what is said now for another week, unchanged; run it once a day',
    },
    load: () => import('./commands/renew.js'),
  },
  {
    name: 'settle',
    summary: {
      zh: '创建没有收到答复的项：认领、重试或登记为孤儿',
      en: 'creates whose answers were lost: adopt, retry or declare orphan',
    },
    load: () => import('./commands/settle.js'),
  },
  {
    name: 'drift',
    summary: {
      zh: '企业微信现在的样子，与应用过的、与配置想要的，差在哪里；可恢复成上次应用的样子',
      en: 'what WeCom has now against what was applied and what the configuration wants; can bring back what was applied',
    },
    load: () => import('./commands/drift.js'),
  },
  {
    name: 'history',
    summary: {
      zh: '曾经全量的发布和历次回退，最新的在前',
      en: 'releases that were once fully promoted and every rollback, newest first',
    },
    load: () => import('./commands/history.js'),
  },
  {
    name: 'rollback',
    summary: {zh: '让应答服务说回从前的发布', en: 'lets responders say an earlier release again'},
    load: () => import('./commands/rollback.js'),
  },
  {
    name: 'lockdown',
    summary: {
      zh: '紧急开关：只发文字、不发欢迎语，或只说一条公告',
      en: 'kill switch: text only, no welcome at all, or one notice',
    },
    load: () => import('./commands/lockdown.js'),
  },
  {
    name: 'sync',
    summary: {
      zh: '按企业微信通讯录更新组织镜像，先看差别',
      en: 'brings the organization mirror up to date with WeCom; shows the difference first',
    },
    load: () => import('./commands/sync.js'),
  },
  {
    name: 'import',
    summary: {
      zh: '把企业微信里已有的活码和入群欢迎语收进配置和状态',
      en: 'takes over contact codes and group welcomes that exist in WeCom',
    },
    load: () => import('./commands/import.js'),
  },
  {
    name: 'request',
    summary: {
      zh: '把权限申请单变成一份待批的授权',
      en: 'turns a permission request into a grant to be approved',
    },
    load: () => import('./commands/request.js'),
  },
  {
    name: 'respond',
    summary: {zh: '应答服务：在 20 秒内说出欢迎语', en: 'the responder: says the welcome within 20 seconds'},
    load: () => import('./commands/respond.js'),
  },
  {
    name: 'bundle',
    summary: {
      zh: '把现在的发布写成一个签名的应急文件，没有网络也能启动应答服务',
      en: 'writes the present release into one signed emergency file that a responder can start from without a network',
    },
    load: () => import('./commands/bundle.js'),
  },
  {
    name: 'sandbox',
    summary: {zh: '本机上的企业微信替身', en: 'the WeCom stand-in on loopback'},
    load: () => import('./commands/sandbox.js'),
  },
]

const VERSION = '0.1.0'

/** Explicit `--lang`, else LANG of the process; `undefined` leaves it to enterprise.yaml. */
function languageOf(argv: readonly string[], env: Door['env']): Language | undefined {
  const flag = argv.indexOf('--lang')
  const asked = flag >= 0 ? argv[flag + 1] : argv.find((word) => word.startsWith('--lang='))?.slice('--lang='.length)
  if (asked === 'zh' || asked === 'en') return asked
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || ''
  if (/^zh/i.test(locale)) return 'zh'
  return /^en/i.test(locale) ? 'en' : undefined
}

/** npx passes on the Ctrl-C that the terminal gave to both: what comes again so soon is the same signal. */
const SAME_SIGNAL_MS = 1000

/**
 * The first SIGINT or SIGTERM aborts, so that what is under way is finished; another one later ends the process at once.
 * The listener stays: write-file-atomic ends a process that writes and that nobody else listens for any more.
 */
function listenForEnd(stop: AbortController): void {
  let firstMs: number | null = null
  const onSignal = (name: NodeJS.Signals): void => {
    if (firstMs === null) {
      firstMs = performance.now()
      return stop.abort(name)
    }
    if (performance.now() - firstMs < SAME_SIGNAL_MS) return
    process.removeListener(name, onSignal)
    process.kill(process.pid, name)
  }
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, onSignal)
}

function createDoor(script: string): Door {
  const stop = new AbortController()
  listenForEnd(stop)
  // `| head` closes the pipe early: nobody is left to read the rest.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      process.exit()
    })
  return {
    env: process.env,
    cwd: process.cwd(),
    self: {execPath: process.execPath, script, execArgv: process.execArgv},
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    // Asking makes the stream, which most commands never need.
    get isTerminal() {
      return process.stderr.isTTY
    },
    nowMs: () => Date.now(),
    signal: stop.signal,
  }
}

/**
 * Runs one command line and answers with its exit code: 0 fine, 1 the answer is no, 2 could not run. The door is that
 * of this process unless another is given.
 */
export async function main(argv: readonly string[], script: string, given?: Door): Promise<ExitCode> {
  const door = given ?? createDoor(script)
  const language = languageOf(argv, door.env)
  try {
    return await dispatch(argv, door, language)
  } catch (error) {
    return reportFailure(error, door, language ?? 'zh', argv)
  }
}

async function dispatch(argv: readonly string[], door: Door, language: Language | undefined): Promise<ExitCode> {
  if (argv[0] === '--version' || argv[0] === '-V') {
    door.out(`${VERSION}\n`)
    return 0
  }
  const {Command, CommanderError, Option} = await import('commander')
  const program: Program = new Command('yingbin')
  program
    .description(
      inLanguage(language, {zh: '迎宾：企业微信欢迎语即代码', en: 'Yingbin: WeCom welcome messages as code'}),
    )
    .version(VERSION)
    .exitOverride()
    .configureOutput({writeOut: (text) => door.out(text), writeErr: (text) => door.err(text)})
    .addHelpText('after', `\n${inLanguage(language, EXIT_CODES)}\n`)
  let code: ExitCode = 0
  const asked = verbOf(argv)
  for (const verb of VERBS) {
    if (asked !== undefined && verb.name !== asked) continue
    const added = program.command(verb.name).description(inLanguage(language, verb.summary)).exitOverride()
    if (verb.name !== asked) continue
    const {command} = await verb.load()
    command
      .configure(added, language)
      .option('--config <dir>', inLanguage(language, {zh: '配置文件夹', en: 'configuration folder'}), 'config')
      .option('--json', inLanguage(language, {zh: '在标准输出打印一份 JSON', en: 'one JSON document on stdout'}), false)
      .addOption(new Option('--lang <lang>', inLanguage(language, {zh: '语言', en: 'language'})).choices(['zh', 'en']))
      .addHelpText(
        'after',
        `\n${inLanguage(language, {zh: '例', en: 'Example'})}:\n  ${command.example}\n\n${inLanguage(language, EXIT_CODES)}\n`,
      )
      .action(async () => {
        const words = added.registeredArguments.map((word, index) => [
          word.name(),
          added.processedArgs[index] as unknown,
        ])
        const given = Object.fromEntries(words) as Record<string, unknown>
        const options: Record<string, unknown> = {...added.opts<Record<string, unknown>>(), ...given}
        const config = resolve(door.cwd, typeof options['config'] === 'string' ? options['config'] : 'config')
        const {lang: written} = options
        const lang = written === 'zh' ? {lang: 'zh' as const} : written === 'en' ? {lang: 'en' as const} : {}
        code = await command.run(door, {...options, config, json: options['json'] === true, ...lang}, language)
      })
  }
  try {
    await program.parseAsync([...argv], {from: 'user'})
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return 0
    // What is wrong stands on stderr already; whoever asked for JSON gets it there too.
    if (asksForJson(argv)) door.out(failedDocument(argv, error.message, inLanguage(language, SEE_HELP)))
    return 2
  }
  return code
}

const verbOf = (argv: readonly string[]): string | undefined =>
  argv.find((word) => VERBS.some(({name}) => name === word))

const asksForJson = (argv: readonly string[]): boolean =>
  argv.some(
    (word, index) =>
      word === '--json' || word === '--format=json' || (word === 'json' && argv[index - 1] === '--format'),
  )

const failedDocument = (argv: readonly string[], says: string, fix: string): string =>
  `${JSON.stringify({command: verbOf(argv) ?? null, verdict: 'failed', findings: [], error: {says, fix}})}\n`

const EXIT_CODES: Words = {
  zh: '退出码：0 正常 · 1 答案是否 · 2 无法运行',
  en: 'Exit codes: 0 fine · 1 the answer is no · 2 could not run',
}

const inLanguage = (language: Language | undefined, words: Words): string => words[language ?? 'zh']

/** Our own refusals name their way out; anything else is our bug and says so without a stack on stdout. */
function reportFailure(error: unknown, door: Door, language: Language, argv: readonly string[]): ExitCode {
  const says = error instanceof CouldNotRun ? error.says[language] : inLanguage(language, UNEXPECTED) + describe(error)
  const fix = error instanceof CouldNotRun ? error.fix[language] : inLanguage(language, REPORT_IT)
  door.err(`${says}\n  ${language === 'zh' ? '怎么办' : 'fix'}: ${fix}\n`)
  if (!(error instanceof CouldNotRun) && door.env['YINGBIN_DEBUG'] && error instanceof Error)
    door.err(`${error.stack ?? ''}\n`)
  if (asksForJson(argv)) door.out(failedDocument(argv, says, fix))
  return 2
}

const describe = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error)
const SEE_HELP: Words = {zh: '用法见 yingbin --help', en: 'see yingbin --help'}
const UNEXPECTED: Words = {zh: '没有料到的错误：', en: 'unexpected error: '}
const REPORT_IT: Words = {
  zh: '这是程序的缺陷；请带上命令和配置报告它（设 YINGBIN_DEBUG=1 可看到细节）',
  en: 'this is a defect of the program; please report it with the command and the configuration (YINGBIN_DEBUG=1 shows details)',
}
