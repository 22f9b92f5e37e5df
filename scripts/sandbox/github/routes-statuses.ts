import {created, invalid, noContent, notFound, ok, optionalText, type Routes, textOf} from './answer.js'
import {commitOf, type World} from './world.js'

const REPO = '/repos/:owner/:repo'
const DEPLOYMENT = `${REPO}/deployments/:deployment`
const STATES = new Set(['error', 'failure', 'pending', 'success'])
const DEPLOYMENT_STATES = new Set([...STATES, 'inactive', 'in_progress', 'queued'])
const MAX_DESCRIPTION = 140

/** Statuses of commits, deployments, and runs that are asked for. */
export function statusRoutes(world: World): Routes {
  const {shapes} = world
  const deploymentOf = (id: string | undefined) => {
    const found = world.deployments.find((one) => one.id === Number(id))
    if (!found) throw notFound()
    return found
  }
  return {
    [`GET ${REPO}/commits/:ref/statuses`]: ({params}) => {
      const commit = commitOf(world, params['ref'] ?? '')
      const found = world.statuses.filter(({sha}) => sha === commit)
      return {list: found.reverse().map(shapes.status)}
    },
    [`POST ${REPO}/statuses/:sha`]: ({params, body, by}) => {
      const [state, description] = [textOf(body, 'state'), optionalText(body, 'description') ?? null]
      if (!STATES.has(state)) throw invalid('Status', 'state')
      if ([...(description ?? '')].length > MAX_DESCRIPTION)
        throw invalid(
          'Status',
          'description',
          'custom',
          `description is too long (maximum is ${MAX_DESCRIPTION} characters)`,
        )
      const sha = world.git.resolve(params['sha'] ?? '')
      if (sha === null) throw invalid('Status', null, 'custom', `No commit found for SHA: ${params['sha']}`)
      const context = optionalText(body, 'context') ?? 'default'
      const status = {id: world.nextId(), sha, context, state, description, by, atMs: world.nowMs()}
      world.statuses.push(status)
      return created(shapes.status(status))
    },
    [`GET ${REPO}/deployments`]: ({query}) => {
      const found = world.deployments.filter((one) =>
        (['sha', 'ref', 'environment'] as const).every((name) => [null, one[name]].includes(query.get(name))),
      )
      return {list: found.reverse().map(shapes.deployment)}
    },
    [`POST ${REPO}/deployments`]: ({body, by}) => {
      const ref = textOf(body, 'ref')
      const environment = optionalText(body, 'environment') ?? 'production'
      const deployment = {
        id: world.nextId(),
        sha: commitOf(world, ref),
        ref,
        environment,
        by,
        atMs: world.nowMs(),
        states: [],
      }
      world.deployments.push(deployment)
      return created(shapes.deployment(deployment))
    },
    [`GET ${DEPLOYMENT}`]: ({params}) => ok(shapes.deployment(deploymentOf(params['deployment']))),
    [`GET ${DEPLOYMENT}/statuses`]: ({params}) => {
      const deployment = deploymentOf(params['deployment'])
      return {list: [...deployment.states].reverse().map((state) => shapes.deploymentStatus(deployment, state))}
    },
    [`POST ${DEPLOYMENT}/statuses`]: ({params, body, by}) => {
      const deployment = deploymentOf(params['deployment'])
      const state = textOf(body, 'state')
      if (!DEPLOYMENT_STATES.has(state)) throw invalid('DeploymentStatus', 'state')
      const description = optionalText(body, 'description') ?? ''
      const made = {id: world.nextId(), state, description, by, atMs: world.nowMs()}
      deployment.states.push(made)
      return created(shapes.deploymentStatus(deployment, made))
    },
    [`POST ${REPO}/actions/workflows/:workflow/dispatches`]: ({body}) => {
      textOf(body, 'ref')
      return noContent()
    },
  }
}
