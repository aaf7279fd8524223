import type { Attributes } from '@opentelemetry/api'
import { pointerToken } from '@trace2/core'
import { findOrigins } from '../lineage/origins.ts'
import { isNode, Node } from '../node.ts'
import { currentState } from '../operator/frame.ts'
import type { Input } from './endpoint.ts'
import { type Fields, listOf, member, numberOf, textOf } from './json.ts'
import { genAi, openAi, openInference } from './names.ts'
import { present } from './usage.ts'

/** Members of a request that say how to answer, not what about; none of them is content. */
const settings = [
  'model',
  'temperature',
  'top_p',
  'top_k',
  'max_tokens',
  'max_completion_tokens',
  'max_output_tokens',
  'frequency_penalty',
  'presence_penalty',
  'seed',
  'n',
  'stream',
  'stop',
  'reasoning_effort',
  'reasoning',
  'verbosity',
  'service_tier',
  'tool_choice',
  'parallel_tool_calls',
  'dimensions',
  'encoding_format',
  'previous_response_id',
]

/** Attributes of a request to any endpoint. */
export function requestAttributes(body: Fields, apiType: string | undefined): Attributes {
  const model = textOf(body.model)
  const stop = typeof body.stop === 'string' ? [body.stop] : body.stop
  const chosen = settings.filter((key) => body[key] !== undefined)
  const conversation = textOf(body.conversation) ?? textOf(member(body.conversation, 'id'))
  return present({
    [openInference.model]: model,
    [openInference.invocationParameters]: JSON.stringify(
      Object.fromEntries(chosen.map((key) => [key, body[key]])),
    ),
    [genAi.requestModel]: model,
    [genAi.temperature]: numberOf(body.temperature),
    [genAi.topP]: numberOf(body.top_p),
    [genAi.topK]: numberOf(body.top_k),
    [genAi.maxTokens]: numberOf(
      body.max_completion_tokens ?? body.max_output_tokens ?? body.max_tokens,
    ),
    [genAi.frequencyPenalty]: numberOf(body.frequency_penalty),
    [genAi.presencePenalty]: numberOf(body.presence_penalty),
    [genAi.seed]: numberOf(body.seed),
    [genAi.choiceCount]: body.n === 1 ? undefined : numberOf(body.n),
    [genAi.stopSequences]: Array.isArray(stop) ? stop.map(String) : undefined,
    [genAi.stream]: body.stream === true ? true : undefined,
    [genAi.outputType]: outputType(body),
    [genAi.conversation]: conversation,
    [openAi.apiType]: apiType,
    [openAi.requestTier]: textOf(body.service_tier),
  })
}

function outputType(body: Fields): string | undefined {
  const format = body.response_format ?? member(body.text, 'format')
  const type = textOf(member(format, 'type'))
  if (type === undefined) return undefined
  return type.startsWith('json') ? 'json' : 'text'
}

/**
 * The inputs that every endpoint has: tools, the form of the answer and settings, where they came from somewhere. A
 * constant of the program is no input of the graph: it is among the attributes.
 */
export function commonInputs(body: Fields, passed: Fields): Input[] {
  const run = currentState()
  const given = toolsIn(passed)
  const tools = toolsIn(body).map((tool, index) => ({
    role: toolRole(tool, index),
    passed: given[index] ?? tool,
    plain: tool,
  }))
  const rest = [...settings, 'response_format', 'text', 'prompt']
    .filter((key) => body[key] !== undefined)
    .map((key) => ({ role: key, passed: passed[key], plain: body[key] }))
  return [...tools, ...rest].filter((input) => findOrigins(input.passed, run).matches.length > 0)
}

/** The tools of a request; at first they were `functions`. Where the list itself is a node, its items still are. */
export function toolsIn({ tools, functions }: Fields): readonly unknown[] {
  const listed = isNode(tools) ? tools.value : tools
  return [
    ...listOf(listed).map((tool, index) => (isNode(tools) ? inside(tools, index) : tool)),
    ...listOf(functions).map((definition) => ({ type: 'function', function: definition })),
  ]
}

export function toolRole(tool: unknown, index: number): string {
  const name = textOf(member(tool, 'name')) ?? textOf(member(member(tool, 'function'), 'name'))
  return `tools/${name ?? index}`
}

/** A member of what may be a node; it then still knows where it came from. */
export function inside(container: unknown, key: string | number): unknown {
  if (!isNode(container)) return member(container, String(key))
  const { origin, value } = container
  const pointer = (origin?.pointer ?? '') + pointerToken(key)
  return new Node(member(value, String(key)), origin && { ...origin, pointer })
}
