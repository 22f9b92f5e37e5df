import {join} from 'node:path'
import {renderChanges} from '../core/directory/render-changes.js'
import {hasErrors} from '../core/model/finding.js'
import type {Language, Words} from '../core/model/words.js'
import type {Clock} from '../core/ports.js'
import {type LoadedConfig, loadConfig, placeRemarks} from '../pipeline/load.js'
import {ORGANIZATION_FILE, planSync, proposeSync, type SyncPlan} from '../pipeline/sync.js'
import {writeWhole} from '../store/atomic-file.js'
import {WeComRejected, WeComUnreachable} from '../wecom/errors.js'
import {fetchLiveDirectory} from '../wecom/live-directory.js'
import {type CommandSpec, CouldNotRun, type Door, type ExitCode} from './door.js'
import {orHostRefused} from './host-refused.js'
import {openCodeHost, REPO_HELP} from './open-code-host.js'
import {requireFolder} from './open-config.js'
import {openReader} from './open-wecom.js'
import {WECOM_WORDS} from './wecom-option.js'
import {pathInRepository} from './repository-path.js'
import {languageFor, renderFindings, type ShownFinding, showFindings} from './show-findings.js'
import {openClock} from './store-option.js'

const HELP = {
  write: {
    zh: '写入 organization.yaml；不加只看差别',
    en: 'write organization.yaml; without it only the difference is shown',
  },
  pr: {
    zh: '在分支 yingbin/organization 上提交合并请求，已有就更新',
    en: 'propose it on the branch yingbin/organization, or bring the open proposal up to date',
  },
  base: {zh: '合并请求的目标分支', en: 'the branch the proposal is for'},
  acceptLarge: {
    zh: '一次离职、停用或调动的人超过上限也写',
    en: 'write although more members leave, are disabled or move than the limit allows',
  },
} satisfies Record<string, Words>

export const command: CommandSpec = {
  name: 'sync',
  summary: {
    zh: '按企业微信通讯录更新组织镜像，先看差别',
    en: 'brings the organization mirror up to date with WeCom; shows the difference first',
  },
  example: 'yingbin sync --pr',
  configure: (command, language = 'zh') =>
    command
      .option('--wecom <url>', WECOM_WORDS[language])
      .option('--write', HELP.write[language], false)
      .option('--pr', HELP.pr[language], false)
      .option('--base <branch>', HELP.base[language], 'main')
      .option('--repo <owner/name>', REPO_HELP[language])
      .option('--accept-large', HELP.acceptLarge[language], false),
  async run(door, options, language) {
    const clock = openClock(door)
    requireFolder(options.config)
    const loaded = await loadConfig(options.config)
    const tongue = languageFor(language, loaded.config)
    const faults = showFindings(faultsOf(loaded), options.config, door, tongue)
    if (hasErrors(faults)) {
      door.out(
        options.json
          ? `${JSON.stringify({command: 'sync', verdict: 'refused', findings: faults})}\n`
          : renderFindings(faults, tongue),
      )
      return 1
    }
    const host = options['pr'] === true ? openCodeHost(door, options) : null
    const plan = await readAndPlan(door, options, loaded, clock)
    const findings = showFindings(plan.findings, options.config, door, tongue)
    const done: Done = {written: false, proposal: null}
    if (plan.kind === 'ready' && plan.changes.length > 0) {
      if (options['write'] === true) {
        await writeWhole(join(options.config, ORGANIZATION_FILE), plan.text)
        done.written = true
      }
      // A proposal that cannot pass its own checks would only wait: the names have to follow first.
      if (host && plan.findings.length === 0) {
        const target = {
          path: `${pathInRepository(door, options.config)}/${ORGANIZATION_FILE}`,
          baseRef: String(options['base']),
        }
        done.proposal = (await orHostRefused(proposeSync(host, plan, target)))?.number ?? null
      }
    }
    const isFine = plan.kind === 'ready' && plan.findings.length === 0
    door.out(
      options.json
        ? `${JSON.stringify(documentOf(plan, findings, done, tongue))}\n`
        : render(plan, findings, done, options['write'] === true || host !== null, tongue),
    )
    return (isFine ? 0 : 1) satisfies ExitCode
  },
}

interface Done {
  written: boolean
  proposal: number | null
}

/** Faults in other files do not hinder the mirror. */
const faultsOf = (loaded: LoadedConfig) =>
  placeRemarks(
    loaded.remarks.filter(({at}) =>
      ['enterprise.yaml', 'policy.yaml', 'roles.yaml', ORGANIZATION_FILE].includes(at.file),
    ),
    loaded.folder.files,
  )

async function readAndPlan(
  door: Door,
  options: Readonly<Record<string, unknown>>,
  loaded: LoadedConfig,
  clock: Clock,
): Promise<SyncPlan> {
  const client = openReader(door, options['wecom'], loaded.config, clock)
  try {
    const readCompany = (suspects: readonly string[]) => fetchLiveDirectory(client, {suspects, signal: door.signal})
    return await planSync({readCompany, clock}, loaded, {acceptLarge: options['acceptLarge'] === true})
  } catch (error) {
    if (!(error instanceof WeComRejected || error instanceof WeComUnreachable)) throw error
    throw new CouldNotRun(
      {
        zh: `读不到通讯录，什么也没有改：${error.message}`,
        en: `the contacts could not be read, nothing was changed: ${error.message}`,
      },
      {
        zh: '检查应用权限、可信 IP 和网络，再运行一次',
        en: "check the app's permissions, trusted IPs and the network, and run it again",
      },
      {cause: error},
    )
  } finally {
    client.close()
  }
}

const documentOf = (plan: SyncPlan, findings: readonly ShownFinding[], done: Done, language: Language): object => ({
  ...{command: 'sync', verdict: plan.kind === 'ready' && findings.length === 0 ? 'ok' : 'refused', findings},
  ...(plan.kind === 'refused' ? {reason: plan.reason[language], fix: plan.fix[language]} : {unseen: plan.unseen}),
  ...{changes: plan.changes, written: done.written, proposal: done.proposal},
})

function render(
  plan: SyncPlan,
  findings: readonly ShownFinding[],
  {written, proposal}: Done,
  isMeant: boolean,
  language: Language,
): string {
  const zh = language === 'zh'
  const lines = renderChanges(plan.changes, language)
  const told = findings.length > 0 ? [renderFindings(findings, language)] : []
  if (plan.kind === 'refused')
    return `${[plan.reason[language], `  ${plan.fix[language]}`, ...lines, ...told].join('\n')}\n`
  if (lines.length === 0)
    return zh ? '镜像与企业微信一致，没有要做的事\n' : 'the mirror agrees with WeCom: nothing to do\n'
  const tail = [
    ...(plan.unseen > 0
      ? [
          zh
            ? `有 ${plan.unseen} 名成员应用看不见，保持原样`
            : `${plan.unseen} members are not visible to the app and stay as they are`,
        ]
      : []),
    ...(findings.length > 0
      ? [
          zh
            ? '下面这些地方还用着旧名字，要在同一个合并请求里一起改；在那之前不提合并请求：'
            : 'these places still use an old name and have to follow in the same pull request; until then none is proposed:',
        ]
      : []),
    ...told,
    ...(written ? [zh ? '已写入' : 'written'] : []),
    ...(proposal === null ? [] : [zh ? `合并请求 #${proposal}` : `pull request #${proposal}`]),
    ...(isMeant
      ? []
      : [
          zh ? '只看差别，没有写；加 --write 或 --pr' : 'only the difference, nothing was written; add --write or --pr',
        ]),
  ]
  return `${[...lines, ...tail].join('\n')}\n`
}
