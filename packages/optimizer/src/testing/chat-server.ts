import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import OpenAI from 'openai'

export interface ChatBody {
  readonly model: string
  readonly messages: readonly { readonly role: string; readonly content: string }[]
  readonly response_format?: { readonly type: string }
  readonly temperature?: number
}

/** A reply: text for an ordinary completion, or a status with an error message. */
export type ChatReply =
  | string
  | { readonly status: number; readonly message: string }
  | { readonly text: string; readonly finishReason: string }

export interface ChatServer extends AsyncDisposable {
  readonly client: OpenAI
  readonly url: string
  readonly bodies: readonly ChatBody[]
}

/** A server on the loopback that speaks the OpenAI chat API and replies as it is told to. */
export async function chatServer(
  reply: (body: ChatBody, call: number) => ChatReply | Promise<ChatReply>,
): Promise<ChatServer> {
  const bodies: ChatBody[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body: ChatBody = JSON.parse(Buffer.concat(chunks).toString())
    const call = bodies.push(body)
    const said = await reply(body, call)
    response.setHeader('content-type', 'application/json')
    if (typeof said === 'object' && 'status' in said) {
      response.statusCode = said.status
      response.setHeader('retry-after-ms', '1')
      response.end(JSON.stringify({ error: { message: said.message } }))
      return
    }
    const content = typeof said === 'string' ? said : said.text
    const finish = typeof said === 'string' ? 'stop' : said.finishReason
    response.end(
      JSON.stringify({
        id: 'x',
        object: 'chat.completion',
        created: 0,
        model: body.model,
        choices: [{ index: 0, finish_reason: finish, message: { role: 'assistant', content } }],
        usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
      }),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server that listens on a port has an AddressInfo.
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/v1`
  return {
    url,
    bodies,
    client: new OpenAI({ baseURL: url, apiKey: 'none', maxRetries: 2 }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
