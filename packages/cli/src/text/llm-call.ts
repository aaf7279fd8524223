import type { LlmCall } from '@trace2/collector/store'
import type { Json } from '@trace2/instrumentation/semconv'
import { printable, printableJson, printableLines } from '@trace2/optimizer/render'
import type { Terminal } from '../terminal/terminal.ts'
import { formatCost } from './values.ts'

/** A model call as a conversation: every message of the request under its role, then the answer. Printable. */
export function llmCallText(call: LlmCall, { paint }: Pick<Terminal, 'paint'>): string {
  const { id, model, purpose, status, inputTokens, outputTokens, costUsd } = call
  const spent = `${inputTokens} tokens in, ${outputTokens} out, ${formatCost(costUsd)}`
  return [
    paint('strong', printable(`Model call ${id}`)),
    paint('faint', printable(`${purpose} · ${model} · ${status} · ${spent}`)),
    ...messages(call.request).flatMap(({ role, content }) => section(role, content)),
    ...(call.error === null ? [] : section('error', call.error)),
    ...(call.response === null ? [] : section('answer', answer(call.response))),
  ].join('\n')

  function section(title: string, content: string): string[] {
    return ['', paint('input', `── ${printable(title)}`), ...printableLines(content)]
  }
}

function messages(request: Json): { readonly role: string; readonly content: string }[] {
  const list = member(request, 'messages')
  if (!Array.isArray(list)) return [{ role: 'request', content: printableJson(request, 2) }]
  return list.map((message: Json) => {
    const role = member(message, 'role')
    return {
      role: typeof role === 'string' ? role : 'message',
      content: asText(member(message, 'content')),
    }
  })
}

/** The words of a chat completion; the whole response where it is none. */
function answer(response: Json): string {
  const choices = member(response, 'choices')
  const content = Array.isArray(choices)
    ? member(member(choices[0] ?? null, 'message'), 'content')
    : member(response, 'content')
  return asText(content ?? response)
}

function member(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function asText(value: Json | undefined): string {
  if (typeof value !== 'string') return printableJson(value ?? null, 2)
  try {
    // An answer in JSON is read more easily with its members below each other.
    const parsed: unknown = JSON.parse(value)
    return typeof parsed === 'object' ? printableJson(parsed, 2) : value
  } catch {
    return value
  }
}
