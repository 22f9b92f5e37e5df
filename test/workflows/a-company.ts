import {execFile} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Trial} from '../../scripts/core/model/outcome.js'
import type {Store} from '../../scripts/core/ports.js'
import {generateKeyPair} from '../../scripts/runtime/keys.js'
import {createSystemClock} from '../../scripts/runtime/system-clock.js'
import {createSystemRandomness} from '../../scripts/runtime/system-randomness.js'
import {createFileStore} from '../../scripts/store/create-file-store.js'
import {BANK} from '../gate/a-gate.js'
import {type ARepository, openRepository, TOKEN} from '../github/a-repository.js'
import {CORPID, type Playground, SECRETS, startPlayground} from '../sandbox/playground.js'
import {aConfig, type Changes, enterprise, inFolder} from '../support/a-config.js'
import type {Ran} from '../support/run-command.js'
import {ROOT} from '../support/launch.js'
import {readWorkflow} from './read-workflows.js'
import {type Happening, type Machine, runWorkflow, type WorkflowRun} from './run-workflow.js'

const AGENT = 1000002
const REPOSITORY = {default_branch: 'main', full_name: 'hehe/welcome'}

/** A company on three stand-ins: GitHub with real git, WeCom, and a responder's reports; its workflows as they are shipped. */
export interface ACompany extends ARepository {
  readonly wecom: Playground
  readonly store: Store
  /** Opens a pull request from a branch with these configuration files. */
  propose(branch: string, changes: Changes, by?: string, fork?: string): number
  push(branch: string, changes: Changes, by?: string): void
  approve(pull: number, ...logins: readonly string[]): void
  /** Plays a workflow as it is shipped; `null` where it does not start. */
  play(file: string, happening: Partial<Happening>): Promise<WorkflowRun | null>
  /** The gate after a push, and after a review. */
  gate(pull: number): Promise<WorkflowRun | null>
  review(pull: number): Promise<WorkflowRun | null>
  merge(pull: number): string
  /** A deployment, while customers add members and a responder reports that all goes well, or that WeCom refuses. */
  deploy(commit: string, outcome: 'good' | 'refused'): Promise<WorkflowRun | null>
  /** Everything a command of any job could hold. */
  env(): Record<string, string>
  /** Runs a command where the configuration stands as it does at a commit. */
  runAt(commit: string, ...argv: readonly string[]): Promise<Ran>
}

