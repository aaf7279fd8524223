// docs/guides/streaming.md: a stream hands out the ids of its run, before its first word or after its last.
import { once } from 'node:events'
import { bundle, type FeedbackIds, type Node, run } from '@trace2/instrumentation'
import express, { type Express } from 'express'

const words = bundle('words', async function* (question: string) {
  for (const word of `You asked: ${question}`.split(' ')) yield `${word} `
})

const agent = run('streaming-agent', async function* (question: string) {
  yield* words(question)
})

/** What a page sends back with a thumb. */
function idsOf({ traceId, spanId }: Node<unknown>): FeedbackIds | undefined {
  return traceId === undefined ? undefined : { traceId, spanId }
}

/** A handler of Next.js, Hono, Bun or Deno: the ids are in a header, before the first word. */
export async function POST(request: Request): Promise<Response> {
  const answer = await agent.node(await request.text())
  const ids = idsOf(answer)
  const body = ReadableStream.from(answer.value).pipeThrough(new TextEncoderStream())
  return new Response(body, {
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      ...(ids && { 'x-run': JSON.stringify(ids) }),
    },
  })
}

/** Server-sent events in Express: one for each word, and the ids in the last one. */
export function expressApp(): Express {
  const app = express()
  app.get('/ask', async (request, response) => {
    const answer = await agent.node(String(request.query.question))
    response.type('text/event-stream')
    for await (const word of answer.value) {
      if (response.closed) break
      if (!response.write(`data: ${JSON.stringify(word)}\n\n`)) await once(response, 'drain')
    }
    response.end(`event: run\ndata: ${JSON.stringify(idsOf(answer) ?? null)}\n\n`)
  })
  return app
}
