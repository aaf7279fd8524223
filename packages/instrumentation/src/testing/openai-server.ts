import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An OpenAI endpoint on a real socket that gives the same answers every time. */
export interface OpenAiServer {
  readonly baseURL: string
  /** Bodies of the requests so far. */
  readonly requests: Record<string, unknown>[]
  close(): Promise<void>
}

export async function startOpenAiServer(): Promise<OpenAiServer> {
  const requests: Record<string, unknown>[] = []
  const server = createServer(async (request, reply) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body: Record<string, unknown> = JSON.parse(Buffer.concat(chunks).toString())
    requests.push(body)
    const { status, text, type } = answer(request.url ?? '', body, requests.length === 1)
    reply.writeHead(status, { 'content-type': type }).end(text)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

const usage = { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 }
const completion = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model: 'simulated-1',
  choices: [
    {
      index: 0,
      finish_reason: 'stop',
      message: { role: 'assistant', content: 'The parcel is late.' },
    },
  ],
  usage: { ...usage, prompt_tokens_details: { cached_tokens: 3 } },
}
const toolCall = {
  ...completion,
  choices: [
    {
      index: 0,
      finish_reason: 'tool_calls',
      message: {
        role: 'assistant',
        content: null,
        tool_calls: ['Berlin', 'Lisbon'].map((city, index) => ({
          id: `call_${index}`,
          type: 'function',
          function: { name: 'weather', arguments: JSON.stringify({ city }) },
        })),
      },
    },
  ],
}
const response = {
  id: 'resp_1',
  object: 'response',
  status: 'completed',
  model: 'simulated-1',
  output: [
    {
      type: 'message',
      role: 'assistant',
      content: [{ type: 'output_text', text: 'A late parcel.' }],
    },
    { type: 'function_call', call_id: 'c1', name: 'refund', arguments: '{"amount":12.5}' },
  ],
  usage: { input_tokens: 4, output_tokens: 2, total_tokens: 6 },
}

function answer(
  path: string,
  body: Record<string, unknown>,
  first: boolean,
): { status: number; text: string; type: string } {
  const json = (value: unknown) => ({
    status: 200,
    text: JSON.stringify(value),
    type: 'application/json',
  })
  const events = (values: unknown[]) => ({
    status: 200,
    text: `${values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join('')}data: [DONE]\n\n`,
    type: 'text/event-stream',
  })
  if (body.model === 'broken') {
    return { status: 400, text: '{"error":{"message":"no such model"}}', type: 'application/json' }
  }
  if (path === '/v1/embeddings') {
    return json({
      object: 'list',
      model: 'e',
      data: [{ index: 0, embedding: [0.12345, 0.5] }],
      usage,
    })
  }
  if (path === '/v1/responses') {
    return body.stream ? events([{ type: 'response.completed', response }]) : json(response)
  }
  if (body.stream) {
    const chunk = (delta: object, finish_reason: string | null = null) => ({
      id: 'chatcmpl-2',
      object: 'chat.completion.chunk',
      model: 'simulated-1',
      choices: [{ index: 0, delta, finish_reason }],
    })
    return events([
      chunk({ role: 'assistant', content: 'The parcel' }),
      chunk({ content: ' is on its way.' }),
      chunk({
        tool_calls: [
          { index: 0, id: 'c9', type: 'function', function: { name: 'look', arguments: '{"a"' } },
        ],
      }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
      chunk({}, 'stop'),
      { id: 'chatcmpl-2', object: 'chat.completion.chunk', choices: [], usage },
    ])
  }
  return json(body.tools && first ? toolCall : completion)
}
