import type { Assembly } from './endpoint.ts'
import { type Fields, isObject, listOf, member, numberOf, objectsOf, textOf } from './json.ts'

interface Choice {
  content: string | undefined
  refusal: string | undefined
  finishReason: string | undefined
  readonly toolCalls: Map<number, PartialCall>
}

interface PartialCall {
  id: string | undefined
  name: string
  arguments: string
}

/** Puts the chunks of a chat completion together. */
export class ChatAssembly implements Assembly {
  readonly #choices = new Map<number, Choice>()
  #envelope: Fields | undefined

  add(chunk: unknown): void {
    if (!isObject(chunk)) return
    const { choices, ...envelope } = chunk
    const known = Object.entries(envelope).filter(([, value]) => value !== null)
    this.#envelope = { ...this.#envelope, ...Object.fromEntries(known) }
    for (const choice of objectsOf(choices)) this.#addChoice(choice)
  }

  response(): unknown {
    if (!this.#envelope) return undefined
    const choices = [...this.#choices].sort(([a], [b]) => a - b)
    return { ...this.#envelope, choices: choices.map(([index, choice]) => whole(index, choice)) }
  }

  #addChoice(chunk: Fields): void {
    const index = numberOf(chunk.index) ?? 0
    const choice = this.#choices.get(index) ?? emptyChoice()
    this.#choices.set(index, choice)
    const { delta } = chunk
    choice.content = joined(choice.content, member(delta, 'content'))
    choice.refusal = joined(choice.refusal, member(delta, 'refusal'))
    choice.finishReason = textOf(chunk.finish_reason) ?? choice.finishReason
    for (const [position, part] of listOf(member(delta, 'tool_calls')).entries()) {
      // Some endpoints send whole calls and no index.
      const at = numberOf(member(part, 'index')) ?? position
      const call = choice.toolCalls.get(at) ?? { id: undefined, name: '', arguments: '' }
      choice.toolCalls.set(at, call)
      call.id = textOf(member(part, 'id')) ?? call.id
      call.name += textOf(member(member(part, 'function'), 'name')) ?? ''
      call.arguments += textOf(member(member(part, 'function'), 'arguments')) ?? ''
    }
  }
}

function emptyChoice(): Choice {
  return {
    content: undefined,
    refusal: undefined,
    finishReason: undefined,
    toolCalls: new Map(),
  }
}

function joined(before: string | undefined, piece: unknown): string | undefined {
  return typeof piece === 'string' ? (before ?? '') + piece : before
}

function whole(index: number, { content, refusal, finishReason, toolCalls }: Choice): Fields {
  const calls = [...toolCalls].sort(([a], [b]) => a - b)
  return {
    index,
    finish_reason: finishReason,
    message: {
      role: 'assistant',
      content,
      refusal,
      tool_calls: calls.map(([, { id, ...fn }]) => ({ id, type: 'function', function: fn })),
    },
  }
}
