import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import OpenAI from 'openai'

export interface ChatBody {
  readonly model: string
  readonly messages: readonly { readonly role: string; readonly content: string }[]
  readonly response_format?: {
    readonly type: string
    readonly json_schema?: { strict?: boolean }
    readonly schema?: object
  }
  readonly temperature?: number
  readonly seed?: number
  readonly max_tokens?: number
  readonly max_completion_tokens?: number
  readonly stream?: boolean
  readonly stream_options?: object
}

/** A reply as it goes over the wire. */
export interface RawReply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON; a text as it is. */
  readonly raw: unknown
  /** `drop` breaks the connection after the text, `silent` keeps it open and says no more. */
  readonly after?: 'drop' | 'silent'
}

/** A reply: text for an ordinary completion, or a status with an error message, or whatever a server may send. */
export type ChatReply =
  | string
  | { readonly status: number; readonly message: string }
  | { readonly text: string; readonly finishReason: string }
  | RawReply

export interface ChatServer extends AsyncDisposable {
  readonly client: OpenAI
  readonly url: string
  readonly bodies: readonly ChatBody[]
  /** Times that the list of models was asked for. */
  readonly listed: () => number
}

/** A server on the loopback that speaks the OpenAI chat API and replies as it is told to; it may list its models. */
export async function chatServer(
  reply: (body: ChatBody, call: number) => ChatReply | Promise<ChatReply>,
  models?: unknown,
): Promise<ChatServer> {
  const bodies: ChatBody[] = []
  let listed = 0
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    if (request.method !== 'POST') {
      listed++
      send(response, models === undefined ? { status: 404, raw: 'not here' } : { raw: models })
      return
    }
    const body: ChatBody = JSON.parse(Buffer.concat(chunks).toString())
    const call = bodies.push(body)
    const said = await reply(body, call)
    send(response, typeof said === 'object' && 'raw' in said ? said : rawOf(said, body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server that listens on a port has an AddressInfo.
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/v1`
  return {
    url,
    bodies,
    listed: () => listed,
    client: new OpenAI({ baseURL: url, apiKey: 'none', maxRetries: 2 }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function send(response: ServerResponse, { status = 200, headers, raw, after }: RawReply): void {
  const type = typeof raw === 'string' ? 'text/plain' : 'application/json'
  response.writeHead(status, { 'content-type': type, ...headers })
  const text = typeof raw === 'string' ? raw : JSON.stringify(raw)
  if (after === undefined) response.end(text)
  else response.write(text, () => after === 'drop' && response.destroy())
}

function rawOf(said: Exclude<ChatReply, RawReply>, { model }: ChatBody): RawReply {
  if (typeof said === 'object' && 'status' in said) {
    const { status, message } = said
    return { status, headers: { 'retry-after-ms': '1' }, raw: { error: { message } } }
  }
  const { text, finishReason } =
    typeof said === 'string' ? { text: said, finishReason: 'stop' } : said
  return { raw: completion({ role: 'assistant', content: text }, { model, finishReason }) }
}

/** A completion as servers give it. */
export function completion(
  message: unknown,
  { model = 'm', finishReason = 'stop', usage = ordinaryUsage as unknown } = {},
): object {
  return {
    id: 'x',
    object: 'chat.completion',
    created: 0,
    model,
    choices: [{ index: 0, finish_reason: finishReason, message }],
    usage,
  }
}

const ordinaryUsage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 }

/** The events of a stream, its text in pieces; each event may be replaced or left out by whoever tests that. */
export function streamEvents(pieces: readonly string[], usage: unknown = ordinaryUsage): string[] {
  const chunk = (choices: unknown[], more: object = {}) =>
    `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', choices, ...more })}\n\n`
  return [
    ...pieces.map((content) => chunk([{ index: 0, delta: { content }, finish_reason: null }])),
    chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
    chunk([], { usage }),
    'data: [DONE]\n\n',
  ]
}
