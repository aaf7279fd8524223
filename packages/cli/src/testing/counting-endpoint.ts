import { once } from 'node:events'
import { createServer } from 'node:http'
import { onTestFinished } from 'vitest'

/**
 * An endpoint that counts what it has answered; `onAsked` may keep it from answering.
 *
 * @returns its address, and the bodies that it has answered.
 */
export async function countingEndpoint(onAsked: (asked: number) => 'answer' | 'hold') {
  const answered: string[] = []
  let asked = 0
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString('utf8')
    if (onAsked(++asked) === 'hold') return
    const { stream, model } = JSON.parse(body)
    const choice = { index: 0, finish_reason: 'stop' }
    const text = { role: 'assistant', content: 'yes' }
    const usage = { prompt_tokens: 10, completion_tokens: 1, total_tokens: 11 }
    const whole = { id: 'c-1', created: 1, model, usage }
    const type = stream ? 'text/event-stream' : 'application/json'
    response.writeHead(200, { 'content-type': type })
    const event = JSON.stringify({ ...whole, choices: [{ ...choice, delta: text }] })
    const answer = JSON.stringify({ ...whole, choices: [{ ...choice, message: text }] })
    answered.push(body)
    response.end(stream ? `data: ${event}\n\ndata: [DONE]\n\n` : answer)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { url: `http://127.0.0.1:${port}/v1`, answered }
}
