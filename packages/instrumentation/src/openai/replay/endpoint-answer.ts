import type { RecordedCall } from '../../answering/index.ts'
import { type Fields, isObject } from '../json.ts'
import { chatChunks } from './chat-chunks.ts'
import type { EndpointAnswer } from './fetch.ts'
import { responseEvents } from './response-events.ts'

/** What the endpoint had answered to a recorded call; in words, why it cannot be told. */
export function endpointAnswer({ answer, outcome }: RecordedCall): EndpointAnswer | string {
  if (outcome.kind === 'lost') return outcome.reason
  if (answer?.body !== undefined) return bodyAnswer(answer.body, answer.isStream, answer.pieces)
  if (outcome.kind === 'error') {
    const { type, message, members } = outcome
    const status = Number(members.status)
    if (status >= 400) return errorAnswer(status, message, members)
    if (/Timeout/.test(type)) return failing('the request timed out')
    if (/Connection/.test(type)) return failing(message)
  }
  return 'its answer is not recorded'
}

/** An answer that was made for a call: a text, or the body of a response. */
export function stubAnswer(stub: unknown, operator: string, isStream: boolean): EndpointAnswer {
  return bodyAnswer(isObject(stub) ? stub : saying(String(stub), operator), isStream, undefined)
}

function saying(text: string, operator: string): Fields {
  if (operator !== 'openai.responses') {
    const message = { role: 'assistant', content: text, refusal: null }
    const choices = [{ index: 0, message, finish_reason: 'stop', logprobs: null }]
    return { id: 'stub', object: 'chat.completion', created: 0, model: 'stub', choices }
  }
  const content = [{ type: 'output_text', text, annotations: [] }]
  const item = { id: 'stub', type: 'message', role: 'assistant', status: 'completed', content }
  return { id: 'stub', object: 'response', created_at: 0, status: 'completed', output: [item] }
}

function bodyAnswer(
  body: Fields,
  isStream: boolean,
  pieces: readonly number[] | undefined,
): EndpointAnswer {
  if (!isStream) return async () => Response.json(body)
  const isChat = Array.isArray(body.choices)
  const events = isChat ? chatChunks(body, pieces) : responseEvents(body, pieces)
  const text = events.map(
    (event) =>
      `${isChat ? '' : `event: ${String(event.type)}\n`}data: ${JSON.stringify(event)}\n\n`,
  )
  const headers = { 'content-type': 'text/event-stream; charset=utf-8' }
  return async () => new Response(`${text.join('')}data: [DONE]\n\n`, { headers })
}

/** The client puts the status before the message. */
function errorAnswer(status: number, message: string, members: Fields): EndpointAnswer {
  const { code, type, param } = members
  const said = message.startsWith(`${status} `) ? message.slice(`${status} `.length) : message
  const error = { message: said, code, type, param }
  return async () => Response.json({ error }, { status, headers: { 'x-should-retry': 'false' } })
}

export function failing(message: string): EndpointAnswer {
  return () => Promise.reject(new Error(message))
}
