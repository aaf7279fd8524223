import type { Json } from '@trace2/core'
import { isJsonObject } from './parts.ts'
import { type AskedCall, requestOf } from './requests.ts'
import type { SpanTexts } from './spoken.ts'

/** A call of a tool, and a model that was told its result, though no id says so. */
export type ContinuedCall = {
  readonly span: string
  readonly call: string
  readonly request: string
  /** The span of the model that was told. */
  readonly model: string
}

/**
 * Calls of tools whose results a stranger's model was told without an id. Some recorders drop the ids of what a model asks for,
 * others the whole of what it was answered. A model beside the one that asked, which was told the same messages and then an
 * answer and results, goes on with that one's conversation. `continued.sql` has the same.
 */
export function continuedBy(
  texts: readonly SpanTexts[],
  asked: readonly AskedCall[],
): ContinuedCall[] {
  if (asked.length === 0) return []
  const answered = texts.flatMap((of) => answerOf(of) ?? [])
  if (answered.length === 0) return []
  const calls = new Map<string, AskedCall[]>()
  for (const call of asked) {
    const beside = calls.get(call.span)
    if (beside) beside.push(call)
    else calls.set(call.span, [call])
  }
  const asking = new Map<string, readonly AskedCall[]>()
  for (const of of texts) {
    const own = calls.get(of.spanId)
    const messages = own && messagesOf(of)
    if (!own || !messages) continue
    const key = keyOf(of, messages)
    // Of several that were asked the same, any could be the one that is gone on with.
    asking.set(key, asking.has(key) ? [] : own)
  }
  return answered.flatMap(({ model, key, requests }) => {
    const open = asking.get(key) ?? []
    return open
      .filter(({ call, request }) => requests.size === 0 || (call === '' && requests.has(request)))
      .map(({ span, call, request }) => ({ span, call, request, model }))
  })
}

interface Answered {
  readonly model: string
  /** The messages before the answer. */
  readonly key: string
  /** The calls that stand in the answer. */
  readonly requests: ReadonlySet<string>
}

/** The last answer in a model's input that results of tools follow. */
function answerOf(of: SpanTexts): Answered | undefined {
  if (!of.input?.includes('"tool"')) return undefined
  const messages = messagesOf(of)
  if (!messages) return undefined
  const roles = messages.map((message) => (isJsonObject(message) ? message.role : undefined))
  const place = roles.findLastIndex(
    (role, at) => at > 0 && role === 'assistant' && roles[at + 1] === 'tool',
  )
  if (place === -1) return undefined
  const answer = messages[place]
  const listed = isJsonObject(answer) ? answer.tool_calls : undefined
  const requests = (Array.isArray(listed) ? listed : []).flatMap((call) =>
    isJsonObject(call) && typeof call.name === 'string'
      ? (requestOf(call.name, JSON.stringify(call.arguments ?? null)) ?? [])
      : [],
  )
  const key = keyOf(of, messages.slice(0, place))
  return { model: of.spanId, key, requests: new Set(requests) }
}

function messagesOf({ opKind, input }: SpanTexts): readonly Json[] | undefined {
  if (opKind !== 'llm' || !input?.startsWith('[')) return undefined
  const messages: Json = JSON.parse(input)
  return Array.isArray(messages) ? messages : undefined
}

/** What is said beside one another is one conversation; elsewhere the same may be said again. */
function keyOf({ parent }: SpanTexts, messages: readonly Json[]): string {
  return JSON.stringify([parent, messages])
}
