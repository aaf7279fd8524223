import type { Attributes, AttributeValue } from '@opentelemetry/api'
import type { ContentSettings } from '../content/settings.ts'
import { jsonText } from '../content/text.ts'
import { listMember, member, numberMember, textMember } from './json.ts'
import { chatChoices, chatMessages, responseInput, responseOutput } from './messages.ts'
import { ChatChunks, LastResponse, type StreamCollector } from './stream.ts'

/** One kind of request, and how its spans are described. */
export interface Endpoint {
  readonly operator: string
  readonly operation: 'chat' | 'embeddings'
  readonly step: 'llm' | 'embedding'
  readonly requestContent: (request: unknown, settings: ContentSettings) => Attributes
  readonly responseContent: (response: unknown, settings: ContentSettings) => Attributes
  /** What is kept of a response as the span's output. */
  readonly output: (response: unknown) => unknown
  readonly collector: () => StreamCollector
}

const same = (response: unknown): unknown => response

export const chatEndpoint: Endpoint = {
  operator: 'openai.chat',
  operation: 'chat',
  step: 'llm',
  requestContent: (request, settings) => ({
    ...content(
      settings,
      'gen_ai.input.messages',
      'messages',
      'input',
      chatMessages(member(request, 'messages')),
    ),
    ...definitions(request, settings),
  }),
  responseContent: (response, settings) =>
    content(settings, 'gen_ai.output.messages', undefined, 'output', chatChoices(response)),
  output: same,
  collector: () => new ChatChunks(),
}

export const responsesEndpoint: Endpoint = {
  operator: 'openai.responses',
  operation: 'chat',
  step: 'llm',
  requestContent: (request, settings) => ({
    ...content(
      settings,
      'gen_ai.input.messages',
      'input',
      'input',
      responseInput(member(request, 'input')),
    ),
    ...instructions(textMember(request, 'instructions'), settings),
    ...definitions(request, settings),
  }),
  responseContent: (response, settings) =>
    content(settings, 'gen_ai.output.messages', undefined, 'output', responseOutput(response)),
  output: same,
  collector: () => new LastResponse(),
}

export const embeddingsEndpoint: Endpoint = {
  operator: 'openai.embeddings',
  operation: 'embeddings',
  step: 'embedding',
  requestContent: () => ({}),
  responseContent: () => ({}),
  // The vectors are long and tell nobody anything.
  output: (response) => ({
    model: member(response, 'model'),
    data: listMember(response, 'data').map((item) => {
      const vector = member(item, 'embedding')
      const size = Array.isArray(vector) ? `${vector.length} numbers` : 'encoded'
      return { index: member(item, 'index'), embedding: `[${size}]` }
    }),
    usage: member(response, 'usage'),
  }),
  collector: () => new LastResponse(),
}

/** What a request asks for, in the words of the conventions. */
export function requestAttributes(
  endpoint: Endpoint,
  request: unknown,
  baseUrl: unknown,
): Attributes {
  const choices = numberMember(request, 'n')
  const stop = member(request, 'stop')
  const stops = typeof stop === 'string' ? [stop] : listMember(request, 'stop').map(String)
  const model = textMember(request, 'model')
  return defined({
    'gen_ai.operation.name': endpoint.operation,
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': model,
    'gen_ai.request.temperature': numberMember(request, 'temperature'),
    'gen_ai.request.top_p': numberMember(request, 'top_p'),
    'gen_ai.request.max_tokens':
      numberMember(request, 'max_completion_tokens') ??
      numberMember(request, 'max_output_tokens') ??
      numberMember(request, 'max_tokens'),
    'gen_ai.request.frequency_penalty': numberMember(request, 'frequency_penalty'),
    'gen_ai.request.presence_penalty': numberMember(request, 'presence_penalty'),
    'gen_ai.request.seed': numberMember(request, 'seed'),
    'gen_ai.request.choice.count': choices === 1 ? undefined : choices,
    'gen_ai.request.stop_sequences': stops.length > 0 ? stops : undefined,
    'gen_ai.request.stream': member(request, 'stream') === true ? true : undefined,
    'gen_ai.output.type': outputType(request),
    'gen_ai.conversation.id': textMember(request, 'conversation'),
    'gen_ai.embeddings.dimension.count': numberMember(request, 'dimensions'),
    'llm.model_name': model,
    'llm.system': 'openai',
    ...serverAttributes(baseUrl),
  })
}

