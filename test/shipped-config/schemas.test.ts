import {describe, expect, it} from '@jest/globals'
import {Ajv2020} from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {findFiles, findSchemaName, readYaml, SCHEMAS, yamlFiles} from './read-shipped-config.js'

const ajv = new Ajv2020({allErrors: true, discriminator: true, strictRequired: false, allowUnionTypes: true})
addFormats.default(ajv)
for (const file of findFiles(SCHEMAS)) {
  ajv.addSchema(JSON.parse(readFileSync(join(SCHEMAS, file), 'utf8')) as Record<string, unknown>, file)
}

function findErrors(schemaName: string, value: unknown): string[] {
  const validate = ajv.getSchema(`${schemaName}.schema.json`)
  if (validate === undefined) return [`no schema named ${schemaName}`]
  void validate(value)
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? error.keyword}`)
}

describe('the shipped configuration against its schemas', () => {
  it.each(yamlFiles)('%s fits its schema', (file) => {
    expect(findErrors(findSchemaName(file), readYaml(file))).toEqual([])
  })

  it('a misspelt key is refused, so the check above can fail', () => {
    expect(findErrors('template', {title: '某', text: '您好', fallbck: '您好'})).not.toEqual([])
  })

  it('the editor maps every kind of file to its schema', () => {
    const settings = JSON.parse(readFileSync(join(SCHEMAS, '../.vscode/settings.json'), 'utf8')) as {
      'yaml.schemas': Record<string, string>
    }
    const mapped = Object.keys(settings['yaml.schemas']).map((file) => file.replace('./schemas/', ''))
    const wanted = findFiles(SCHEMAS).filter((file) => file !== 'common.schema.json')
    expect(mapped.sort()).toEqual(wanted)
  })
})
