import type { Json } from '@trace2/core'
import { printable, printableJson, printableLines } from '@trace2/core'
import { wrapped } from '@trace2/render'
import type { LlmCall } from '@trace2/store'
import type { Terminal } from '../terminal/terminal.ts'
import { counted, formatCost, formatCount } from './values.ts'

type Width = Pick<Terminal, 'columns' | 'paint'>

/** A model call as a conversation: every message of the request under its role, then the answer. Printable. */
export function llmCallText(call: LlmCall, width: Width): string {
  const { paint, columns } = width
  const { id, model, purpose, status, inputTokens, outputTokens, costUsd } = call
  const spent = `${counted(inputTokens, 'token')} in, ${formatCount(outputTokens)} out, ${formatCost(costUsd)}`
  return [
    paint('strong', printable(`Model call ${id}`)),
    ...wrapped(printable(`${purpose} · ${model} · ${status} · ${spent}`), columns).map((line) =>
      paint('faint', line),
    ),
    ...messages(call.request).map(({ role, content }) => messageText(role, content, width)),
    ...(call.error === null ? [] : [messageText('error', call.error, width)]),
    ...(call.response === null ? [] : [messageText('answer', answer(call.response), width)]),
  ].join('\n')
}

/** One message of a conversation under its role. Printable. */
export function messageText(role: string, content: string, { paint, columns }: Width): string {
  const lines = printableLines(content).flatMap((line) => wrapped(line, columns))
  return ['', paint('input', `── ${printable(role)}`), ...lines].join('\n')
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

function answer(response: Json): string {
  return asText(member(response, 'text') ?? response)
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
