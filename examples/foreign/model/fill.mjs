// Values for the arguments of tools and for answers that have to be JSON of a schema.

/** The order that a text speaks of. */
export function orderIn(text) {
  return text.match(/\b[A-Z]-\d{3,}\b/)?.[0] ?? 'A-1042'
}

/** Arguments of a tool, as its schema wants them. `told` is all that speaks of agents. */
export function argumentsFor({ schema }, question, told) {
  const properties = Object.entries(schema?.properties ?? {})
  const required = new Set(schema?.required ?? properties.map(([name]) => name))
  const wanted = properties.filter(([name]) => required.has(name))
  return Object.fromEntries(
    wanted.map(([name, property]) => [name, argument(name, property, { question, told })]),
  )
}

function argument(name, property, { question, told }) {
  if (isNullable(property) && !/prompt|question|input|message|order/i.test(name)) return null
  const isText = typeOf(property) === 'string' && property.enum === undefined
  if (isText && /member/i.test(name)) return told.match(/\border[-_]support\b/)?.[0] ?? question
  if (isText && /order|(^|_)id$|Id$/.test(name)) return orderIn(question)
  if (/country/i.test(name)) return question.match(/\b[A-Z]{2}\b/)?.[0] ?? 'FR'
  if (/agent/i.test(name))
    return filled(property, told.match(/\border[-_]support\b/)?.[0] ?? question)
  return filled(property, question)
}

function isNullable({ type, anyOf }) {
  return [type].flat().includes('null') || anyOf?.some((choice) => choice.type === 'null') === true
}

/** A value of a JSON schema. Its texts are `text`, but for an enumeration, which gives its first member. */
export function filled(schema, text) {
  if (schema?.enum) return schema.enum[0]
  if (schema?.const !== undefined) return schema.const
  const choice = schema?.anyOf ?? schema?.oneOf
  if (choice) return filled(choice[0], text)
  switch (typeOf(schema)) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, of]) => [name, filled(of, text)]),
      )
    case 'array':
      return schema.items ? [filled(schema.items, text)] : []
    case 'number':
    case 'integer':
      return schema.minimum ?? 5
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return text
  }
}

/** Gemini writes types in capitals. */
function typeOf(schema) {
  const type = Array.isArray(schema?.type) ? schema.type[0] : schema?.type
  return type ? String(type).toLowerCase() : schema?.properties ? 'object' : 'string'
}
