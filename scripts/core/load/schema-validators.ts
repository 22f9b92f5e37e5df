import {Ajv2020, type ValidateFunction} from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import calendar from '../../../schemas/calendar.schema.json' with {type: 'json'}
import channel from '../../../schemas/channel.schema.json' with {type: 'json'}
import common from '../../../schemas/common.schema.json' with {type: 'json'}
import enterprise from '../../../schemas/enterprise.schema.json' with {type: 'json'}
import facts from '../../../schemas/facts.schema.json' with {type: 'json'}
import grants from '../../../schemas/grants.schema.json' with {type: 'json'}
import groupWelcome from '../../../schemas/group-welcome.schema.json' with {type: 'json'}
import links from '../../../schemas/links.schema.json' with {type: 'json'}
import organization from '../../../schemas/organization.schema.json' with {type: 'json'}
import policy from '../../../schemas/policy.schema.json' with {type: 'json'}
import roles from '../../../schemas/roles.schema.json' with {type: 'json'}
import roster from '../../../schemas/roster.schema.json' with {type: 'json'}
import schedule from '../../../schemas/schedule.schema.json' with {type: 'json'}
import template from '../../../schemas/template.schema.json' with {type: 'json'}
import type {Kind} from './kinds.js'

/** The schema of every kind; `common` holds the shapes they share. */
export const SCHEMAS = {
  calendar,
  channel,
  enterprise,
  facts,
  grants,
  'group-welcome': groupWelcome,
  links,
  organization,
  policy,
  roles,
  roster,
  schedule,
  template,
} as const

/** Options of ajv, the same for the compiler at run time and the one ahead of time in the build. */
export const AJV_OPTIONS = {
  allErrors: true,
  discriminator: true,
  verbose: true,
  strict: true,
  strictRequired: false,
  strictTypes: false,
  allowUnionTypes: true,
} as const

/** An ajv that knows every schema. Compiling takes 60–110 ms, so the bundle carries validators compiled at build time. */
export function createSchemaAjv(code?: {readonly source: true; readonly esm: true}): Ajv2020 {
  const ajv = new Ajv2020({...AJV_OPTIONS, ...(code ? {code} : {})})
  addFormats.default(ajv)
  ajv.addSchema(common)
  for (const [kind, schema] of Object.entries(SCHEMAS)) ajv.addSchema(schema, kind)
  return ajv
}

let ajv: Ajv2020 | undefined

/** The validator of one kind. */
export function schemaValidator(kind: Kind): ValidateFunction {
  ajv ??= createSchemaAjv()
  const validate = ajv.getSchema(kind)
  if (!validate) throw new Error(`no schema for kind ${kind}`)
  return validate
}
