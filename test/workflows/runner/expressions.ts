import {data, Evaluator, Lexer, Parser} from '@actions/expressions'

export type Json = null | boolean | number | string | readonly Json[] | {readonly [key: string]: Json}
export type JsonObject = {readonly [key: string]: Json}

/** A scalar as it is written; nothing as nothing. */
export const textOf = (value: Json | undefined): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '')

/** What `success()`, `failure()` and `cancelled()` answer at this place. */
export interface Standing {
  readonly success: boolean
  readonly failure: boolean
}

/** Contexts by name (`github`, `env` …) and how things stand; `null` where the status functions may not be asked. */
export interface Scope {
  readonly contexts: JsonObject
  readonly standing: Standing | null
}

const STATUS = new Set(['success', 'failure', 'always', 'cancelled'])
const CONTEXTS = ['github', 'env', 'vars', 'secrets', 'inputs', 'needs', 'steps', 'job', 'runner']

function evaluate(expression: string, {contexts, standing}: Scope): data.ExpressionData {
  const answers: Readonly<Record<string, boolean>> = standing ? {...standing, always: true, cancelled: false} : {}
  const functions = Object.entries(answers).map(([name, answer]) => ({
    ...{name, minArgs: 0, maxArgs: 0},
    call: () => new data.BooleanData(answer),
  }))
  const tree = new Parser(new Lexer(expression).lex().tokens, CONTEXTS, functions).parse()
  const all = JSON.stringify({...Object.fromEntries(CONTEXTS.map((name) => [name, {}])), ...contexts})
  const dictionary = JSON.parse(all, data.reviver) as data.Dictionary
  return new Evaluator(tree, dictionary, new Map(functions.map((one) => [one.name, one]))).evaluate()
}

const EMBEDDED = /\$\{\{((?:'(?:[^']|'')*'|[^'}]|\}(?!\}))*)\}\}/g

/** Text with every `${{ }}` in it worked out, as Actions writes values into texts. */
export const fillIn = (text: Json, scope: Scope): string =>
  textOf(text).replaceAll(EMBEDDED, (_whole, expression: string) => evaluate(expression, scope).coerceString())

/** Every value of a map worked out; values that come later do not see the earlier ones. */
export const fillInAll = (map: JsonObject | undefined, scope: Scope): Record<string, string> =>
  Object.fromEntries(Object.entries(map ?? {}).map(([key, value]) => [key, fillIn(value, scope)]))

/** Whether a condition holds; one that asks for no status holds only while all before it went well. */
export function holds(written: Json | undefined, scope: Scope & {readonly standing: Standing}): boolean {
  const condition = textOf(written ?? 'success()').trim()
  const [, inside] = /^\$\{\{([\s\S]*)\}\}$/.exec(condition) ?? []
  const expression = inside ?? condition
  if (expression.includes('${{')) throw new Error(`a condition in pieces: ${condition}`)
  const {tokens} = new Lexer(expression).lex()
  const asks = tokens.some(({lexeme}, index) => STATUS.has(lexeme.toLowerCase()) && tokens[index + 1]?.lexeme === '(')
  return isTruthy(evaluate(asks ? expression : `success() && (${expression})`, scope))
}

/** Empty text, zero and nothing are false; every object is true. */
function isTruthy(value: data.ExpressionData): boolean {
  switch (value.kind) {
    case data.Kind.Null:
      return false
    case data.Kind.Boolean:
    case data.Kind.Number:
    case data.Kind.String:
      return Boolean(value.value)
    default:
      return true
  }
}
