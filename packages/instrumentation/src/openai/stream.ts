import { listMember, member, numberMember, textMember } from './json.ts'

/** Puts the pieces of a streamed answer together. */
export interface StreamCollector {
  add(piece: unknown): void
  /** The answer as it would have come in one piece. */
  readonly response: unknown
}

interface Choice {
  index: number
  message: { role: string; content: string | null; tool_calls?: ToolCall[] }
  finish_reason: string | null
}

interface ToolCall {
  id: string
  type: string
  function: { name: string; arguments: string }
}

/** The chunks of a chat completion. */
export class ChatChunks implements StreamCollector {
  readonly #choices = new Map<number, Choice>()
  #id: string | undefined
  #model: string | undefined
  #usage: unknown

  add(chunk: unknown): void {
    this.#id ??= textMember(chunk, 'id')
    this.#model ??= textMember(chunk, 'model')
    this.#usage = member(chunk, 'usage') ?? this.#usage
    for (const piece of listMember(chunk, 'choices')) this.#addChoice(piece)
  }

  get response(): unknown {
    const choices = [...this.#choices.values()].sort((a, b) => a.index - b.index)
    return {
      id: this.#id,
      object: 'chat.completion',
      model: this.#model,
      choices,
      usage: this.#usage,
    }
  }

  #addChoice(piece: unknown): void {
    const index = numberMember(piece, 'index') ?? 0
    let choice = this.#choices.get(index)
    if (!choice) {
      choice = { index, message: { role: 'assistant', content: null }, finish_reason: null }
      this.#choices.set(index, choice)
    }
    const { message } = choice
    const delta = member(piece, 'delta')
    const content = textMember(delta, 'content')
    if (content !== undefined) message.content = (message.content ?? '') + content
    choice.finish_reason = textMember(piece, 'finish_reason') ?? choice.finish_reason
    for (const call of listMember(delta, 'tool_calls')) {
      message.tool_calls ??= []
      addToolCall(message.tool_calls, call)
    }
  }
}

function addToolCall(calls: ToolCall[], piece: unknown): void {
  const index = numberMember(piece, 'index') ?? calls.length
  // A hostile index must not make a list of a billion empty places.
  if (index < 0 || index > calls.length) return
  const call = calls[index] ?? { id: '', type: 'function', function: { name: '', arguments: '' } }
  calls[index] = call
  call.id = textMember(piece, 'id') ?? call.id
  const called = member(piece, 'function')
  call.function.name += textMember(called, 'name') ?? ''
  call.function.arguments += textMember(called, 'arguments') ?? ''
}

/** Events of which the last holds the whole response. */
export class LastResponse implements StreamCollector {
  #response: unknown

  add(event: unknown): void {
    this.#response = member(event, 'response') ?? this.#response
  }

  get response(): unknown {
    return this.#response
  }
}
