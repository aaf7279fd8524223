// A loopback proxy that counts what is asked of an OpenAI-compatible server, and keeps its refusals.
import { once } from 'node:events'
import { createServer } from 'node:http'

export async function startMeter(upstream) {
  let counts = none()
  const server = createServer(async (request, response) => {
    try {
      const chunks = []
      for await (const chunk of request) chunks.push(chunk)
      if (request.url.endsWith('/completions')) counts.calls++
      const answer = await fetch(upstream + request.url.replace(/^\/v1/, ''), {
        method: request.method,
        headers: { 'content-type': 'application/json' },
        ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
      })
      const type = answer.headers.get('content-type') ?? 'application/json'
      response.writeHead(answer.status, { 'content-type': type })
      if (!answer.ok) counts.refused++
      for await (const piece of answer.body ?? []) response.write(piece)
      response.end()
    } catch {
      response.destroy()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}/v1`,
    /** What was counted since the last time. */
    take() {
      const taken = counts
      counts = none()
      return taken
    },
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function none() {
  return { calls: 0, refused: 0 }
}
