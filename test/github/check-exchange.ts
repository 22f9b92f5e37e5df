import {readFileSync} from 'node:fs'
import addFormats from 'ajv-formats'
import {OpenAPIBackend, type ValidationResult} from 'openapi-backend'
import {SLICE} from './cut-openapi.js'

/** One request as it went over the wire, and its answer. */
export interface Exchange {
  readonly method: string
  /** Below the API's root, without the query. */
  readonly path: string
  readonly query: string
  readonly requestBody: string
  readonly status: number
  readonly contentType: string
  readonly body: string
}

export interface Checked {
  /** `null` where GitHub describes no such operation. */
  readonly operation: string | null
  readonly violations: readonly string[]
}

type Schema = Readonly<Record<string, unknown>>

interface Described {
  readonly operationId: string
  readonly requestBody?: {readonly content?: Readonly<Record<string, {readonly schema: Schema}>>}
  readonly responses: Readonly<Record<string, {readonly content?: object}>>
}

/** GitHub gives these to any call, whether its description says so or not; the body is always an error's. */
const ANYWHERE = new Set([401, 403, 404, 422, 429])
const FIRST_OF_SERVER_ERRORS = 500

/** Holds exchanges against what GitHub publishes about its REST API. */
export async function openExchangeCheck(): Promise<(exchange: Exchange) => Checked> {
  const api = new OpenAPIBackend({
    definition: describedWithoutExtras(),
    quick: true,
    validate: true,
    ajvOpts: {strict: false, allErrors: true},
    customizeAjv: (ajv) => addFormats.default(ajv).addFormat('repo.nwo', /^[^/]+\/[^/]+$/),
  })
  await api.init()
  return (exchange) => {
    const {method, path, query, requestBody, status} = exchange
    const request = {
      method,
      path,
      query,
      headers: requestBody === '' ? {} : {'content-type': 'application/json'},
      ...(requestBody === '' ? {} : {body: JSON.parse(requestBody) as object}),
    }
    const operation = api.router.matchOperation(request)
    if (!operation?.operationId) return {operation: null, violations: [`${method} ${path}: no such operation`]}
    const id = operation.operationId
    const where = `${id} (${method} ${path}${query === '' ? '' : `?${query}`}, ${status})`
    const sent = REFUSED_AS_WRONG.has(status) ? [] : wordsOf(api.validateRequest(request, id), `${where}: request`)
    const answered = checkAnswer(api, operation as unknown as Described, exchange).map((one) => `${where}: ${one}`)
    return {operation: id, violations: [...sent, ...answered]}
  }
}

/** Such a request may well have been wrong on purpose. */
const REFUSED_AS_WRONG = new Set([400, 422])
const FIRST_OF_ERRORS = 400

function checkAnswer(
  api: OpenAPIBackend,
  {operationId, responses}: Described,
  {status, contentType, body}: Exchange,
): string[] {
  const described = responses[String(status)]
  if (!described && !ANYWHERE.has(status) && status < FIRST_OF_SERVER_ERRORS) return ['no such status']
  if (described && !described.content && status < FIRST_OF_ERRORS) return body === '' ? [] : ['a body where none is']
  if (!contentType.startsWith('application/json')) return [`content type ${contentType}`]
  const shown = JSON.parse(body) as {readonly message?: unknown}
  const isSilent = status >= FIRST_OF_ERRORS && typeof shown.message !== 'string'
  return [
    ...(isSilent ? ['an error without a message'] : []),
    ...(described?.content ? wordsOf(api.validateResponse(shown, operationId, status), 'answer') : []),
  ]
}

const MOST_SHOWN = 5

const wordsOf = ({errors}: ValidationResult, what: string): string[] =>
  (errors ?? [])
    .slice(0, MOST_SHOWN)
    .map(({instancePath, message, params}) => `${what} ${instancePath} ${message ?? ''} ${JSON.stringify(params)}`)

/** GitHub passes over fields it does not know; a client that sends one has mistaken a name. */
function describedWithoutExtras() {
  const definition = JSON.parse(readFileSync(SLICE, 'utf8'), withNull) as {
    readonly openapi: string
    readonly info: {readonly title: string; readonly version: string}
    readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  }
  for (const operation of Object.values(definition.paths).flatMap((methods) => Object.values(methods))) {
    const json = operation.requestBody?.content?.['application/json']
    if (json) Object.assign(json, {schema: closed(json.schema)})
  }
  return definition
}

/** At any depth; what a schema refers to stays as it is, since answers share it. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed)
  if (typeof value !== 'object' || value === null) return value
  const schema = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, closed(part)]))
  const isOpen = schema['type'] === 'object' && 'properties' in schema && !('additionalProperties' in schema)
  return isOpen ? {...schema, additionalProperties: false} : schema
}

/** The checker takes "may be null" beside a type only; GitHub writes it beside choices of schemas and of values too. */
function withNull(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('nullable' in value)) return value
  if ('type' in value && !('enum' in value)) return value
  const {nullable: _nullable, ...schema} = value
  return {anyOf: [schema, {enum: [null]}]}
}
