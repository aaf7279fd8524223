import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type AgentDefinition, type AgentLimits, startAgent } from '../index.ts'
import { trialOf } from '../testing/task.ts'

type UrlDefinition = Extract<AgentDefinition, { readonly kind: 'url' }>
type Answer = (request: IncomingMessage, body: string, response: ServerResponse) => void

/** A server of an agent, and the agent. */
async function started(
  answer: Answer,
  { limits = {}, ...definition }: Partial<UrlDefinition> & { readonly limits?: AgentLimits } = {},
) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    answer(request, Buffer.concat(chunks).toString(), response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/run?key=secret`
  const agent = await startAgent({ ...definition, kind: 'url', url }, limits)
  onTestFinished(async () => {
    await agent.close()
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  })
  return agent
}

const answering =
  (status: number, type: string, body: string, headers = {}): Answer =>
  (_request, _body, response) =>
    response.writeHead(status, { 'content-type': type, ...headers }).end(body)

describe('a trial behind an address', () => {
  test('is posted with its context, its parameters and the headers that are configured', async () => {
    const agent = await started(
      ({ method, headers }, body, response) => {
        const { traceparent, authorization } = headers
        response.end(JSON.stringify({ output: { method, traceparent, authorization, body } }))
      },
      { headers: { authorization: 'Bearer x' } },
    )
    const task = trialOf({ text: 'hello' }, { parameters: { 'tested.tone': 'warm' } })
    const run = await agent.run(task)
    expect(run).toMatchObject({ outcome: 'done', reason: null, spans: [], unclaimed: null })
    const { body, ...rest } = Object(run.output)
    expect(rest).toEqual({
      method: 'POST',
      traceparent: `00-${task.traceId}-${task.spanId}-01`,
      authorization: 'Bearer x',
    })
    expect(JSON.parse(body)).toEqual({
      input: 'hello',
      inputs: { text: 'hello' },
      parameters: { 'tested.tone': 'warm' },
      trial: task.id,
    })
    expect(agent.description).not.toContain('secret')
    expect(await agent.sourceHash()).toBe(null)
  })

  test.each([
    ['{"output":[1]}', [1]],
    ['"text"', 'text'],
    ['{"answer":1}', { answer: 1 }],
    ['null', null],
  ])('gives %s', async (body, output) => {
    const agent = await started(answering(200, 'application/json', body))
    expect(await agent.run(trialOf({}))).toMatchObject({ outcome: 'done', output })
  })

  test('gets the spans that its server sends to the port that was agreed', async () => {
    const probe = createServer()
    await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done))
    const { port: receiverPort } = probe.address() as AddressInfo
    await new Promise((done) => probe.close(done))
    const agent = await started(
      async ({ headers }, _body, response) => {
        const [, traceId, parentSpanId] = String(headers.traceparent).split('-')
        response.end('1')
        const spans = [{ traceId, parentSpanId, spanId: 'abcdefabcdefabcd', name: 'late' }]
        const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })
        const url = `http://127.0.0.1:${receiverPort}/v1/traces`
        await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      },
      { receiverPort },
    )
    const task = trialOf({})
    const run = await agent.run(task)
    expect(run.spans).toMatchObject([{ name: 'late', traceId: task.traceId }])
  })
})

describe('a server that', () => {
  const page = '<!doctype html><title>Sign in</title><p>x'
  test.each<[string, Answer, string, RegExp]>([
    [
      'fails',
      answering(500, 'text/plain', 'no such ticket'),
      'failed',
      /status 500: no such ticket/,
    ],
    [
      'fails with a page',
      answering(502, 'text/html', page),
      'failed',
      /status 502: a page titled Sign in/,
    ],
    [
      'redirects',
      answering(302, 'text/plain', '', { location: '/login' }),
      'failed',
      /redirect \(302\) to \/login/,
    ],
    [
      'answers with a page',
      answering(200, 'text/html', page),
      'bad output',
      /no JSON: a page titled Sign in/,
    ],
    [
      'answers with text',
      answering(200, 'text/plain', 'hi\u001b[2J'),
      'bad output',
      /no JSON: hi$/,
    ],
    ['answers nothing', answering(200, 'application/json', ''), 'bad output', /empty/],
    ['answers half', answering(200, 'application/json', '{"output":'), 'bad output', /no JSON/],
    ['hangs up', (request) => request.socket.destroy(), 'crashed', /did not answer/],
    ['hangs', () => {}, 'timed out', /0\.2 seconds/],
    [
      'answers without end',
      (_request, _body, response) => {
        const chunk = Buffer.alloc(1024 * 1024, ' ')
        const more = () => void response.write(chunk, (error) => error ?? more())
        more()
      },
      'bad output',
      /longer than/,
    ],
  ])('%s', async (_what, answer, outcome, reason) => {
    const timeoutMs = outcome === 'timed out' ? 200 : 20_000
    const agent = await started(answer, { limits: { timeoutMs } })
    const run = await agent.run(trialOf({}))
    expect(run).toMatchObject({ outcome, output: null })
    expect(run.reason).toMatch(reason)
  })

  test('nobody runs costs each trial, and says why', async () => {
    const agent = await startAgent({ kind: 'url', url: 'http://127.0.0.1:9/run' })
    onTestFinished(() => agent.close())
    const run = await agent.run(trialOf({}))
    expect(run).toMatchObject({
      outcome: 'crashed',
      reason: expect.stringContaining('did not answer'),
    })
  })

  test.each(['localhost:8080', 'ftp://x/y', ''])('has no address (%j) is refused', async (url) => {
    await expect(startAgent({ kind: 'url', url })).rejects.toMatchObject({ code: 'T2_AGENT_LOAD' })
  })

  test('is asked when the trial is stopped is left', async () => {
    const stopping = new AbortController()
    const agent = await started(() => stopping.abort())
    expect((await agent.run(trialOf({}), stopping.signal)).outcome).toBe('interrupted')
  })
})
