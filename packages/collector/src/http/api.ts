import type { Store } from '@trace2/store'
import { callInterruptible, isApiMethod, isInterruptible } from '@trace2/store'
import { engineFor } from '@trace2/store/engines'
import { decodeLogs, decodeTraces } from '@trace2/store/otlp'
import { raise } from '../errors.ts'
import { BodyError, type BodyRoom, readBody } from './body.ts'

/** Answers one call of the store's interface over HTTP; see `store/api.ts`. */
export async function answerApi(
  request: Request,
  method: string,
  store: Store,
  { room, maxBodyBytes }: { readonly room: BodyRoom; readonly maxBodyBytes: number },
): Promise<Response> {
  const bodies = room.enter()
  try {
    if (request.method !== 'POST') throw raise('T2_API_REQUEST', 'Calls are made with POST.')
    const body = await readBody(request, maxBodyBytes, bodies.take)
    if (method === 'writeSpans') {
      const { spans } = decodeTraces(body, 'protobuf')
      return Response.json(await store.writeSpans(spans))
    }
    if (method === 'writeLogs') {
      const { records } = decodeLogs(body, 'json')
      return Response.json(await store.writeLogs(records))
    }
    const args = argumentsOf(request, body)
    if (method === 'graphs') return streamGraphs(store, args)
    if (!isApiMethod(method)) throw raise('T2_API_UNKNOWN', `There is no method ${method}.`)
    const result: unknown = isInterruptible(method)
      ? await callInterruptible(store, method, args, request.signal)
      : await Reflect.apply(store[method], store, args)
    return Response.json(result ?? null)
  } catch (error) {
    return failure(error, store.location)
  } finally {
    bodies.leave()
  }
}

function argumentsOf(request: Request, body: Uint8Array): unknown[] {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') throw raise('T2_API_REQUEST', 'The body is not JSON.')
  let args: unknown
  try {
    args = JSON.parse(Buffer.from(body).toString('utf8'))
  } catch (error) {
    throw raise('T2_API_REQUEST', 'The body is not JSON.', { cause: error })
  }
  if (!Array.isArray(args)) throw raise('T2_API_REQUEST', 'The body is not an array.')
  return args.map((argument) => argument ?? undefined)
}

/** One graph per line; an error on the way is the last line, because the status has been sent. */
function streamGraphs(store: Store, args: readonly unknown[]): Response {
  const graphs: AsyncIterable<unknown> = Reflect.apply(store.graphs, store, args)
  const iterator = graphs[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  const line = (value: unknown) => encoder.encode(`${JSON.stringify(value)}\n`)
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await iterator.next()
        if (done) controller.close()
        else controller.enqueue(line({ graph: value }))
      } catch (error) {
        controller.enqueue(line({ error: wordsOf(error, store.location).body }))
        controller.close()
      }
    },
    async cancel() {
      await iterator.return?.()
    },
  })
  return new Response(stream, { headers: { 'content-type': 'application/x-ndjson' } })
}

/** The error of a store at a location in the catalogue's words, with its status. */
export function failure(error: unknown, location: string): Response {
  const { status, body } = wordsOf(error, location)
  return Response.json(body, { status })
}

function wordsOf(error: unknown, location: string) {
  const inWords =
    error instanceof BodyError
      ? raise('T2_API_REQUEST', error.message)
      : engineFor(location).failure(error).error
  const { code, message, remedy } = inWords
  const { status } = error instanceof BodyError ? error : inWords
  return { status, body: { code, message, remedy } }
}
