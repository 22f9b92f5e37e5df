import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {type Fault, createControl, type StandInControl} from './control.js'
import {openGitRepository} from './git-repository.js'
import type {StandInAccount} from './records.js'
import {rememberObjects} from './remember-objects.js'
import {commitRoutes} from './routes-commits.js'
import {gitRoutes} from './routes-git.js'
import {issueRoutes} from './routes-issues.js'
import {pullRoutes} from './routes-pulls.js'
import {reviewRoutes} from './routes-reviews.js'
import {statusRoutes} from './routes-statuses.js'
import {type SeenRequest, serveGitHub} from './server.js'
import {createShapes} from './shapes.js'
import {createSignIn} from './sign-in.js'
import type {World} from './world.js'

export interface StandInSettings {
  /** A bare git repository on this disk; its history is real. */
  readonly repository: string
  readonly owner: string
  readonly repo: string
  readonly nowMs: () => number
  readonly accounts: readonly StandInAccount[]
}

export interface GitHubStandIn {
  /** API root on loopback; it answers below `/api/v3` too, as GitHub Enterprise does. */
  readonly url: string
  readonly control: StandInControl
  close(): Promise<void>
}

const UNCUT = 100_000

/** GitHub for one repository, on loopback: git is real, everything beside it is remembered for as long as it runs. */
export async function createGitHubStandIn(settings: StandInSettings): Promise<GitHubStandIn> {
  const {owner, repo, nowMs, accounts} = settings
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let id = 1000
  const account = (login: string): StandInAccount | undefined =>
    accounts.find((one) => one.login.toLowerCase() === login.toLowerCase())
  const world: World = {
    git: rememberObjects(openGitRepository(settings.repository)),
    shapes: createShapes({
      api: url,
      owner,
      repo,
      account,
      byEmail: (email) => accounts.find((one) => one.email.toLowerCase() === email.toLowerCase()),
    }),
    owner,
    repo,
    nowMs,
    accounts,
    issues: [],
    comments: [],
    statuses: [],
    deployments: [],
    labels: new Set(),
    required: new Map(),
    treeLimit: UNCUT,
    nextId: () => ++id,
  }
  const requests: SeenRequest[] = []
  const faults: Fault[] = []
  const signIn = createSignIn(world)
  serveGitHub(server, {
    owner,
    repo,
    routes: {
      ...signIn.routes,
      ...commitRoutes(world),
      ...gitRoutes(world),
      ...pullRoutes(world),
      ...reviewRoutes(world),
      ...statusRoutes(world),
      ...issueRoutes(world),
    },
    whoIs: signIn.whoIs,
    faultFor: (path) => {
      const fault = faults.find(({left, path: pattern}) => left > 0 && (pattern?.test(path) ?? true))
      if (!fault) return null
      fault.left--
      return fault.status
    },
    onAnswer: (seen) => requests.push(seen),
  })
  return {
    url,
    control: createControl(world, requests, faults),
    close: () =>
      new Promise((closed, failed) => {
        server.close((error) => (error ? failed(error) : closed()))
        server.closeAllConnections()
      }),
  }
}
