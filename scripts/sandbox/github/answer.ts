/** What a route answers with; lists are cut into pages by the server. */
export type Answer = OneAnswer | ListAnswer

export interface OneAnswer {
  readonly status: number
  readonly body?: unknown
  /** Where a part of the body comes in pages: how many there are. */
  readonly pages?: number
}

export type ListAnswer =
  | {readonly list: readonly unknown[]}
  /** Names that are costly to show: only those of the page that is asked for are. */
  | {readonly names: readonly string[]; readonly show: (page: readonly string[]) => readonly unknown[]}

export interface Call {
  readonly method: string
  /** Parts of the route's pattern, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: Readonly<Record<string, unknown>>
  /** Who signed in. */
  readonly by: string
}

export type Handler = (call: Call) => Answer

/** `GET /repos/:owner/:repo/pulls/:number`; a part that begins with `*` takes the rest of the path. */
export type Routes = Readonly<Record<string, Handler>>

/** Ends a call with GitHub's own words. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  constructor(
    readonly status: number,
    message: string,
    readonly errors?: readonly (object | string)[],
  ) {
    super(message)
  }
}

export const notFound = (): Refusal => new Refusal(404, 'Not Found')
export const invalid = (resource: string, field: string | null, code = 'invalid', message?: string): Refusal =>
  new Refusal(422, 'Validation Failed', [
    {resource, ...(field === null ? {} : {field}), code, ...(message === undefined ? {} : {message})},
  ])

export const ok = (body: unknown): Answer => ({status: 200, body})
export const created = (body: unknown): Answer => ({status: 201, body})
export const noContent = (): Answer => ({status: 204})

export function textOf(body: Call['body'], field: string): string {
  const value = body[field]
  if (typeof value !== 'string') throw invalid('Request', field, 'missing_field')
  return value
}

export const optionalText = (body: Call['body'], field: string): string | undefined =>
  typeof body[field] === 'string' ? body[field] : undefined

export const listOf = (body: Call['body'], field: string): readonly string[] =>
  Array.isArray(body[field]) ? body[field].filter((item) => typeof item === 'string') : []
