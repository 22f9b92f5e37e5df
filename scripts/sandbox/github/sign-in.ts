import {createHash, createPublicKey, verify} from 'node:crypto'
import type {IncomingHttpHeaders} from 'node:http'
import {created, noContent, notFound, ok, Refusal, type Routes} from './answer.js'
import type {StandInAccount} from './records.js'
import {isoOf} from './shape-repository.js'
import type {World} from './world.js'

const HOUR_MS = 3_600_000
/** GitHub takes no JWT that lives longer; its clock may lag a little. */
const MOST_JWT_SECONDS = 660
const BAD = (): Refusal => new Refusal(401, 'Bad credentials')

/** Who a request comes from, by its token or, for an app, by a JWT it signed. */
export function createSignIn(world: World) {
  const installationTokens = new Map<string, string>()
  const appOf = (jwt: string): StandInAccount => {
    const [head = '', payload = '', signature = ''] = jwt.split('.')
    const {iss, iat = 0, exp = Infinity} = claimsOf(payload)
    const app = world.accounts.find((one) => one.app?.id === Number(iss))
    const isGenuine =
      app?.app !== undefined &&
      exp - iat <= MOST_JWT_SECONDS &&
      verify(
        'RSA-SHA256',
        Buffer.from(`${head}.${payload}`),
        createPublicKey(app.app.publicKeyPem),
        Buffer.from(signature, 'base64url'),
      )
    if (!app || !isGenuine) throw BAD()
    return app
  }
  return {
    whoIs: (headers: IncomingHttpHeaders): StandInAccount => {
      const [, token = ''] = /^(?:token|bearer) (.+)$/i.exec(headers.authorization ?? '') ?? []
      if (token === '') throw new Refusal(401, 'Requires authentication')
      const login = installationTokens.get(token)
      const found = world.accounts.find((one) => one.token === token || one.login === login)
      if (found) return found
      if (token.split('.').length === 3) return appOf(token)
      throw BAD()
    },
    routes: {
      'GET /user': ({by}) => {
        const account = world.accounts.find(({login}) => login === by)
        if (account?.type === 'Bot') throw new Refusal(403, 'Resource not accessible by integration')
        return ok({
          ...world.shapes.user(by),
          name: null,
          company: null,
          blog: null,
          location: null,
          email: null,
          hireable: null,
          bio: null,
          public_repos: 0,
          public_gists: 0,
          followers: 0,
          following: 0,
          created_at: '2026-01-01T00:00:00Z',
          updated_at: '2026-01-01T00:00:00Z',
        })
      },
      'GET /app': ({by}) => {
        const slug = by.replace(/\[bot\]$/, '')
        const app = world.accounts.find(({login}) => login === by)?.app
        if (!app) throw BAD()
        return ok({
          id: app.id,
          slug,
          node_id: slug,
          owner: world.shapes.user(world.owner),
          name: slug,
          description: null,
          external_url: 'https://github.example',
          html_url: `https://github.example/apps/${slug}`,
          created_at: '2026-01-01T00:00:00Z',
          updated_at: '2026-01-01T00:00:00Z',
          permissions: {contents: 'write', pull_requests: 'write', statuses: 'write', issues: 'write'},
          events: [],
        })
      },
      'POST /app/installations/:installation/access_tokens': ({by, params}) => {
        const app = world.accounts.find(({login}) => login === by)?.app
        if (!app || app.installationId !== Number(params['installation'])) throw notFound()
        const token = `ghs_${createHash('sha256').update(`${by} ${world.nextId()}`).digest('hex').slice(0, 36)}`
        installationTokens.set(token, by)
        return created({token, expires_at: isoOf(world.nowMs() + HOUR_MS), permissions: {contents: 'write'}})
      },
      'DELETE /installation/token': () => noContent(),
    } satisfies Routes,
  }
}

interface Claims {
  readonly iss?: string | number
  readonly iat?: number
  readonly exp?: number
}

function claimsOf(payload: string): Claims {
  try {
    return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims | null) ?? {}
  } catch {
    throw BAD()
  }
}
