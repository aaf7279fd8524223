import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An OTLP span as the JSON exporter sends it, as far as tests look at it. */
export interface ReceivedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[]
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[]
}

/**
 * A receiver of OTLP/HTTP JSON on a real socket. `status` says how it answers its requests, counted from 1, and takes
 * its time; spans of a request that it does not answer with 200 do not count.
 */
export async function startReceiver(
  status: (request: number) => number | Promise<number> = () => 200,
): Promise<{
  url: string
  spans(): ReceivedSpan[]
  resources(): unknown[]
  close(): Promise<void>
}> {
  const bodies: {
    resourceSpans: { resource: unknown; scopeSpans: { spans: ReceivedSpan[] }[] }[]
  }[] = []
  let requests = 0
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    requests++
    response.statusCode = await status(requests)
    if (response.statusCode === 200) bodies.push(JSON.parse(Buffer.concat(chunks).toString()))
    response.setHeader('content-type', 'application/json').end('{}')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const parts = () => bodies.flatMap((body) => body.resourceSpans)
  return {
    url: `http://127.0.0.1:${port}`,
    spans: () => parts().flatMap((part) => part.scopeSpans.flatMap((scope) => scope.spans)),
    resources: () => parts().map((part) => part.resource),
    close: () => {
      server.closeAllConnections()
      return new Promise((done) => server.close(() => done()))
    },
  }
}
