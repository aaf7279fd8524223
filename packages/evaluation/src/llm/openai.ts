import { Trace2Error } from '@trace2/core'
import { type AttemptOptions, attempt, completionFrom } from './attempt.ts'
import type { OpenAIClient } from './client.ts'
import { answerOf } from './completion.ts'
import { contextOf } from './context.ts'
import { embedding } from './embedding.ts'
import { type Endpoint, endpointOf } from './endpoint.ts'
import { failureOf } from './failure.ts'
import { failureError } from './failure-error.ts'
import { bodyOf, type Forms, firstForms, limitOf } from './forms.ts'
import { otherForms } from './refused-form.ts'
import type { ChatAnswer, ChatRequest, ChatTransport } from './request.ts'
import { retryDelay, wait } from './retry.ts'
import { type ModelSettings, settingsOf, timeoutOf } from './settings.ts'
import { type OnText, UntoldEnd } from './streamed.ts'

/** Times that the limit of one answer is lowered: an endpoint could name one that is lower by one for ever. */
const mostLowered = 5

/** What each model of each endpoint is known to take, for as long as the process lives. */
const known = new Map<string, Forms>()

/**
 * Makes a transport over an `openai` client. A request is first made in its newest form. If the endpoint says that it
 * refuses a part of it, an older form is used and remembered for the model.
 *
 * Endpoints that are busy or fail are asked again, as often as `maxRetries` of the client says. If a stream broke off,
 * the answer is asked for in one piece. `maxAnswerTokens`, or `TRACE2_MAX_ANSWER_TOKENS`, limits the answers to
 * requests without a limit of their own.
 *
 * @example optimize(store, { transport: openaiTransport(openaiClient(), { timeoutMs: 600_000 }) })
 */
export function openaiTransport(
  client: OpenAIClient,
  settings: Pick<ModelSettings, 'timeoutMs' | 'maxAnswerTokens'> = {},
): ChatTransport {
  const endpoint = endpointOf(client)
  const { maxAnswerTokens } = settingsOf(settings)
  const usual = maxAnswerTokens === undefined ? {} : { maxOutputTokens: maxAnswerTokens }
  const timeoutMs = timeoutFor(settings.timeoutMs ?? endpoint.timeoutMs)
  const ask = async (request: ChatRequest, signal?: AbortSignal, onText?: OnText) => {
    const options = { signal, timeoutMs, onText }
    if (request.output === 'embedding') {
      return persistently(endpoint, request, options, () =>
        attempt(options, embedding(endpoint.client, request)),
      )
    }
    return chat(endpoint, { ...usual, ...request }, options)
  }
  return Object.assign(ask, {
    contextOf: (model: string) => contextOf(endpoint, model),
  })
}

function timeoutFor(timeoutMs: number | undefined): number {
  return timeoutOf(timeoutMs === undefined ? {} : { timeoutMs })
}

async function chat(
  endpoint: Endpoint,
  request: ChatRequest,
  options: AttemptOptions,
): Promise<ChatAnswer> {
  const key = `${endpoint.url}\n${request.model}`
  const before = known.get(key) ?? firstForms(endpoint, request.model)
  const watched = options.onText !== undefined && endpoint.isSdk
  let forms: Forms = watched ? before : { ...before, stream: false }
  let most = before.most
  let streams = true
  let lowered = 0
  const once = async () => {
    const limit = limitOf(request, forms)
    const body = bodyOf(request, forms, watched)
    return answerOf(await attempt(options, completionFrom(endpoint.client, body, limit)))
  }
  const adapt = (error: unknown): boolean => {
    const failure = failureOf(error)
    if (failure.kind === 'dropped' && forms.stream) {
      forms = { ...forms, stream: false }
      streams = !(error instanceof UntoldEnd)
      return !streams
    }
    const other = otherForms(failure, request, forms)
    if (!other) return false
    if (other.forms.most < forms.most && ++lowered > mostLowered) return false
    if (forms.stream && !other.forms.stream) streams = false
    forms = other.forms
    if (other.lasting) most = forms.most
    return true
  }
  const answer = await persistently(endpoint, request, options, once, adapt)
  // Only now is it known that the forms were to blame, and not the request.
  // What calls beside this one found out about streams holds as well.
  const { stream } = known.get(key) ?? before
  known.set(key, { ...forms, most, stream: stream && streams })
  return answer
}

/**
 * Tries until there is an answer, or an error that another attempt would not change.
 *
 * @throws an error of the catalogue, by what the endpoint said.
 */
async function persistently(
  endpoint: Endpoint,
  { model }: ChatRequest,
  { signal, timeoutMs }: AttemptOptions,
  once: () => Promise<ChatAnswer>,
  adapt: (error: unknown) => boolean = () => false,
): Promise<ChatAnswer> {
  for (let repeated = 0; ; ) {
    try {
      return await once()
    } catch (error) {
      signal?.throwIfAborted()
      if (error instanceof Trace2Error) throw error
      if (adapt(error)) continue
      const failure = failureOf(error)
      const delay = repeated < endpoint.maxRetries ? retryDelay(failure, repeated) : undefined
      if (delay === undefined) {
        throw failureError(failure, { model, endpoint: endpoint.url, timeoutMs }, error)
      }
      repeated++
      await wait(delay, signal)
    }
  }
}
