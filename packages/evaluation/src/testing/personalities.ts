import { type ChatBody, type ChatReply, streamEvents } from './chat-server.ts'

/** An endpoint as they are met: what it takes, and how it refuses the rest. */
export interface Personality {
  readonly name: string
  readonly reply: (body: ChatBody) => ChatReply
  /** Calls until the first answer to a request that has everything, and how the request looks then. */
  readonly calls: number
  readonly takes: Readonly<Record<string, unknown>>
}

/** What each of them answers in the end. */
export const answer = '{"score":1}'
const limit = { max_completion_tokens: 900 }
const old = { max_completion_tokens: undefined, max_tokens: 900 }
const schema = 'json_schema'
/** A refusal in any form. */
export const refuse = (status: number, raw: unknown): ChatReply => ({ status, raw })
/** A refusal in the form that OpenAI gave its errors. */
export const openai = (
  status: number,
  message: string,
  param: string | null,
  code: string | null = null,
) => refuse(status, { error: { message, type: 'invalid_request_error', param, code } })

/** Endpoints as they are met, each with a way of its own to refuse; the words are ours, the facts theirs. */
export const personalities: readonly Personality[] = [
  {
    name: 'a hosted API that takes everything',
    reply: () => answer,
    calls: 1,
    takes: { format: schema, strict: true, temperature: 0.2, ...limit, seed: 1, stream: true },
  },
  {
    name: 'a model that reasons: no temperature, no older limit',
    reply: ({ temperature, max_tokens }) => {
      if (max_tokens !== undefined) {
        return openai(
          400,
          "Unsupported parameter: 'max_tokens'.",
          'max_tokens',
          'unsupported_parameter',
        )
      }
      if (temperature === undefined) return answer
      return openai(
        400,
        "Unsupported value: 'temperature' can only be 1 here.",
        'temperature',
        'unsupported_value',
      )
    },
    calls: 2,
    takes: { format: schema, temperature: undefined, ...limit },
  },
  {
    name: 'llama-cpp-python: a failed check is status 500',
    reply: ({ response_format }) => {
      if (response_format?.type === schema) {
        const message = `[{'type': 'literal_error', 'loc': ('body', 'response_format', 'type'), 'msg': "Input should be 'text' or 'json_object'", 'input': 'json_schema'}]`
        return refuse(500, {
          error: { message, type: 'internal_server_error', param: null, code: null },
        })
      }
      return answer
    },
    calls: 2,
    takes: { format: 'json_object', guided: true, temperature: 0.2, ...limit },
  },
  {
    name: 'the server of llama.cpp: a schema that its grammar does not know',
    reply: ({ response_format }) =>
      response_format?.type === schema
        ? refuse(400, {
            error: { code: 400, message: 'Failed to parse grammar', type: 'invalid_request_error' },
          })
        : answer,
    calls: 2,
    takes: { format: 'json_object', guided: false, temperature: 0.2, ...limit },
  },
  {
    name: 'Ollama: streams, says an error as a text',
    reply: ({ stream, response_format }) => {
      if (response_format?.json_schema?.strict)
        return refuse(400, { error: 'unknown field "strict"' })
      if (!stream) return answer
      const raw = streamEvents(['{"score"', ':1}']).join('')
      return { headers: { 'content-type': 'text/event-stream' }, raw }
    },
    calls: 2,
    takes: { format: schema, strict: undefined, stream: true },
  },
  {
    name: 'vLLM: flat errors, and a limit that leaves room for the prompt',
    reply: ({ max_completion_tokens = 0 }) => {
      if (max_completion_tokens <= 500) return answer
      const message = `'max_completion_tokens' is too large: ${max_completion_tokens}. The maximum context length is 1000 tokens and the request has 500 of them (${max_completion_tokens} > 1000 - 500).`
      return refuse(400, {
        object: 'error',
        message,
        type: 'BadRequestError',
        param: null,
        code: 400,
      })
    },
    calls: 2,
    takes: { format: schema, max_completion_tokens: 500 },
  },
  {
    name: 'a gateway of an older version: older names, no formats',
    reply: ({ response_format, max_completion_tokens, stream_options }) => {
      if (stream_options)
        return openai(400, 'Unrecognized request argument supplied: stream_options', null)
      if (max_completion_tokens !== undefined) {
        return openai(400, 'Unrecognized request argument supplied: max_completion_tokens', null)
      }
      if (!response_format) return answer
      return openai(
        400,
        "Invalid parameter: 'response_format' of this type is not supported with this version.",
        null,
      )
    },
    calls: 5,
    takes: { format: undefined, temperature: 0.2, ...old, stream: true, usage: undefined },
  },
  {
    name: 'Mistral: each unknown field is a 422 with its place',
    reply: (body) => {
      const unknown = ['seed', 'max_completion_tokens', 'stream_options'].filter(
        (name) => name in body,
      )
      if (unknown.length === 0) return answer
      const detail = unknown.map((name) => ({
        type: 'extra_forbidden',
        loc: ['body', name],
        msg: 'Extra inputs are not permitted',
        input: 1,
      }))
      return refuse(422, { detail })
    },
    calls: 4,
    takes: { format: schema, temperature: 0.2, ...old, seed: undefined },
  },
  {
    name: 'a layer over Gemini: an array of errors',
    reply: ({ seed }) =>
      seed === undefined
        ? answer
        : refuse(400, [
            {
              error: {
                code: 400,
                message: 'Invalid JSON payload received. Unknown name "seed": Cannot find field.',
                status: 'INVALID_ARGUMENT',
              },
            },
          ]),
    calls: 2,
    takes: { format: schema, seed: undefined, temperature: 0.2 },
  },
  {
    name: 'LM Studio: json_schema or text, no instructions from a system',
    reply: ({ response_format, messages }) => {
      if (response_format?.type === 'json_object') {
        return refuse(400, { error: "'response_format.type' must be 'json_schema' or 'text'" })
      }
      return messages[0]?.role === 'system'
        ? refuse(400, {
            error: 'Error rendering prompt with jinja template: System role not supported',
          })
        : answer
    },
    calls: 2,
    takes: { format: schema, roles: 'user', temperature: 0.2 },
  },
  {
    name: 'a strict proxy: one unknown field after the other, roles and all',
    reply: (body) => {
      const taken = ['model', 'messages', 'max_tokens']
      const unknown = Object.keys(body).find((name) => !taken.includes(name))
      if (unknown) return refuse(400, { message: `Unknown parameter: ${unknown}` })
      return body.messages.some(({ role }) => role === 'system')
        ? refuse(400, { detail: "messages.0.role: Input should be 'user' or 'assistant'" })
        : answer
    },
    calls: 7,
    takes: {
      format: undefined,
      temperature: undefined,
      ...old,
      seed: undefined,
      stream: undefined,
      roles: 'user',
    },
  },
  {
    name: 'TGI: a limit that leaves room for the prompt, as a check that failed',
    reply: ({ max_completion_tokens = 0 }) =>
      max_completion_tokens <= 500
        ? answer
        : openai(
            422,
            `Input validation error: \`inputs\` tokens + \`max_new_tokens\` must be <= 4000. Given: 3500 \`inputs\` tokens and ${max_completion_tokens} \`max_new_tokens\``,
            null,
          ),
    calls: 2,
    takes: { format: schema, max_completion_tokens: 500 },
  },
  {
    name: 'a layer over Gemini: a schema with a field that is not known',
    reply: ({ response_format }) => {
      if (response_format?.type !== schema) return answer
      const message = `Invalid JSON payload received. Unknown name "additionalProperties" at 'generation_config.response_schema': Cannot find field.`
      return refuse(400, [{ error: { code: 400, message, status: 'INVALID_ARGUMENT' } }])
    },
    calls: 2,
    takes: { format: 'json_object', seed: 1, temperature: 0.2, ...limit },
  },
  {
    name: 'a layer over Anthropic: another name of the format',
    reply: ({ response_format }) => {
      if (!response_format) return answer
      const message = 'output_format: Extra inputs are not permitted'
      return refuse(400, { type: 'error', error: { type: 'invalid_request_error', message } })
    },
    calls: 2,
    takes: { format: undefined, seed: 1, temperature: 0.2, ...limit },
  },
  {
    name: 'Groq: an answer that did not become JSON',
    reply: ({ response_format }) => {
      if (!response_format) return answer
      const message =
        "Failed to generate JSON. Please adjust your prompt. See 'failed_generation' for more."
      const code = 'json_validate_failed'
      return refuse(400, { error: { message, code, failed_generation: 'Well, ' } })
    },
    calls: 3,
    takes: { format: undefined, seed: 1, temperature: 0.2, ...limit },
  },
  {
    name: 'Groq: a limit for all answers that speaks of the context',
    reply: ({ max_completion_tokens = 0 }) =>
      max_completion_tokens <= 800
        ? answer
        : openai(
            400,
            '`max_tokens` must be less than or equal to `800`, the maximum value for `max_tokens` is less than the `context_window` for this model',
            null,
          ),
    calls: 2,
    takes: { format: schema, max_completion_tokens: 800 },
  },
  {
    name: 'a router without an endpoint for these parameters',
    reply: ({ response_format, seed, temperature }) =>
      response_format || seed !== undefined || temperature !== undefined
        ? refuse(404, {
            error: {
              message: 'No endpoints found that can handle the requested parameters.',
              code: 404,
            },
          })
        : answer,
    calls: 5,
    takes: { format: undefined, seed: undefined, temperature: undefined, ...limit },
  },
  {
    name: 'a router that passes on an error as a text',
    reply: ({ response_format }) => {
      if (response_format?.type !== schema) return answer
      const raw = JSON.stringify({ error: { message: 'response_format json_schema is unknown' } })
      const metadata = { raw, provider_name: 'other' }
      return refuse(400, { error: { message: 'Provider returned error', code: 400, metadata } })
    },
    calls: 2,
    takes: { format: 'json_object', seed: 1, temperature: 0.2, ...limit },
  },
]
