import { context } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import { raise } from '../errors.ts'
import type { OpenAIClient, RequestOptions } from './client.ts'
import { AnsweredError } from './completion.ts'
import { isPage } from './error-words.ts'
import type { ChatBody } from './forms.ts'
import { rawResponse } from './raw-response.ts'
import { BrokenStream, type OnText, streamed } from './streamed.ts'

/** What one attempt needs beside the body of the request. */
export interface AttemptOptions {
  readonly signal?: AbortSignal | undefined
  /** Milliseconds in which the endpoint may say nothing. */
  readonly timeoutMs: number
  readonly onText: OnText | undefined
}

/** Thrown where an endpoint said nothing for too long. */
export class Silence extends Error {
  override readonly name = 'Silence'
  readonly code = 'UND_ERR_HEADERS_TIMEOUT'
}

/** Sends a request with the options of the client. */
export type Send<T> = (options: RequestOptions, onText: OnText) => Promise<T>

/** Longer than any call: the time is kept here, over the whole answer and not only until it begins. */
const never = 2 ** 31 - 1

/** One request, until it is answered, is stopped, or its endpoint was silent for too long. No span is made for it: it is
 * not part of the agent's runs. */
export async function attempt<T>(
  { signal, timeoutMs, onText }: AttemptOptions,
  send: Send<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const abort = new AbortController()
  const silence = setTimeout(
    () => abort.abort(new Silence('The endpoint said nothing.')),
    timeoutMs,
  )
  const stop = () => abort.abort(signal?.reason)
  signal?.addEventListener('abort', stop, { once: true })
  const watched: OnText = (characters) => {
    silence.refresh()
    onText?.(characters)
  }
  try {
    const options = { signal: abort.signal, maxRetries: 0, timeout: never }
    const answer = context.with(suppressTracing(context.active()), () => send(options, watched))
    // A client need not heed the signal.
    return await Promise.race([answer, aborted(abort.signal)])
  } catch (error) {
    throw abort.signal.reason instanceof Silence ? abort.signal.reason : error
  } finally {
    clearTimeout(silence)
    signal?.removeEventListener('abort', stop)
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/** A chat completion, whatever way it comes: as JSON, as a stream, or as JSON where a stream was asked for. */
export function completionFrom(
  client: OpenAIClient,
  body: ChatBody,
  limit: number | undefined,
): Send<unknown> {
  const isStream = Boolean(body.stream)
  return async (options, onText) => {
    const asked = client.chat.completions.create(body, options)
    const response = await rawResponse(asked)
    if (!response) return asked
    if (/event-stream/i.test(response.headers.get('content-type') ?? '')) {
      return streamed(response, limit, onText, isStream)
    }
    const text = await response.text()
    if (text.trim() === '') {
      const what = `The endpoint gave an empty answer (HTTP ${response.status}).`
      throw raise('T2_MODEL_NO_CHOICE', what)
    }
    if (!/^\s*(?:data|event):/.test(text)) return parsed(text)
    return streamed(new Response(text, { headers: response.headers }), limit, onText, isStream)
  }
}

function parsed(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text)
    return json
  } catch {
    if (!isPage(text) && /^\s*[{[]/.test(text))
      throw new BrokenStream('The answer ended in the middle of its JSON.')
    throw new AnsweredError({ message: text.slice(0, 1000), page: true })
  }
}
