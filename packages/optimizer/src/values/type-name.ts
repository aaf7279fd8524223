import type { Json } from '@trace2/instrumentation/semconv'

/** Media type by which a parameter's schema marks its value as the source of a function. */
export const codeMediaType = 'text/javascript'

/** Whether a schema says that the value is the source text of a function. */
export function isCode(schema: Json): boolean {
  return (
    typeof schema === 'object' &&
    schema !== null &&
    'contentMediaType' in schema &&
    schema.contentMediaType === codeMediaType
  )
}

/** The type of a parameter in one word: `code`, the schema's `type`, or that of the present value. */
export function typeName(parameter: { readonly value: Json; readonly schema: Json }): string {
  const { value, schema } = parameter
  if (isCode(schema)) return 'code'
  if (typeof schema === 'object' && schema !== null && 'type' in schema) {
    if (typeof schema.type === 'string') return schema.type
  }
  if (Array.isArray(value)) return 'array'
  return value === null ? 'null' : typeof value
}
