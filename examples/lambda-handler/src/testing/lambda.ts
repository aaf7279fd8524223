import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

export interface FunctionOptions {
  /** The program that runs the handler, and the module of the handler. */
  readonly runtime: string
  readonly handler: string
  readonly flags?: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** How many invocations there may be at a time. Default 1. */
  readonly concurrency?: number
}

export interface Outcome {
  readonly failed: boolean
  readonly body: unknown
}

/**
 * A function with one process, which is stopped (`SIGSTOP`) whenever it has no invocation, as AWS Lambda freezes it: from
 * the moment that its runtime asks for the next one.
 */
export async function startFunction(options: FunctionOptions): Promise<{
  /** Thaws the process and hands it an event; resolves when it has answered all there is to answer and is frozen again. */
  invoke(event: unknown): Promise<Outcome>
  close(): Promise<void>
}> {
  const { runtime, handler, flags = [], env, concurrency = 1 } = options
  const idle: ServerResponse[] = []
  const answered = new Map<string, (outcome: Outcome) => void>()
  let invocations = 0
  const life = new EventEmitter()
  const server = createServer(async (request, response) => {
    const [, id = '', kind] = /invocation\/([^/]+)(?:\/(\w+))?$/.exec(request.url ?? '') ?? []
    if (id === 'next') {
      idle.push(response)
      if (idle.length < concurrency) return
      child.kill('SIGSTOP')
      life.emit('frozen')
      return
    }
    const body = await json(request)
    response.writeHead(202).end()
    answered.get(id)?.({ failed: kind === 'error', body })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const child: ChildProcess = spawn(process.execPath, [runtime, handler, ...flags], {
    env: {
      ...process.env,
      ...env,
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
      AWS_LAMBDA_MAX_CONCURRENCY: String(concurrency),
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const ended = once(child, 'exit')
  const died = ended.then(([code]) => Promise.reject(new Error(`The process ended with ${code}.`)))
  died.catch(() => undefined)
  await Promise.race([once(life, 'frozen'), died])
  return {
    invoke: async (event) => {
      const free = idle.shift()
      if (!free) throw new Error('There are as many invocations as there may be.')
      if (idle.length === concurrency - 1) {
        child.kill('SIGCONT')
      }
      const id = String(++invocations)
      const outcome = new Promise<Outcome>((resolve) => answered.set(id, resolve))
      free.writeHead(200, { 'lambda-runtime-aws-request-id': id }).end(JSON.stringify(event))
      const frozen = once(life, 'frozen')
      const result = await Promise.race([outcome, died])
      await Promise.race([frozen, died])
      return result
    },
    close: async () => {
      child.kill('SIGKILL')
      await ended
      server.closeAllConnections()
      server.close()
    },
  }
}
