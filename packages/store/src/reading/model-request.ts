import type { Json } from '@trace2/core'
import type { AnyValue, Attributes } from '../otlp/index.ts'
import { definedTools } from './defined-tools.ts'
import type { Dialect } from './dialects/index.ts'
import { dialectOf, keysOf, textAmong, valueAt } from './fields.ts'
import { instructionsText } from './instructions.ts'
import { memberOf, structured } from './json.ts'
import { type Message, messagesOf } from './messages.ts'

/** What a model was asked in a recorded call, whatever convention it was written in. */
export interface ModelRequest {
  /** The model that was asked for; `null` where the span does not say. */
  readonly model: string | null
  /** System instructions are a message of the role `system`. */
  readonly messages: readonly Message[]
  readonly tools: readonly ToolDefinition[]
  /** Settings by their names in OpenAI's API: `temperature`, `seed` … */
  readonly settings: { readonly [name: string]: Json }
}

/** A tool that a model may call. */
export interface ToolDefinition {
  /** Name of the tool. */
  readonly name: string
  /** What the model is told of the tool. */
  readonly description: string
  /** JSON schema of the arguments; `null` where the span does not have it. */
  readonly parameters: Json
}

/** Keys of the model that was asked for, before those of the one that answered. */
const requestedModel = [
  'gen_ai.request.model',
  'llm.request.model_name',
  'ai.model.id',
  'llm.model_name',
] as const

/** Attributes that hold all settings as one JSON object. */
const settingsObjects = [
  'llm.invocation_parameters',
  'langfuse.observation.model.parameters',
  'langfuse.observation.model_parameters',
  'model_parameters',
] as const

/** Names of each setting, as single attributes and within {@link settingsObjects}. */
const settingNames: Readonly<
  Record<string, { readonly attributes: readonly string[]; readonly members: readonly string[] }>
> = {
  temperature: {
    attributes: ['gen_ai.request.temperature', 'ai.settings.temperature'],
    members: ['temperature'],
  },
  top_p: {
    attributes: ['gen_ai.request.top_p', 'ai.settings.topP'],
    members: ['top_p', 'topP'],
  },
  max_tokens: {
    attributes: [
      'gen_ai.request.max_tokens',
      'gen_ai.request.max_completion_tokens',
      'ai.settings.maxOutputTokens',
      'ai.settings.maxTokens',
    ],
    members: [
      'max_tokens',
      'max_completion_tokens',
      'max_output_tokens',
      'maxTokens',
      'maxOutputTokens',
    ],
  },
  seed: {
    attributes: ['gen_ai.request.seed', 'gen_ai.openai.request.seed', 'ai.settings.seed'],
    members: ['seed'],
  },
  frequency_penalty: {
    attributes: [
      'gen_ai.request.frequency_penalty',
      'llm.frequency_penalty',
      'ai.settings.frequencyPenalty',
    ],
    members: ['frequency_penalty', 'frequencyPenalty'],
  },
  presence_penalty: {
    attributes: [
      'gen_ai.request.presence_penalty',
      'llm.presence_penalty',
      'ai.settings.presencePenalty',
    ],
    members: ['presence_penalty', 'presencePenalty'],
  },
  stop: {
    attributes: [
      'gen_ai.request.stop_sequences',
      'llm.chat.stop_sequences',
      'ai.settings.stopSequences',
    ],
    members: ['stop', 'stop_sequences', 'stopSequences'],
  },
  parallel_tool_calls: { attributes: [], members: ['parallel_tool_calls', 'parallelToolCalls'] },
  reasoning_effort: {
    attributes: ['gen_ai.request.reasoning_effort', 'llm.request.reasoning_effort'],
    members: ['reasoning_effort'],
  },
  response_format: { attributes: [], members: ['response_format'] },
  tool_choice: { attributes: [], members: ['tool_choice'] },
}

/** Attributes that only the request is read from. */
export const settingKeys: readonly string[] = [
  ...requestedModel,
  ...settingsObjects,
  ...Object.values(settingNames).flatMap(({ attributes }) => attributes),
]

/**
 * Reads the request of a model call from its span.
 *
 * @param stored the span's attributes as `v_span` has them.
 * @param input the span's input as the graph has it: content that came in logs is part of it.
 * @returns nothing where no messages were captured.
 */
export function modelRequest(
  stored: { readonly [name: string]: Json },
  input: Json | undefined,
): ModelRequest | undefined {
  const attributes: Attributes = new Map(
    Object.entries(stored).map(([name, value]) => [name, anyValue(value)]),
  )
  const dialect = dialectOf(attributes)
  const messages = [...systemMessages(attributes, dialect), ...said(attributes, dialect, input)]
  if (messages.every(({ role }) => role === 'system')) return undefined
  return {
    model: textAmong(attributes, [...requestedModel, ...keysOf(dialect, 'model')]),
    messages: withoutRepeatedSystem(messages),
    tools: toolsOf(attributes, dialect),
    settings: settingsOf(attributes),
  }
}

function systemMessages(attributes: Attributes, dialect: Dialect | undefined): readonly Message[] {
  for (const key of keysOf(dialect, 'system')) {
    const text = instructionsText(valueAt(attributes, key))
    if (text !== undefined) return [{ role: 'system', content: text }]
  }
  return []
}

function said(
  attributes: Attributes,
  dialect: Dialect | undefined,
  input: Json | undefined,
): readonly Message[] {
  for (const key of keysOf(dialect, 'input')) {
    const value = valueAt(attributes, key)
    // What the graph made of it is cut as well.
    if (isCutJson(value)) return []
    const found = messagesOf(value, 'user')
    if (found && found.length > 0) return found
  }
  return messagesOf(input, 'user') ?? []
}

/** Whether a text begins as a list of messages, or an object with one, and is no JSON: a limit has cut it. */
function isCutJson(value: unknown): boolean {
  return (
    typeof value === 'string' && /^\s*(?:\[\s*\{|\{\s*")/.test(value) && structured(value) === value
  )
}

/** Instructions that stand apart are often the first message as well. */
function withoutRepeatedSystem(messages: readonly Message[]): readonly Message[] {
  const seen = new Set<unknown>()
  return messages.filter(({ role, content }) => {
    if (role !== 'system') return true
    const isNew = !seen.has(content)
    seen.add(content)
    return isNew
  })
}

function toolsOf(attributes: Attributes, dialect: Dialect | undefined): readonly ToolDefinition[] {
  return definedTools(attributes, dialect).map(({ name, description, parameters }) => ({
    name,
    description,
    parameters: isSchema(parameters) ? parameters : null,
  }))
}

function isSchema(value: unknown): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function settingsOf(attributes: Attributes): ModelRequest['settings'] {
  const objects = settingsObjects.map((key) => structured(valueAt(attributes, key)))
  const settings: Record<string, Json> = {}
  for (const [name, { attributes: keys, members }] of Object.entries(settingNames)) {
    const values = [
      ...keys.map((key) => valueAt(attributes, key)),
      ...objects.map((object) => memberOf(object, ...members)),
    ]
    const value = values.find((one) => one !== undefined && one !== null)
    // What came out of JSON is JSON.
    if (value !== undefined) settings[name] = value as Json
  }
  return settings
}

/** A value as `v_span` has it: what JSON lacks is wrapped there, and none of that is read here. */
function anyValue(value: Json): AnyValue {
  if (Array.isArray(value)) return value.map(anyValue)
  if (typeof value !== 'object' || value === null) return value
  return new Map(Object.entries(value).map(([name, member]) => [name, anyValue(member)]))
}
