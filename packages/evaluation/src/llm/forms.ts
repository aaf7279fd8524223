import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions'
import { type Endpoint, isOpenAI } from './endpoint.ts'
import type { ChatMessage, ChatRequest } from './request.ts'
import { isStrict } from './strict-schema.ts'

/** How a request is put to one model of one endpoint: what both are known to take. */
export interface Forms {
  /** How structured output is asked for; `guided` is an object with the schema beside it, as llama-cpp-python takes it. */
  readonly format: 'strict' | 'schema' | 'guided' | 'object' | 'none'
  readonly temperature: boolean
  readonly seed: boolean
  /** What the limit on the answer's length may be called, the name in use first; none where there is no such limit. */
  readonly limits: readonly ('max_completion_tokens' | 'max_tokens')[]
  /** Most that this limit may be. */
  readonly most: number
  /** The role of instructions; `user` puts them before the first question. */
  readonly system: 'system' | 'developer' | 'user'
  readonly stream: boolean
  /** Whether a stream is asked for its usage. */
  readonly usage: boolean
}

/** The newest form of everything. */
const newestForms: Forms = {
  format: 'strict',
  temperature: true,
  seed: true,
  limits: ['max_completion_tokens', 'max_tokens'],
  most: Number.POSITIVE_INFINITY,
  system: 'system',
  stream: true,
  usage: true,
}

/**
 * What is tried first with a model of an endpoint: the newest forms, and the older name of the limit on answers. Models of
 * OpenAI refuse that, and ask for the newer one; most other servers know none but the older, and several (Ollama,
 * llama-cpp-python) take a name that they do not know for nothing, so that the answer would have no limit at all.
 */
export function firstForms({ url }: Pick<Endpoint, 'url'>, model: string): Forms {
  if (isOpenAI(url) || isModelOfOpenAI(model)) return newestForms
  return { ...newestForms, limits: newestForms.limits.toReversed() }
}

function isModelOfOpenAI(model: string): boolean {
  return /^(?:gpt-\d|chatgpt-|o[1-9](?:-|$))/.test(model.split('/').at(-1) ?? model)
}

export type ChatBody = ChatCompletionCreateParamsNonStreaming

/** The body of a request in these forms; `watched` where somebody wants the answer as it comes. */
export function bodyOf(request: ChatRequest, forms: Forms, watched: boolean): ChatBody {
  const { model, temperature } = request
  const seed = seedOf(request)
  const format = formatOf(request, forms)
  const limit = limitOf(request, forms)
  const [nameOfLimit] = forms.limits
  return {
    model,
    messages: messagesOf(request.messages, forms.system),
    ...(format ? { response_format: format } : {}),
    ...(temperature !== undefined && forms.temperature ? { temperature } : {}),
    // A server with a fixed seed would give each further answer like the first.
    ...(seed > 0 && forms.seed ? { seed } : {}),
    ...(limit === undefined || nameOfLimit === undefined ? {} : { [nameOfLimit]: limit }),
    ...(watched && forms.stream ? streaming(forms) : {}),
  }
}

/** The client is asked for the raw response, so that what it thinks of the answer's form does not matter. */
function streaming({ usage }: Forms): object {
  return { stream: true, ...(usage ? { stream_options: { include_usage: true } } : {}) }
}

const samplesOfStep = 1000

/** What tells a further answer to the same request from those before; 0 for the first. */
export function seedOf({ sample = 0, take = 0 }: ChatRequest): number {
  return take * samplesOfStep + sample
}

/** Tokens that an answer is limited to; `undefined` where the request sets no limit. */
export function limitOf({ maxOutputTokens }: ChatRequest, { most }: Forms): number | undefined {
  return maxOutputTokens === undefined ? undefined : Math.min(maxOutputTokens, most)
}

function formatOf({ schema }: ChatRequest, { format }: Forms): ChatBody['response_format'] {
  if (!schema || format === 'none') return undefined
  if (format === 'object') return { type: 'json_object' }
  const { name, schema: content } = schema
  const record = typeof content === 'object' && content !== null ? { ...content } : {}
  if (format === 'guided') return guided(record)
  const strict = asksStrictly(schema.schema, format) ? { strict: true } : {}
  return { type: 'json_schema', json_schema: { name, schema: record, ...strict } }
}

/** A form that the API of OpenAI does not have, and so neither has the client's type. */
function guided(schema: object): ChatBody['response_format'] {
  const format: { readonly type: 'json_object'; readonly schema: object } = {
    type: 'json_object',
    schema,
  }
  return format
}

/** Whether the schema is sent as one that must be kept to. */
export function asksStrictly(
  schema: NonNullable<ChatRequest['schema']>['schema'] | undefined,
  format: Forms['format'],
): boolean {
  return format === 'strict' && schema !== undefined && isStrict(schema)
}

function messagesOf(
  messages: readonly ChatMessage[],
  system: Forms['system'],
): ChatBody['messages'] {
  if (system !== 'user') {
    return messages.map(({ role, content }) =>
      role === 'system' ? { role: system, content } : { role, content },
    )
  }
  const instructions = messages.flatMap(({ role, content }) => (role === 'system' ? [content] : []))
  const others = messages.filter(({ role }) => role !== 'system')
  const [first] = others
  if (first?.role !== 'user') return [...instructions.map(asUser), ...others.map(plain)]
  return [asUser([...instructions, first.content].join('\n\n')), ...others.slice(1).map(plain)]
}

function asUser(content: string) {
  return { role: 'user', content } as const
}

function plain({ role, content }: ChatMessage) {
  return { role, content }
}
