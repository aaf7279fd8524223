import { isObject, type JsonObject } from '../json.ts'
import { countTokens } from '../tokens.ts'
import { ApiError } from './api-error.ts'
import { requireModel } from './models.ts'

export interface Message {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool' | 'function'
  readonly content: string
}

export interface Tool {
  readonly name: string
  readonly parameters: JsonObject
}

/** A chat completion request, checked and reduced to what the simulation uses. */
export interface ChatRequest {
  readonly model: string
  readonly messages: readonly Message[]
  readonly format: 'text' | 'json_object' | { readonly schema: JsonObject }
  readonly tools: readonly Tool[]
  /** A tool's name where it must be called, `none` where none may be. */
  readonly toolChoice: 'auto' | 'none' | 'required' | { readonly name: string }
  readonly stream: boolean
  readonly includeUsage: boolean
  readonly choices: number
  readonly maxTokens: number | undefined
  readonly stop: readonly string[]
  /** Part of what decides the answer, beside the server's own seed. */
  readonly seed: number
}

/** Tokens that prompt and answer may have together. */
export const CONTEXT_WINDOW = 128_000

/** Checks a request body as the API does; throws {@link ApiError} with the parameter at fault. */
export function parseChatRequest(body: unknown): ChatRequest {
  if (!isObject(body)) throw new ApiError(400, 'The body of the request must be a JSON object.')
  const messages = parseMessages(body.messages)
  const request: ChatRequest = {
    model: requireModel(body.model, 'chat'),
    messages,
    format: parseFormat(body.response_format, messages),
    tools: parseTools(body.tools),
    toolChoice: parseToolChoice(body.tool_choice),
    stream: body.stream === true,
    includeUsage: isObject(body.stream_options) && body.stream_options.include_usage === true,
    choices: number(body, 'n', 1, 128) ?? 1,
    maxTokens:
      number(body, 'max_completion_tokens', 1, CONTEXT_WINDOW) ??
      number(body, 'max_tokens', 1, CONTEXT_WINDOW),
    stop: (Array.isArray(body.stop) ? body.stop : [body.stop]).filter(
      (stop) => typeof stop === 'string' && stop !== '',
    ),
    seed: number(body, 'seed', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER) ?? 0,
  }
  number(body, 'temperature', 0, 2)
  const tokens = promptTokens(messages)
  if (tokens > CONTEXT_WINDOW) {
    throw new ApiError(
      400,
      `This model's maximum context length is ${CONTEXT_WINDOW} tokens; the messages have ${tokens}.`,
      { param: 'messages', code: 'context_length_exceeded' },
    )
  }
  return request
}

/** Tokens of a prompt: each message costs three for its frame, and the answer's own frame three more. */
export function promptTokens(messages: readonly Message[]): number {
  return messages.reduce((sum, { content }) => sum + 3 + countTokens(content), 3)
}

const roles: ReadonlySet<unknown> = new Set([
  'system',
  'developer',
  'user',
  'assistant',
  'tool',
  'function',
])

function isRole(role: unknown): role is Message['role'] {
  return roles.has(role)
}

function parseMessages(value: unknown): Message[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new ApiError(400, "'messages' must be an array of at least one message.", {
      param: 'messages',
    })
  }
  return value.map((message: unknown, i) => {
    const param = `messages.[${i}]`
    if (!isObject(message)) throw new ApiError(400, 'A message must be an object.', { param })
    const { role } = message
    if (!isRole(role)) {
      throw new ApiError(400, `'${String(role)}' is not one of ${[...roles].join(', ')}.`, {
        param: `${param}.role`,
      })
    }
    return { role, content: parseContent(message.content, role, `${param}.content`) }
  })
}

function parseContent(content: unknown, role: Message['role'], param: string): string {
  if (typeof content === 'string') return content
  if (content === null || content === undefined) {
    if (role === 'assistant') return ''
    throw new ApiError(400, 'A message needs content.', { param })
  }
  if (!Array.isArray(content)) {
    throw new ApiError(400, 'Content must be a string or an array of parts.', { param })
  }
  return content
    .map((part: unknown) => {
      if (isObject(part) && typeof part.text === 'string') return part.text
      throw new ApiError(400, 'This model reads text only.', { param, code: 'invalid_value' })
    })
    .join('\n')
}

function parseFormat(value: unknown, messages: readonly Message[]): ChatRequest['format'] {
  if (value === undefined || value === null) return 'text'
  const type = isObject(value) ? value.type : undefined
  if (type === 'text') return 'text'
  if (type === 'json_object') {
    if (!messages.some(({ content }) => /json/i.test(content))) {
      throw new ApiError(
        400,
        "'messages' must contain the word 'json' in some form to use 'response_format' of type 'json_object'.",
        { param: 'messages' },
      )
    }
    return 'json_object'
  }
  if (type === 'json_schema' && isObject(value) && isObject(value.json_schema)) {
    const { name, schema } = value.json_schema
    if (typeof name === 'string' && isObject(schema)) return { schema }
    throw new ApiError(400, "'json_schema' needs a name and a schema.", {
      param: 'response_format.json_schema',
    })
  }
  throw new ApiError(400, "'response_format' must be text, json_object or json_schema.", {
    param: 'response_format',
  })
}

function parseTools(value: unknown): Tool[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value))
    throw new ApiError(400, "'tools' must be an array.", { param: 'tools' })
  return value.map((tool: unknown, i) => {
    if (isObject(tool) && tool.type === 'function' && isObject(tool.function)) {
      const { name, parameters } = tool.function
      if (typeof name === 'string')
        return { name, parameters: isObject(parameters) ? parameters : {} }
    }
    throw new ApiError(400, 'A tool must be a function with a name.', { param: `tools[${i}]` })
  })
}

function parseToolChoice(value: unknown): ChatRequest['toolChoice'] {
  if (value === undefined || value === null || value === 'auto') return 'auto'
  if (value === 'none' || value === 'required') return value
  if (isObject(value) && isObject(value.function) && typeof value.function.name === 'string') {
    return { name: value.function.name }
  }
  throw new ApiError(400, "'tool_choice' must be none, auto, required or a function.", {
    param: 'tool_choice',
  })
}

function number(body: JsonObject, param: string, minimum: number, maximum: number) {
  const value = body[param]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number' && value >= minimum && value <= maximum) return value
  throw new ApiError(400, `'${param}' must be a number from ${minimum} to ${maximum}.`, { param })
}
