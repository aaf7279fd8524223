import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the server answers to one request. */
export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  /** An answer that is not as it should be: sent as it stands. */
  readonly text?: string
  /** Server-sent events, a moment apart. */
  readonly events?: readonly unknown[]
  /** Breaks the connection after the events. */
  readonly breaks?: boolean
  /** Never ends the answer. */
  readonly hangs?: boolean
}

/** An OpenAI-compatible endpoint on a real socket that answers as it is told to. */
export async function startModelServer(): Promise<{
  readonly url: string
  /** The next answers, in order. */
  reply(...replies: readonly Reply[]): void
  /** The bodies that arrived. */
  requests(): Record<string, unknown>[]
  close(): Promise<void>
}> {
  const queue: Reply[] = []
  const bodies: Record<string, unknown>[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    bodies.push(JSON.parse(Buffer.concat(chunks).toString()))
    const { status = 200, headers = {}, json, text, events, breaks, hangs } = queue.shift() ?? {}
    const type = events ? 'text/event-stream' : 'application/json'
    response.writeHead(status, { 'content-type': type, 'x-request-id': 'req-1', ...headers })
    if (!events) {
      if (!hangs) response.end(text ?? JSON.stringify(json ?? {}))
      return
    }
    for (const event of events) {
      response.write(`data: ${JSON.stringify(event)}\n\n`)
      await new Promise((done) => setTimeout(done, 2))
    }
    if (breaks) response.destroy()
    else if (!hangs) response.end('data: [DONE]\n\n')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    reply: (...replies) => queue.push(...replies),
    requests: () => bodies,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

const usage = {
  prompt_tokens: 21,
  completion_tokens: 8,
  total_tokens: 29,
  prompt_tokens_details: { cached_tokens: 16 },
  completion_tokens_details: { reasoning_tokens: 3 },
}

const envelope = { created: 1, model: 'gpt-4o-mini-2024-07-18', service_tier: 'default' }

/** A chat completion with one choice. */
export function completion(message: object, finishReason = 'stop'): Reply {
  const choice = {
    index: 0,
    message: { role: 'assistant', ...message },
    finish_reason: finishReason,
  }
  return {
    json: {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      ...envelope,
      system_fingerprint: 'fp_1',
      choices: [choice],
      usage,
    },
  }
}

/** The same as chunks: one for each delta, then the usage. */
export function completionChunks(deltas: readonly object[], finishReason = 'stop'): unknown[] {
  const chunk = (choices: readonly object[], rest: object = {}) => ({
    id: 'chatcmpl-2',
    object: 'chat.completion.chunk',
    ...envelope,
    choices,
    ...rest,
  })
  return [
    ...deltas.map((delta) => chunk([{ index: 0, delta, finish_reason: null }])),
    chunk([{ index: 0, delta: {}, finish_reason: finishReason }]),
    chunk([], { usage }),
  ]
}

export function toolCall(id: string, name: string, args: object): object {
  return { id, type: 'function', function: { name, arguments: JSON.stringify(args) } }
}

/** What the responses API answers. */
export function response(output: readonly object[], rest: object = {}): object {
  return {
    id: 'resp_0a1b2c3d',
    object: 'response',
    created_at: 1,
    model: 'gpt-4o-mini-2024-07-18',
    status: 'completed',
    output,
    usage: {
      input_tokens: 30,
      output_tokens: 12,
      total_tokens: 42,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens_details: { reasoning_tokens: 4 },
    },
    ...rest,
  }
}

export function outputText(text: string): object {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text, annotations: [] }],
  }
}
