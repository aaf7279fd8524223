import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodeTraces } from '@trace2/store/otlp'
import { cache } from './cache.ts'
import type { Peer } from './peer.ts'
import { answering, freePort } from './ports.ts'

const source = fileURLToPath(new URL('../../peers/otelcol/', import.meta.url))

/**
 * The OpenTelemetry Collector as a durable relay: OTLP over HTTP in, a queue in a file, OTLP over HTTP out to a receiver that
 * only counts. It is built of `bench/peers/otelcol` by Go, once.
 *
 * @param fsync whether each write of the queue is synced before it is acknowledged, as Trace2's journal is.
 */
export async function startOtelcol(directory: string, fsync: boolean): Promise<Peer | string> {
  const program = build()
  if (typeof program !== 'string') return program.missing
  const sink = await countingSink()
  const port = await freePort()
  const config = join(directory, 'otelcol.json')
  writeFileSync(config, JSON.stringify(configuration({ directory, port, fsync, sink: sink.url })))
  const child = spawn(program, ['--config', `file:${config}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const url = `http://127.0.0.1:${port}`
  await answering(url, child)
  return {
    name: `OTel Collector${fsync ? ', synced' : ''}`,
    url,
    pid: child.pid ?? 0,
    done: async () => sink.spans(),
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
      sink.close()
    },
  }
}

function build(): string | { readonly missing: string } {
  const program = join(cache, 'otelcol')
  const made = join(source, 'go.sum')
  if (existsSync(program) && statSync(program).mtimeMs > statSync(made).mtimeMs) return program
  if (spawnSync('go', ['version']).status !== 0) return { missing: 'Go is not installed' }
  mkdirSync(cache, { recursive: true })
  console.log('Building the OpenTelemetry Collector (once; some minutes) …')
  const { status } = spawnSync('go', ['build', '-o', program, '.'], {
    cwd: source,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return status === 0 ? program : { missing: 'it could not be built; are Go’s modules reached?' }
}

interface Places {
  readonly directory: string
  readonly port: number
  readonly fsync: boolean
  readonly sink: string
}

function configuration({ directory, port, fsync, sink }: Places): object {
  return {
    extensions: { file_storage: { directory, fsync } },
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
    exporters: {
      otlphttp: {
        endpoint: sink,
        compression: 'none',
        sending_queue: {
          ...{ enabled: true, storage: 'file_storage', queue_size: 100_000 },
          block_on_overflow: true,
        },
      },
    },
    service: {
      telemetry: { metrics: { level: 'none' }, logs: { level: 'error' } },
      extensions: ['file_storage'],
      pipelines: { traces: { receivers: ['otlp'], exporters: ['otlphttp'] } },
    },
  }
}

/** A receiver that counts the spans it is sent. */
async function countingSink() {
  let spans = 0
  const counted: Uint8Array[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      counted.push(Buffer.concat(parts))
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    /** Counting waits until somebody asks: it takes nothing of the processors meanwhile. */
    spans(): number {
      for (const body of counted.splice(0)) spans += decodeTraces(body, 'protobuf').spans.length
      return spans
    },
    close: () => server.close(),
  }
}
