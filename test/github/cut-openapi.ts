import {readFileSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {format, resolveConfig} from 'prettier'

/**
 * Cuts the operations that we and the workflows use out of GitHub's description of its REST API, and keeps facts of the
 * interface only: paths, parameters, types, enums, what is required and what may be null. By hand, with
 * `generated/api.github.com.json` of the package @octokit/openapi: `npx tsx test/github/cut-openapi.ts FILE`.
 */
export const SLICE = fileURLToPath(new URL('github-openapi-slice.json', import.meta.url))

const REPO = '/repos/{owner}/{repo}'
const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  '/app': ['get'],
  '/app/installations/{installation_id}/access_tokens': ['post'],
  '/installation/token': ['delete'],
  '/user': ['get'],
  [REPO]: ['get'],
  [`${REPO}/actions/workflows/{workflow_id}/dispatches`]: ['post'],
  [`${REPO}/branches/{branch}`]: ['get'],
  [`${REPO}/commits`]: ['get'],
  [`${REPO}/commits/{commit_sha}/pulls`]: ['get'],
  [`${REPO}/commits/{ref}`]: ['get'],
  [`${REPO}/commits/{ref}/statuses`]: ['get'],
  [`${REPO}/compare/{basehead}`]: ['get'],
  [`${REPO}/contents/{path}`]: ['get'],
  [`${REPO}/deployments`]: ['get', 'post'],
  [`${REPO}/deployments/{deployment_id}/statuses`]: ['get', 'post'],
  [`${REPO}/git/blobs`]: ['post'],
  [`${REPO}/git/blobs/{file_sha}`]: ['get'],
  [`${REPO}/git/commits`]: ['post'],
  [`${REPO}/git/commits/{commit_sha}`]: ['get'],
  [`${REPO}/git/ref/{ref}`]: ['get'],
  [`${REPO}/git/refs`]: ['post'],
  [`${REPO}/git/refs/{ref}`]: ['patch', 'delete'],
  [`${REPO}/git/trees`]: ['post'],
  [`${REPO}/git/trees/{tree_sha}`]: ['get'],
  [`${REPO}/issues`]: ['get', 'post'],
  [`${REPO}/issues/comments/{comment_id}`]: ['get', 'patch', 'delete'],
  [`${REPO}/issues/{issue_number}`]: ['get', 'patch'],
  [`${REPO}/issues/{issue_number}/comments`]: ['get', 'post'],
  [`${REPO}/issues/{issue_number}/labels`]: ['post'],
  [`${REPO}/issues/{issue_number}/labels/{name}`]: ['delete'],
  [`${REPO}/issues/{issue_number}/timeline`]: ['get'],
  [`${REPO}/labels`]: ['post'],
  [`${REPO}/labels/{name}`]: ['get'],
  [`${REPO}/pulls`]: ['get', 'post'],
  [`${REPO}/pulls/{pull_number}`]: ['get', 'patch'],
  [`${REPO}/pulls/{pull_number}/commits`]: ['get'],
  [`${REPO}/pulls/{pull_number}/files`]: ['get'],
  [`${REPO}/pulls/{pull_number}/merge`]: ['put'],
  [`${REPO}/pulls/{pull_number}/reviews`]: ['get', 'post'],
  [`${REPO}/pulls/{pull_number}/reviews/{review_id}`]: ['put'],
  [`${REPO}/pulls/{pull_number}/reviews/{review_id}/dismissals`]: ['put'],
  [`${REPO}/statuses/{sha}`]: ['post'],
}

type Json = Readonly<Record<string, unknown>>

const KEPT_OF_SCHEMAS = new Set(
  'type nullable enum format required items properties additionalProperties allOf anyOf oneOf minimum maximum minLength maxLength minItems maxItems pattern $ref'.split(
    ' ',
  ),
)

