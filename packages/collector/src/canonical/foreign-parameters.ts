import { parameterVersion } from '@trace2/instrumentation/semconv'
import type { SpanRecord } from '../otlp/model.ts'
import { fields } from './dialects.ts'
import { firstText, firstValue } from './keys.ts'
import { fieldOf, type Message, parsed, partsText } from './messages.ts'
import type { ParametersOfSpan } from './parameters.ts'

/**
 * Parameters of a foreign model call: its prompt template where it names one, its system instructions, and the
 * description of each tool it was offered.
 */
export function foreignParameters(
  span: SpanRecord,
  messages: readonly Message[] | undefined,
): ParametersOfSpan {
  const found: ParametersOfSpan = { parameters: [], uses: [] }
  const add = (name: string, value: string, description: string) => {
    const legal = name.replace(/[^A-Za-z0-9_.\-/]/g, '_')
    if (legal === '' || value === '' || found.uses.some((use) => use.name === legal)) return
    const version = parameterVersion(value)
    found.uses.push({ name: legal, version, propensity: null })
    found.parameters.push({
      name: legal,
      version,
      value: JSON.stringify(value.toWellFormed()),
      trainable: true,
      description,
      schema: null,
    })
  }
  const owner = firstText(span, fields.owner) ?? span.name
  const promptName = firstText(span, fields.promptName)
  const template = firstText(span, fields.template)
  if (template !== null)
    add(promptName ?? `${owner}.prompt_template`, template, 'A prompt template.')
  else if (messages || promptName !== null) {
    const system = systemText(span, messages)
    add(promptName ?? `${owner}.system`, system, 'The system prompt of a model call.')
  }
  for (const tool of toolsOf(firstValue(span, fields.tools))) {
    add(`tool.${tool.name}.description`, tool.description, `When a model should use ${tool.name}.`)
  }
  return found
}

function systemText(span: SpanRecord, messages: readonly Message[] | undefined): string {
  const instructions = partsText(firstValue(span, fields.system))
  if (instructions !== '') return instructions
  return (messages ?? [])
    .filter(({ role }) => role === 'system' || role === 'developer')
    .map(({ content }) => content)
    .join('\n')
}

interface Tool {
  readonly name: string
  readonly description: string
}

function toolsOf(value: unknown): Tool[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((item: unknown) => {
    // OpenInference: {tool: {json_schema: "<text>"}}; the AI SDK: each tool as JSON text.
    const nested = fieldOf(fieldOf(item, 'tool'), 'json_schema') ?? item
    const definition = parsed(nested)
    const tool = fieldOf(definition, 'function') ?? definition
    const name = fieldOf(tool, 'name')
    const description = fieldOf(tool, 'description')
    return typeof name === 'string' && typeof description === 'string'
      ? [{ name, description }]
      : []
  })
}
