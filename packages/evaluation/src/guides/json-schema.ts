import type { Json } from '@trace2/core'
import { schemaFault } from '../values/index.ts'
import type { Guide } from './guide.ts'
import { definitionSchema, nameOf, selectionSchema } from './schema-parts.ts'
import { parsed, type Selection, selected } from './subject.ts'

/** Right or wrong: the output fits a JSON schema (draft 2020-12). A text is read as JSON, unless a text is asked for. */
export interface JsonSchemaDefinition extends Selection {
  readonly kind: 'schema'
  readonly name?: string
  readonly schema: Json
}

export const jsonSchemaSchema = definitionSchema(
  'schema',
  { ...selectionSchema, schema: { type: 'object' } },
  ['schema'],
)

export function jsonSchema(definition: JsonSchemaDefinition): Guide {
  return {
    name: nameOf(definition),
    definition: { ...definition },
    source: 'code',
    judge(subject) {
      const given = selected(subject, definition)
      const plain = given === undefined ? 'it is not there' : schemaFault(definition.schema, given)
      if (plain === undefined) return fits
      const value = typeof given === 'string' ? parsed(given) : undefined
      const fault = value === undefined ? plain : schemaFault(definition.schema, value)
      if (fault === undefined) return fits
      const noJson = typeof given === 'string' && value === undefined
      return {
        score: 0,
        comment: noJson
          ? `It is neither JSON nor a text that fits the schema: ${fault}.`
          : `It does not fit the schema: ${fault.replace(/\.$/, '')}.`,
      }
    },
  }
}

const fits = { score: 1, comment: 'It fits the schema.' } as const
