// docs/guides/feedback-from-a-web-backend.md: an agent hands out its run's ids; a service without OpenTelemetry
// records the thumb for them.
import { createServer, type Server } from 'node:http'
import { currentRun, run, sendFeedback } from '@trace2/instrumentation'

const answer = run('web-agent', async (question: string) => ({
  answer: `An answer to: ${question}`,
  run: currentRun(),
}))

/** `POST /ask` with a question; `POST /thumb` with `{ run, up, words }`, which answers 400 for ids that are none. */
export function backend(collector: string): Server {
  return createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString('utf8')
    if (request.url === '/ask') {
      response.end(JSON.stringify(await answer(body)))
      return
    }
    const { run, up, words } = JSON.parse(body)
    try {
      const thumb = { name: 'thumb', score: up ? 1 : 0, comment: words, source: 'human' } as const
      await sendFeedback({ endpoint: collector }, run, { ...thumb, identifier: 'user-7' })
      response.end('thank you')
    } catch {
      response.writeHead(400).end()
    }
  })
}
