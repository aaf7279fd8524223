import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { streamSSE } from 'hono/streaming'
import { answer } from '../answer.ts'
import { firstTokens } from '../tokens.ts'
import { ApiError } from './api-error.ts'
import { type ChatRequest, parseChatRequest } from './chat-request.ts'
import { type Choice, completion, completionChunks } from './completion.ts'
import { embeddings } from './embeddings.ts'
import { models } from './models.ts'

const maxBodyBytes = 16 * 1024 * 1024

/** The API as a function from request to response. `onRequest` is called for each answered request. */
export function simulatedApi(seed: number, onRequest: () => void): Hono {
  const app = new Hono().basePath('/v1')
  app.use(
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: () => {
        throw new ApiError(413, `The body is larger than ${maxBodyBytes} bytes.`)
      },
    }),
  )
  app.get('/models', (context) => context.json({ object: 'list', data: models }))
  app.get('/models/:id', (context) => {
    const id = context.req.param('id')
    const model = models.find((candidate) => candidate.id === id)
    if (model) return context.json(model)
    throw new ApiError(404, `The model '${id}' does not exist here.`, { code: 'model_not_found' })
  })
  app.post('/embeddings', async (context) => {
    const response = embeddings(parseJson(await context.req.text()))
    onRequest()
    return context.json(response)
  })
  app.post('/chat/completions', async (context) => {
    const request = parseChatRequest(parseJson(await context.req.text()))
    const choices = Array.from({ length: request.choices }, (_, i) => choice(request, seed, i))
    onRequest()
    if (!request.stream) return context.json(completion(request, choices))
    return streamSSE(context, async (stream) => {
      for (const chunk of completionChunks(request, choices)) {
        await stream.writeSSE({ data: JSON.stringify(chunk) })
      }
      await stream.writeSSE({ data: '[DONE]' })
    })
  })
  app.notFound((context) => {
    const error = new ApiError(404, `Invalid URL (${context.req.method} ${context.req.path})`)
    return context.json(error.body, error.status)
  })
  app.onError((error, context) => {
    if (error instanceof ApiError) return context.json(error.body, error.status)
    const body = { message: error.message, type: 'server_error', param: null, code: null }
    return context.json({ error: body }, 500)
  })
  return app
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiError(400, 'We could not parse the JSON body of your request.')
  }
}

function choice(request: ChatRequest, seed: number, index: number): Choice {
  const given = answer(request, seed + request.seed + index)
  if (given.content === null) return { ...given, finish: 'tool_calls' }
  const stops = request.stop.map((stop) => given.content?.indexOf(stop) ?? -1)
  const end = Math.min(...stops.filter((position) => position >= 0), given.content.length)
  const stopped = given.content.slice(0, end)
  const content = firstTokens(stopped, request.maxTokens ?? Number.POSITIVE_INFINITY)
  return { ...given, content, finish: content === stopped ? 'stop' : 'length' }
}
