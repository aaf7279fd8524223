import { valueHash } from '@trace2/core'
import { type AnswerKeeper, activeKeeper } from '../../answering/index.ts'
import { guarded } from '../../operator/guarded.ts'
import { member, textOf } from '../json.ts'
import { answering, canAnswer } from './fetch.ts'

/** Makes a call of a client whose answers are kept, where somebody keeps them. */
export function withKeptAnswers<T>(resource: unknown, fn: () => T): T {
  const keeper = activeKeeper()
  const client = keeper && member(resource, '_client')
  if (!keeper || !canAnswer(client)) return fn()
  return answering(client, (ask, request) => answered(keeper, ask, request), fn)
}

async function answered(
  keeper: AnswerKeeper,
  ask: () => Promise<Response>,
  [address, options]: readonly unknown[],
): Promise<Response> {
  const body = textOf(member(options, 'body'))
  // What is no text cannot be known again.
  if (body === undefined) return ask()
  const request = valueHash([String(address), body])
  const known = guarded(() => keeper.take(request))
  if (known) {
    const { status, type, body: text } = known
    return new Response(text, { status, headers: { 'content-type': type } })
  }
  const response = await ask()
  return response.ok ? kept(response, (text) => keep(keeper, request, response, text)) : response
}

function keep(keeper: AnswerKeeper, request: string, response: Response, body: string): void {
  const type = response.headers.get('content-type') ?? 'application/json'
  guarded(() => keeper.keep(request, { status: response.status, type, body }))
}

/** The same response, of which `whole` is given all when it has come. One that is broken off is not whole. */
function kept(response: Response, whole: (text: string) => void): Response {
  // Clients of version 4 may bring a `fetch` with streams of another kind.
  if (!(response.body instanceof ReadableStream)) return response
  const decoder = new TextDecoder()
  let text = ''
  const watched = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        text += decoder.decode(chunk, { stream: true })
        controller.enqueue(chunk)
      },
      flush() {
        whole(text + decoder.decode())
      },
    }),
  )
  const { status, statusText, headers } = response
  return new Response(watched, { status, statusText, headers })
}
