import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { gunzipSync } from 'node:zlib'

/** A request that a target got, unpacked. */
export interface Arrived {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** What it was answered. */
  readonly status: number
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

export interface OtlpTarget {
  readonly url: string
  readonly port: number
  readonly arrived: Arrived[]
  close(): Promise<void>
}

/**
 * An HTTP receiver on 127.0.0.1.
 *
 * @param answers the first requests get these in turn, or what a function makes of each; the others 200.
 */
export async function startTarget(
  answers: readonly Answer[] | ((request: Omit<Arrived, 'status'>) => Answer) = [],
  port = 0,
): Promise<OtlpTarget> {
  const arrived: Arrived[] = []
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const sent = Buffer.concat(chunks)
      const { headers, url: path = '', method = '' } = request
      const body = headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent
      const answer =
        typeof answers === 'function'
          ? answers({ method, path, headers, body })
          : answers[arrived.length]
      const status = answer?.status ?? 200
      arrived.push({ method, path, headers, body, status })
      response.writeHead(status, answer?.headers).end(answer?.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  const bound = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    arrived,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
