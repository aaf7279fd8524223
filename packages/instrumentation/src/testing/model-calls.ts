import type { ReadableSpan } from '@opentelemetry/sdk-trace-node'
import OpenAI from 'openai'
import { instrumentOpenAI } from '../index.ts'
import { completion, outputText, response } from './model-server.ts'
import { spanOf } from './record.ts'

/** A value as a client may be given it, whatever its types say. */
export function untyped<T>(value: unknown): T {
  return JSON.parse('{}', () => value)
}

/** A client that is recorded, of a model that always says `Yes.` */
export function agreeingClient(): OpenAI {
  const fetch = async (url: unknown) =>
    Response.json(
      String(url).endsWith('/responses')
        ? response([outputText('Yes.')])
        : completion({ content: 'Yes.' }).json,
    )
  return instrumentOpenAI(new OpenAI({ baseURL: 'http://model.test/v1', apiKey: 'none', fetch }))
}

/** What the one span of an operator shows that the model was given. */
export function askedIn(spans: readonly ReadableSpan[], operator: string) {
  const { attributes } = spanOf(spans, operator)
  return {
    inputs: JSON.parse(String(attributes['input.value'])),
    messages: JSON.parse(String(attributes['gen_ai.input.messages'] ?? '[]')),
    whole: JSON.stringify(attributes),
  }
}

/** What the one span of an operator shows that the model said. */
export function saidIn(spans: readonly ReadableSpan[], operator: string) {
  const { attributes, status } = spanOf(spans, operator)
  const [message] = JSON.parse(String(attributes['gen_ai.output.messages'] ?? '[]'))
  return {
    output: attributes['output.value'],
    parts: message?.parts,
    status,
    attributes,
    whole: JSON.stringify(attributes),
  }
}

/** Reads a stream to its end. */
export async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _piece of stream);
}
