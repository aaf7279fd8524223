import { createLlm, type LlmOptions } from '../llm/llm.ts'
import { openaiTransport } from '../llm/openai.ts'
import type { ChatRequest } from '../llm/request.ts'
import { type ChatReply, chatServer } from './chat-server.ts'
import { memoryStore } from './memory-store.ts'

/** Asks for a JSON object, of a model whose price is known. */
export const jsonRequest: ChatRequest = {
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content: 'Hello' }],
  schema: { name: 'answer', schema: { type: 'object' } },
}

/** A model of the test, with an empty store of its own for its calls. */
export async function withModel(
  reply: Parameters<typeof chatServer>[0] | ChatReply,
  options: Partial<LlmOptions> = {},
) {
  const server = await chatServer(typeof reply === 'function' ? reply : () => reply)
  const store = await memoryStore()
  const llm = createLlm({ transport: openaiTransport(server.client), store, ...options })
  return { server, llm, store, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}
