import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CHAT_MODEL, startSimulatedModel } from '@trace2/simulated-model'
import { expect, test } from 'vitest'
import { runDemo } from './demo.ts'

test('an endpoint that fails later on leaves runs and feedback, and the error says how to go on with them', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'trace2-demo-'))
  const endpoint = await startSimulatedModel()
  // Answers the agent, and the optimizer no more.
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    if (body.includes('feedback')) {
      response.writeHead(402).end('{"error":{"message":"Insufficient credits"}}')
      return
    }
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${endpoint.url}/chat/completions`, {
      method: 'POST',
      headers,
      body,
    })
    response.writeHead(answer.status, headers).end(await answer.text())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const seen: string[] = []
  try {
    const demo = runDemo({
      directory: parent,
      print: () => {},
      command: 'npx trace2',
      progress: (label) => ({
        update: (done, total) => seen.push(`${label} ${done}/${total}`),
        stop() {},
      }),
      environment: {
        OPENAI_API_KEY: 'secret',
        OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
        TRACE2_MODEL: CHAT_MODEL,
      },
    })
    const database = join(parent, '1', 'trace2.duckdb')
    await expect(demo).rejects.toMatchObject({
      code: 'T2_DEMO_MODEL',
      message: expect.stringMatching(/Insufficient credits.*T2_MODEL_QUOTA.* 48 runs are in /),
      remedy: expect.stringContaining(`npx trace2 optimize --db ${database}`),
    })
    expect(seen).toContain('Running the agent 28/28')
    expect(seen).toContain('Asking the optimizer 0/0')
  } finally {
    server.closeAllConnections()
    server.close()
    await endpoint.close()
    await rm(parent, { recursive: true, force: true })
  }
}, 120_000)

test('a model that the endpoint does not have ends the demo with what to do about it', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'trace2-demo-'))
  const endpoint = await startSimulatedModel()
  try {
    const environment = {
      OPENAI_API_KEY: 'secret',
      OPENAI_BASE_URL: endpoint.url,
      TRACE2_MODEL: 'no-such-model',
    }
    const demo = runDemo({ directory: parent, print: () => {}, environment, concurrency: 2 })
    await expect(demo).rejects.toMatchObject({
      code: 'T2_DEMO_MODEL',
      message: expect.stringContaining("'no-such-model' does not exist"),
      remedy: expect.stringContaining('OPENAI_API_KEY'),
    })
    // The other tickets are not tried once it is known.
    expect(endpoint.requests()).toBeLessThan(6)
  } finally {
    await endpoint.close()
    await rm(parent, { recursive: true, force: true })
  }
}, 120_000)
