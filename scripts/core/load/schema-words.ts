import type {ErrorObject} from 'ajv'
import commonSchema from '../../../schemas/common.schema.json' with {type: 'json'}

type Node = Readonly<Record<string, unknown>>

const isNode = (value: unknown): value is Node => value !== null && typeof value === 'object'

const commonDefs: Node = commonSchema.$defs

/** A property that only refers to a shared shape borrows its description. */
function described(node: unknown): string | null {
  if (!isNode(node)) return null
  if (typeof node['description'] === 'string') return node['description']
  const ref = node['$ref']
  return typeof ref === 'string' ? described(commonDefs[ref.slice(ref.lastIndexOf('/') + 1)]) : null
}

const parentOf = (error: ErrorObject): Node => (isNode(error.parentSchema) ? error.parentSchema : {})

/** The Chinese description that the schema gives the field at fault, or its missing field `key`. */
export function describeField(error: ErrorObject, key?: string): string | null {
  const parent = parentOf(error)
  if (key === undefined) return described(parent)
  const properties = parent['properties']
  return isNode(properties) ? described(properties[key]) : null
}

/** Keys that may stand where an unknown one was found. */
export function knownKeys(error: ErrorObject): string[] {
  const properties = parentOf(error)['properties']
  return isNode(properties) ? Object.keys(properties) : []
}
