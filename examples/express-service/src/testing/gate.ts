import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Gate {
  /** What to use in place of the endpoint. */
  readonly url: string
  /** Resolves when the first request is waiting. */
  readonly reached: Promise<unknown>
  /** Lets requests through, from now on. */
  open(): void
  close(): Promise<void>
}

/** Stands before an endpoint and keeps its requests waiting until it is opened. */
export async function startGate(endpoint: string): Promise<Gate> {
  const { promise: opened, open } = waiting()
  const server = createServer(async (request, response) => {
    const body = await text(request)
    await opened
    const path = request.url?.replace(/^\/v1/, '') ?? ''
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(endpoint + path, { method: 'POST', headers, body })
    response.writeHead(answer.status, headers).end(await answer.text())
  })
  const reached = once(server, 'request')
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    reached,
    open,
    close: async () => {
      server.close()
      await once(server, 'close')
    },
  }
}

function waiting(): { promise: Promise<void>; open(): void } {
  let open = () => {}
  const promise = new Promise<void>((resolve) => {
    open = resolve
  })
  return { promise, open }
}