export async function openCompany(base: Changes = {}): Promise<ACompany> {
  const keys = {approval: generateKeyPair(), release: generateKeyPair()}
  const home = mkdtempSync(join(tmpdir(), 'yingbin-company-'))
  const logins = ['xiao-wen', 'ling-shou', 'he-gui', 'xiao-bao', 'ke-ji', 'nei-shen', 'an-quan', 'lin-shi', 'ling-er']
  const repository = await openRepository(
    logins.map((login) => ({login, email: `${login}@bank.example`, may: 'write'})),
  )
  const wecom = await startPlayground()
  await wecom.control('/robots', {robots: [{key: 'robot-1'}]})
  const members = (BANK['organization.yaml'] as {members: readonly {id: string}[]}).members
  await wecom.control('/organization', {
    departments: [{id: 1, name: '总行', parentid: 0}],
    members: members.map(({id}) => ({userid: id, name: id, department: [1]})),
  })
  const start: Changes = {
    ...BANK,
    'enterprise.yaml': enterprise({corpId: CORPID, agentId: AGENT}),
    'policy.yaml': {...(BANK['policy.yaml'] as object), canary: {observe: {min: '1s', max: '1m'}}},
    'channels/counter.yaml': {title: '柜台', state: 'counter', staff: {members: ['xiao.wen']}},
    ...base,
  }
  const filesOf = (changes: Changes): Record<string, string> =>
    Object.fromEntries(Object.entries(aConfig({...start, ...changes})).map(([path, text]) => [`config/${path}`, text]))
  const setUp = '.github/actions/set-up/action.yml'
  const {control} = repository.standIn
  control.push({
    branch: 'main',
    files: {...filesOf({}), [setUp]: readFileSync(join(ROOT, setUp), 'utf8')},
    message: 'first',
    by: 'ke-ji',
  })
  const storeAddress = join(home, 'store')
  const clock = createSystemClock({offsetMs: repository.nowMs() - Date.now()})
  const store = createFileStore(storeAddress, {clock, randomness: createSystemRandomness()})
  const offset = (): string => String(repository.nowMs() - Date.now())
  const app = {YINGBIN_STORE: `file:${storeAddress}`}
  const machine = (): Machine => ({
    repository: repository.folder,
    fullName: 'hehe/welcome',
    apiUrl: repository.standIn.url,
    token: TOKEN,
    environments: {
      gate: {secrets: {YINGBIN_TOKEN_KEY: keys.approval.privateKeyPem}, vars: app},
      notice: {
        secrets: {
          WECOM_SECRET: SECRETS[AGENT] ?? '',
          YINGBIN_ROBOT_WEBHOOK: 'https://qyapi.example/cgi-bin/webhook/send?key=robot-1',
        },
      },
      production: {
        secrets: {WECOM_SECRET: SECRETS[AGENT] ?? '', YINGBIN_RELEASE_KEY: keys.release.privateKeyPem},
        vars: {...app, YINGBIN_TOKEN_PUBLIC_KEY: keys.approval.publicKeyPem},
      },
    },
    env: {
      WECOM_BASE_URL: wecom.url,
      GITHUB_TOKEN: TOKEN,
      YINGBIN_GATE_LOGIN: 'yingbin-gate[bot]',
      YINGBIN_GITHUB_PACED: 'no',
      YINGBIN_CLOCK_OFFSET_MS: offset(),
    },
  })
  const play = async (file: string, happening: Partial<Happening>): Promise<WorkflowRun | null> => {
    const sha = happening.sha ?? (await repository.host.readTip('main'))
    return runWorkflow(
      readWorkflow(file),
      {name: 'push', payload: {repository: REPOSITORY}, ref: 'refs/heads/main', actor: 'ke-ji', ...happening, sha},
      machine(),
    )
  }
  const env = (): Record<string, string> => ({
    ...machine().env,
    ...app,
    GITHUB_REPOSITORY: 'hehe/welcome',
    GITHUB_API_URL: repository.standIn.url,
    WECOM_SECRET: SECRETS[AGENT] ?? '',
    YINGBIN_RELEASE_KEY: keys.release.privateKeyPem,
    YINGBIN_TOKEN_KEY: keys.approval.privateKeyPem,
    YINGBIN_TOKEN_PUBLIC_KEY: keys.approval.publicKeyPem,
  })
  return {
    ...repository,
    wecom,
    store,
    play,
    env,
    runAt: (commit, ...argv) =>
      inFolder({}, async (folder) => {
        await repository.host.readFolder(commit, 'config', join(folder, 'config'))
        return launch(argv, folder, {PATH: process.env['PATH'] ?? '', ...env()})
      }),
    propose: (branch, changes, by = 'xiao-wen', fork) => {
      control.push({branch, from: 'main', files: filesOf(changes), message: 'change', by})
      return control.openPull({head: branch, base: 'main', title: '改欢迎语', by, ...(fork ? {fork} : {})})
    },
    push: (branch, changes, by = 'xiao-wen') =>
      void control.push({branch, files: filesOf(changes), message: 'more', by}),
    approve: (pull, ...approvers) => {
      for (const by of approvers) control.review({pull, by, state: 'APPROVE'})
    },
    gate: (pull) =>
      play('gate.yml', {
        name: 'pull_request_target',
        payload: {
          action: 'synchronize',
          repository: REPOSITORY,
          pull_request: {number: pull, head: {sha: 'x', ref: 'x'}, base: {ref: 'main'}},
        },
      }),
    review: async (pull) =>
      play('gate.yml', {
        name: 'workflow_run',
        payload: {
          action: 'completed',
          repository: REPOSITORY,
          workflow_run: {
            name: '审查',
            head_sha: (await repository.host.readPull(pull)).head,
            pull_requests: [{number: pull}],
          },
        },
      }),
    merge: (pull) => control.merge({pull, by: 'ke-ji'}),
    deploy: async (commit, outcome) => {
      const done = new AbortController()
      const reporting = reportCanary(store, outcome, done.signal)
      try {
        return await play('deploy.yml', {name: 'push', sha: commit, changedFiles: ['config/templates/hello.yaml']})
      } finally {
        done.abort()
        await reporting
      }
    },
    close: async () => {
      await store.close()
      await wecom.close()
      await repository.close()
      rmSync(home, {recursive: true, force: true})
    },
  }
}

/** What a responder reports once it runs a manifest with a canary: one canary send after every nineteen of the control. */
async function reportCanary(store: Store, outcome: 'good' | 'refused', signal: AbortSignal): Promise<void> {
  const told = new Set<number>()
  while (!signal.aborted) {
    const manifest = (await store.readManifest())?.manifest
    if (manifest?.canary && !told.has(manifest.version)) {
      told.add(manifest.version)
      const {version, stable, canary} = manifest
      const trial = (arm: Trial['arm'], failed: boolean): Trial => ({
        atMs: manifest.issuedAtMs,
        arm,
        release: arm === 'canary' ? canary.digest : stable,
        failed,
        hard: failed,
        manifestVersion: version,
      })
      const trials = Array.from({length: 80}, () => [
        ...Array.from({length: 19}, () => trial('stable', false)),
        trial('canary', outcome === 'refused'),
      ]).flat()
      await store.writeReport({
        responder: 'one',
        atMs: manifest.issuedAtMs,
        manifestVersion: version,
        stable,
        canary: canary.digest,
        arms: [],
        trials,
        latency: [],
        counters: {},
      })
    }
    await new Promise((next) => setImmediate(next))
  }
}

/** The program as a process of its own; the stand-ins of this process answer meanwhile. */
const launch = (argv: readonly string[], cwd: string, env: Record<string, string>): Promise<Ran> =>
  new Promise((done) => {
    const program = join(ROOT, 'scripts/launch.mjs')
    execFile(process.execPath, [program, ...argv], {cwd, env}, (error, out, err) =>
      done({code: typeof error?.code === 'number' ? error.code : error ? 2 : 0, out, err}),
    )
  })