/** What came back, in the words of the conventions. */
export function responseAttributes(response: unknown): Attributes {
  const usage = member(response, 'usage')
  const input = numberMember(usage, 'prompt_tokens') ?? numberMember(usage, 'input_tokens')
  const output = numberMember(usage, 'completion_tokens') ?? numberMember(usage, 'output_tokens')
  const inputDetails =
    member(usage, 'prompt_tokens_details') ?? member(usage, 'input_tokens_details')
  const outputDetails =
    member(usage, 'completion_tokens_details') ?? member(usage, 'output_tokens_details')
  const reasons = listMember(response, 'choices').map((choice) => member(choice, 'finish_reason'))
  const status = textMember(response, 'status')
  const finished =
    status === undefined ? reasons.filter((reason) => typeof reason === 'string') : [status]
  return defined({
    'gen_ai.response.id': textMember(response, 'id'),
    'gen_ai.response.model': textMember(response, 'model'),
    'gen_ai.response.finish_reasons': finished.length > 0 ? finished : undefined,
    'gen_ai.usage.input_tokens': input,
    'gen_ai.usage.output_tokens': output,
    'gen_ai.usage.cache_read.input_tokens': numberMember(inputDetails, 'cached_tokens'),
    'gen_ai.usage.reasoning.output_tokens': numberMember(outputDetails, 'reasoning_tokens'),
    'openai.response.service_tier': textMember(response, 'service_tier'),
    'llm.token_count.prompt': input,
    'llm.token_count.completion': output,
    'llm.token_count.total': numberMember(usage, 'total_tokens'),
  })
}

function outputType(request: unknown): string | undefined {
  const format = member(request, 'response_format') ?? member(member(request, 'text'), 'format')
  const type = textMember(format, 'type')
  if (type === undefined) return undefined
  return type.startsWith('json') ? 'json' : 'text'
}

function serverAttributes(baseUrl: unknown): Attributes {
  if (typeof baseUrl !== 'string' || !URL.canParse(baseUrl)) return {}
  const { hostname, port, protocol } = new URL(baseUrl)
  return {
    'server.address': hostname,
    'server.port': port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
  }
}

function instructions(text: string | undefined, settings: ContentSettings): Attributes {
  if (text === undefined) return {}
  return content(settings, 'gen_ai.system_instructions', 'instructions', 'input', [
    { type: 'text', content: text },
  ])
}

/** Descriptions of tools are the program's own words, as its prompts are. */
function definitions(request: unknown, settings: ContentSettings): Attributes {
  const tools = listMember(request, 'tools').map((tool) => ({
    type: member(tool, 'type'),
    ...Object(member(tool, 'function') ?? tool),
  }))
  return tools.length === 0
    ? {}
    : content(settings, 'gen_ai.tool.definitions', 'tools', 'input', tools)
}

/** A value as an attribute of JSON text, as far as content may leave the process whole. */
function content(
  { captureContent, mask, maxValueLength }: ContentSettings,
  key: string,
  role: string | undefined,
  direction: 'input' | 'output',
  value: readonly unknown[],
): Attributes {
  if (!captureContent) return {}
  const shown = mask ? mask(value, { operator: 'openai', direction, role }) : value
  if (shown === undefined) return {}
  const text = jsonText(shown)
  return text.length > maxValueLength ? {} : { [key]: text }
}

function defined(attributes: Record<string, AttributeValue | undefined>): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined))
}
