import type { Attributes } from '@opentelemetry/api'
import type { ContentSettings } from '../content/settings.ts'
import { jsonText } from '../content/text.ts'
import type { Input, Outcome } from './endpoint.ts'
import { type Fields, isObject, listOf, member } from './json.ts'
import { inputParts, outputParts } from './messages.ts'
import { genAi } from './names.ts'
import { toolRole } from './request.ts'

/** What of a request's content may be seen, as the conventions for generative AI write it. */
export function requestContent(
  { captureContent, mask, maxValueLength }: ContentSettings,
  operator: string,
  body: Fields,
  inputs: readonly Input[],
): Attributes {
  if (!captureContent) return {}
  const show = (value: unknown, role: string) =>
    mask ? mask(value, { operator, direction: 'input', role }) : value
  const messages: unknown[] = []
  const attributes: Attributes = {}
  for (const { role, plain, message } of inputs) {
    const shown = message || role === 'instructions' ? show(plain, role) : undefined
    if (shown === undefined) continue
    if (message) {
      const parts = inputParts(message, shown, maxValueLength)
      messages.push({ role: speakerOf(message), parts })
    } else {
      const parts = outputParts(shown, maxValueLength)
      attributes[genAi.systemInstructions] = JSON.stringify(parts)
    }
  }
  if (messages.length > 0) attributes[genAi.inputMessages] = jsonText(messages)
  const tools = listOf(body.tools)
    .map((tool, index) => show(tool, toolRole(tool, index)))
    .filter(isObject)
  if (tools.length > 0) attributes[genAi.toolDefinitions] = jsonText(tools.map(definition))
  return attributes
}

/** What of an answer may be seen. */
export function responseContent(
  { captureContent, mask, maxValueLength }: ContentSettings,
  operator: string,
  { output, finishReasons }: Outcome,
): Attributes {
  if (!captureContent) return {}
  const shown = mask ? mask(output, { operator, direction: 'output', role: undefined }) : output
  if (shown === undefined) return {}
  // Several choices make a list of outputs, one for each reason to end.
  const choices = finishReasons.length > 1 && Array.isArray(shown) ? shown : [shown]
  const messages = choices.map((choice: unknown, index) => ({
    role: 'assistant',
    parts: outputParts(choice, maxValueLength),
    finish_reason: finishReasons[index] ?? 'stop',
  }))
  return { [genAi.outputMessages]: jsonText(messages) }
}

function speakerOf(message: Fields): unknown {
  if (message.role !== undefined) return message.role
  return message.type === 'function_call' ? 'assistant' : 'tool'
}

/** Chat completions keep a function's definition one level deeper than responses do. */
function definition(tool: Fields): Fields {
  const fn = member(tool, 'function') ?? member(tool, 'custom')
  const { name, description, parameters } = isObject(fn) ? fn : tool
  return { type: tool.type, name, description, parameters }
}
