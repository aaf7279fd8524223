import { createHash } from 'node:crypto'
import type { Answer } from '../answer.ts'
import { countTokens, tokenPieces } from '../tokens.ts'
import { type ChatRequest, promptTokens } from './chat-request.ts'

/** One finished choice of a completion. */
export interface Choice extends Answer {
  readonly finish: 'stop' | 'length' | 'tool_calls'
}

/** The body of a completion that is not streamed. */
export function completion(request: ChatRequest, choices: readonly Choice[]) {
  return {
    ...head(request, 'chat.completion'),
    choices: choices.map((choice, index) => ({
      index,
      message: {
        role: 'assistant',
        content: choice.content,
        refusal: null,
        ...(choice.toolCalls.length > 0 && { tool_calls: toolCalls(choice, index) }),
      },
      logprobs: null,
      finish_reason: choice.finish,
    })),
    usage: usage(request, choices),
  }
}

/** The chunks of a streamed completion, in order, without the closing `[DONE]`. */
export function* completionChunks(request: ChatRequest, choices: readonly Choice[]) {
  const common = head(request, 'chat.completion.chunk')
  const chunk = (index: number, delta: object, finish: Choice['finish'] | null = null) => ({
    ...common,
    choices: [{ index, delta, logprobs: null, finish_reason: finish }],
    ...(request.includeUsage && { usage: null }),
  })
  for (const [index, choice] of choices.entries()) {
    yield chunk(index, { role: 'assistant', content: choice.content === null ? null : '' })
    for (const content of tokenPieces(choice.content ?? '')) yield chunk(index, { content })
    for (const [i, call] of toolCalls(choice, index).entries()) {
      yield chunk(index, { tool_calls: [{ index: i, ...call }] })
    }
    yield chunk(index, {}, choice.finish)
  }
  if (request.includeUsage) yield { ...common, choices: [], usage: usage(request, choices) }
}

function head(request: ChatRequest, object: string) {
  const digest = createHash('sha256').update(JSON.stringify(request)).digest('hex')
  return {
    id: `chatcmpl-${digest.slice(0, 24)}`,
    object,
    created: Math.floor(Date.now() / 1000),
    model: request.model,
    system_fingerprint: 'simulation',
  }
}

function usage(request: ChatRequest, choices: readonly Choice[]) {
  const prompt = promptTokens(request.messages)
  const written = choices.reduce(
    (sum, { content, toolCalls: calls }) =>
      sum +
      countTokens(content ?? '') +
      calls.reduce((tokens, call) => tokens + countTokens(call.name + call.arguments), 0),
    0,
  )
  return {
    prompt_tokens: prompt,
    completion_tokens: written,
    total_tokens: prompt + written,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0 },
  }
}

function toolCalls(choice: Choice, index: number) {
  return choice.toolCalls.map((call, i) => ({
    id: `call_${index}_${i}`,
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }))
}
