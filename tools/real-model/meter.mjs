// A loopback proxy before an OpenAI-compatible server: it counts what is asked, and keeps what was asked and answered last.
import { once } from 'node:events'
import { createServer } from 'node:http'

export async function startMeter(upstream) {
  let counts = none()
  const server = createServer(async (request, response) => {
    const isCall = request.url.endsWith('/completions')
    const began = performance.now()
    try {
      const chunks = []
      for await (const chunk of request) chunks.push(chunk)
      if (isCall) counts.calls++
      const answer = await fetch(upstream + request.url.replace(/^\/v1/, ''), {
        method: request.method,
        headers: { 'content-type': 'application/json' },
        ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
      })
      const type = answer.headers.get('content-type') ?? 'application/json'
      response.writeHead(answer.status, { 'content-type': type })
      if (!answer.ok) counts.refused++
      const pieces = []
      try {
        for await (const piece of answer.body ?? []) {
          pieces.push(piece)
          response.write(piece)
        }
      } finally {
        const seconds = (performance.now() - began) / 1000
        if (isCall && answer.ok) note(counts, Buffer.concat(chunks), Buffer.concat(pieces), seconds)
      }
      response.end()
    } catch {
      if (isCall) counts.broken++
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
  return { calls: 0, refused: 0, broken: 0, answered: 0, tokens: 0, seconds: 0, last: undefined }
}

/** Keeps a call. One whose answer has a schema is the optimizer's or a judge's, and tells more than the agent's own. */
function note(counts, request, response, seconds) {
  const { messages = [], response_format: format } = JSON.parse(request.toString())
  const { text, tokens } = answerIn(response.toString())
  counts.answered++
  counts.tokens += tokens
  counts.seconds += seconds
  const isStructured = format !== undefined
  if (isStructured || !counts.last?.isStructured) {
    const { content } = messages.at(-1) ?? {}
    const question = typeof content === 'string' ? content : JSON.stringify(content)
    counts.last = { isStructured, question, text, seconds, tokens }
  }
}

/** The text of an answer, whole or streamed, and its tokens: a stream of this server has one in each event. */
function answerIn(body) {
  if (!/^\s*(?:data|:|event)/.test(body)) {
    const { choices, usage } = JSON.parse(body)
    const message = choices?.[0]?.message
    const text = message?.content ?? JSON.stringify(message?.tool_calls ?? '')
    return { text, tokens: usage?.completion_tokens ?? 0 }
  }
  const events = body.matchAll(/^data: ?(\{.*\})\s*$/gm)
  const pieces = Array.from(events, ([, data]) => JSON.parse(data).choices?.[0]?.delta?.content)
  const texts = pieces.filter((piece) => typeof piece === 'string' && piece !== '')
  return { text: texts.join(''), tokens: texts.length }
}