/** Throws where the description lacks an operation. Cutting a slice again gives the same slice. */
export function cutOpenApi(full: Json): Json {
  const components: Record<string, Record<string, unknown>> = {}
  const paths: Record<string, Json> = {}
  const parts: Parts = {full, components}
  for (const [path, methods] of Object.entries(OPERATIONS)) {
    const written = asJson(asJson(full['paths'])[path])
    paths[path] = Object.fromEntries(methods.map((method) => [method, cutOperation(asJson(written[method]), parts)]))
  }
  const info = asJson(full['info'])
  return {
    openapi: full['openapi'],
    info: {
      title: "A slice of GitHub's description of its REST API: facts of the interface only",
      description:
        'Cut from @octokit/openapi (MIT License, Copyright (c) 2020 Octokit contributors), which holds the description that GitHub publishes (MIT License, Copyright (c) 2020 GitHub, Inc.).',
      version: info['version'],
      license: {name: 'MIT', url: 'https://spdx.org/licenses/MIT'},
    },
    paths,
    components: Object.fromEntries(
      Object.entries(components)
        .sort()
        .map(([kind, byName]) => [kind, Object.fromEntries(Object.entries(byName).sort())]),
    ),
  }
}

interface Parts {
  readonly full: Json
  readonly components: Record<string, Record<string, unknown>>
}

function cutOperation(written: Json, parts: Parts): Json {
  const {operationId, parameters, requestBody, responses} = written
  return {
    operationId,
    ...(parameters === undefined
      ? {}
      : {parameters: listOf(parameters).map((one) => cutParameter(asJson(one), parts))}),
    ...(requestBody === undefined ? {} : {requestBody: cutBody(asJson(requestBody), parts)}),
    responses: Object.fromEntries(
      Object.entries(asJson(responses)).map(([status, answer]) => [status, cutBody(asJson(answer), parts)]),
    ),
  }
}

function cutParameter(written: Json, parts: Parts): Json {
  if (written['$ref'] !== undefined) return cutReference(written, parts, cutParameter)
  const {name, in: place, required, schema} = written
  return {name, in: place, ...(required === true ? {required} : {}), schema: cutSchema(asJson(schema), parts)}
}

/** A request's body or an answer; other media types than JSON are left out. */
function cutBody(written: Json, parts: Parts): Json {
  if (written['$ref'] !== undefined) return cutReference(written, parts, cutBody)
  const json = asJson(asJson(written['content'] ?? {})['application/json'] ?? {})
  return {
    ...(written['required'] === true ? {required: true} : {}),
    ...(json['schema'] === undefined
      ? {}
      : {content: {'application/json': {schema: cutSchema(asJson(json['schema']), parts)}}}),
  }
}

function cutSchema(written: Json, parts: Parts): Json {
  if (written['$ref'] !== undefined) return cutReference(written, parts, cutSchema)
  return Object.fromEntries(
    Object.entries(written)
      .filter(([key]) => KEPT_OF_SCHEMAS.has(key))
      .map(([key, value]) => [key, cutKeyword(key, value, parts)]),
  )
}

function cutKeyword(key: string, value: unknown, parts: Parts): unknown {
  if (key === 'properties')
    return Object.fromEntries(
      Object.entries(asJson(value)).map(([name, schema]) => [name, cutSchema(asJson(schema), parts)]),
    )
  if (key.endsWith('Of')) return listOf(value).map((schema) => cutSchema(asJson(schema), parts))
  return key === 'items' || (key === 'additionalProperties' && typeof value === 'object')
    ? cutSchema(asJson(value), parts)
    : value
}

function cutReference({$ref}: Json, parts: Parts, cut: (target: Json, parts: Parts) => Json): Json {
  const [, , kind = '', name = ''] = String($ref).split('/')
  const known = (parts.components[kind] ??= {})
  if (!(name in known)) {
    // Before it is cut: schemas refer to themselves.
    known[name] = {}
    known[name] = cut(asJson(asJson(asJson(parts.full['components'])[kind])[name]), parts)
  }
  return {$ref}
}

function asJson(value: unknown): Json {
  if (typeof value !== 'object' || value === null) throw new TypeError('the description lacks a part that is cut out')
  return value as Json
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const [, script, source] = process.argv
if (script === fileURLToPath(import.meta.url) && source !== undefined) {
  const slice = cutOpenApi(JSON.parse(readFileSync(source, 'utf8')) as Json)
  writeFileSync(SLICE, await format(JSON.stringify(slice), {...(await resolveConfig(SLICE)), parser: 'json'}))
}
