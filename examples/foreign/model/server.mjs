// The HTTP server of the scripted model. It listens on the loopback interface only.
import { createServer } from 'node:http'
import { answerMessages } from './anthropic.mjs'
import { answerConverse } from './bedrock.mjs'
import { decide as decideNext } from './decide.mjs'
import { answerEmbeddings } from './embeddings.mjs'
import { answerGemini } from './gemini.mjs'
import { answerOllama } from './ollama.mjs'
import { answerChat } from './openai-chat.mjs'
import { answerResponses } from './openai-responses.mjs'

const MODEL = 'scripted'

/**
 * Starts the model. Returns its address, without `/v1`, what was asked and answered so far, and a function that ends it.
 * An exchange is { system, tools, messages, turn }, as `decide` takes and gives it.
 */
export async function startModel({ port = 0 } = {}) {
  const exchanges = []
  const recorded = (conversation) => {
    const turn = decideNext(conversation)
    exchanges.push({ ...conversation, turn })
    return turn
  }
  const server = createServer((request, response) => {
    serve(request, response, recorded).catch((error) => {
      response.writeHead(500, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ error: { message: String(error), type: 'server_error' } }))
    })
  })
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${server.address().port}`
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve)
      server.closeAllConnections()
    })
  return { url, exchanges, close }
}

async function serve(request, response, decide) {
  const pieces = []
  for await (const piece of request) pieces.push(piece)
  const text = Buffer.concat(pieces).toString()
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
  const body = text === '' ? {} : JSON.parse(text)
  route({ pathname, searchParams, body }, replyTo(response), decide)
}

function route({ pathname, searchParams, body }, reply, decide) {
  const gemini = pathname.match(/models\/([^/:]+):(\w+)$/)
  if (gemini) {
    const [, model, method] = gemini
    return answerGemini(
      { model, method, body, sse: searchParams.get('alt') === 'sse' },
      reply,
      decide,
    )
  }
  const ollama = pathname.match(/\/api\/(chat|generate|tags|show|embed)$/)
  if (ollama) return answerOllama(ollama[1], body, reply, decide)
  if (pathname.endsWith('/chat/completions')) return answerChat(body, reply, decide)
  if (pathname.endsWith('/responses')) return answerResponses(body, reply, decide)
  if (pathname.endsWith('/converse')) return answerConverse(body, reply, decide)
  if (pathname.endsWith('/messages')) return answerMessages(body, reply, decide)
  if (pathname.endsWith('/messages/count_tokens')) return reply.json({ input_tokens: 100 })
  if (pathname.endsWith('/embeddings')) return answerEmbeddings(body, reply)
  if (pathname.endsWith('/models')) {
    return reply.json({
      object: 'list',
      data: [{ id: MODEL, object: 'model', owned_by: 'example' }],
    })
  }
  return reply.json({ error: { message: `The scripted model has no ${pathname}.` } }, 404)
}

function replyTo(response) {
  const head = (status, type) => response.writeHead(status, { 'content-type': type })
  return {
    json(value, status = 200) {
      head(status, 'application/json').end(JSON.stringify(value))
    },
    /** Server-sent events: `{ event, data }`. */
    events(events) {
      head(200, 'text/event-stream')
      for (const { event, data } of events) {
        if (event) response.write(`event: ${event}\n`)
        response.write(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`)
      }
      response.end()
    },
    lines(values) {
      head(200, 'application/x-ndjson')
      response.end(values.map((value) => `${JSON.stringify(value)}\n`).join(''))
    },
  }
}
