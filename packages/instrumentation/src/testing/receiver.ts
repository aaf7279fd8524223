import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An OTLP span as the JSON exporter sends it, as far as tests look at it. */
export interface ReceivedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[]
}

/** A receiver of OTLP/HTTP JSON on a real socket. */
export async function startReceiver(): Promise<{
  url: string
  spans(): ReceivedSpan[]
  resources(): unknown[]
  close(): Promise<void>
}> {
  const bodies: {
    resourceSpans: { resource: unknown; scopeSpans: { spans: ReceivedSpan[] }[] }[]
  }[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    bodies.push(JSON.parse(Buffer.concat(chunks).toString()))
    response.setHeader('content-type', 'application/json').end('{}')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const parts = () => bodies.flatMap((body) => body.resourceSpans)
  return {
    url: `http://127.0.0.1:${port}`,
    spans: () => parts().flatMap((part) => part.scopeSpans.flatMap((scope) => scope.spans)),
    resources: () => parts().map((part) => part.resource),
    close: () => new Promise((done) => server.close(() => done())),
  }
}
