import type { Assembly } from './endpoint.ts'
import { type Fields, isObject, listOf, member, numberOf } from './json.ts'
import { TextPieces } from './text-pieces.ts'

/** What the pieces of each kind of event belong to: a list of the item, with the type of its members, or a text of it. */
const pieces: Readonly<Record<string, Piece>> = {
  'response.output_text.delta': { list: 'content', type: 'output_text', key: 'text' },
  'response.refusal.delta': { list: 'content', type: 'refusal', key: 'refusal' },
  'response.output_audio_transcript.delta': { list: 'content', type: 'output_text', key: 'text' },
  'response.audio.transcript.delta': { list: 'content', type: 'output_text', key: 'text' },
  'response.reasoning_text.delta': { list: 'content', type: 'reasoning_text', key: 'text' },
  'response.reasoning_summary_text.delta': { list: 'summary', type: 'summary_text', key: 'text' },
  'response.function_call_arguments.delta': {
    list: undefined,
    type: 'function_call',
    key: 'arguments',
  },
  'response.custom_tool_call_input.delta': {
    list: undefined,
    type: 'custom_tool_call',
    key: 'input',
  },
  'response.mcp_call_arguments.delta': { list: undefined, type: 'mcp_call', key: 'arguments' },
  'response.code_interpreter_call_code.delta': {
    list: undefined,
    type: 'code_interpreter_call',
    key: 'code',
  },
}

interface Piece {
  readonly list: 'content' | 'summary' | undefined
  readonly type: string
  readonly key: string
}

/** Follows the events of a streamed response; the last one has all of it, unless the stream was left before. */
export class ResponsesAssembly implements Assembly {
  #response: Fields | undefined
  #isFinal = false
  readonly #items = new Map<number, ItemAssembly>()
  readonly #pieces = new TextPieces()

  add(event: unknown): void {
    if (!isObject(event)) return
    const type = String(event.type)
    const { response } = event
    if (isObject(response)) this.#response = response
    const item = this.#item(numberOf(event.output_index) ?? 0)
    const piece = Object.hasOwn(pieces, type) ? pieces[type] : undefined
    if (type === 'response.output_text.delta') {
      this.#pieces.add(`${event.output_index}/${event.content_index}`, event.delta)
    }
    if (piece) item().add(piece, event)
    else if (type === 'response.output_item.added' || type === 'response.output_item.done') {
      if (isObject(event.item)) item().set(event.item, type.endsWith('.done'))
    } else if (/^response\.(?:completed|incomplete|failed)$/.test(type)) {
      this.#isFinal = isObject(response)
    } else if (type === 'error') {
      const { code = null, message = '' } = event
      this.#response = { ...this.#response, status: 'failed', error: { code, message } }
      this.#isFinal = false
    }
  }

  response(): unknown {
    // Some endpoints end with a response that has nothing of what was sent before.
    const isWhole = listOf(this.#response?.output).length > 0 || this.#items.size === 0
    if (!this.#response || (this.#isFinal && isWhole)) return this.#response
    const items = [...this.#items].sort(([a], [b]) => a - b)
    return { ...this.#response, output: items.map(([, item]) => item.whole()) }
  }

  pieces(): readonly number[] | undefined {
    return this.#pieces.lengths
  }

  #item(index: number): () => ItemAssembly {
    return () => {
      const item = this.#items.get(index) ?? new ItemAssembly()
      this.#items.set(index, item)
      return item
    }
  }
}

class ItemAssembly {
  #item: Fields = {}
  #isDone = false
  readonly #texts = new Map<string, { readonly piece: Piece; readonly at: number; text: string }>()

  set(item: Fields, isDone: boolean): void {
    this.#item = item
    this.#isDone = isDone
  }

  add(piece: Piece, event: Fields): void {
    const delta = member(event, 'delta')
    if (typeof delta !== 'string') return
    const at = numberOf(piece.list === 'summary' ? event.summary_index : event.content_index) ?? 0
    const key = `${piece.list}/${at}/${piece.type}`
    const known = this.#texts.get(key)
    if (known) known.text += delta
    else this.#texts.set(key, { piece, at, text: delta })
  }

  whole(): Fields {
    if (this.#isDone) return this.#item
    const item: Record<string, unknown> = { ...this.#item }
    const texts = [...this.#texts.values()].sort((a, b) => a.at - b.at)
    for (const { piece, text } of texts) {
      const { list, type, key } = piece
      if (list === undefined) {
        item.type ??= type
        item[key] = text
      } else {
        const isThought = list === 'summary' || type === 'reasoning_text'
        item.type ??= isThought ? 'reasoning' : 'message'
        item[list] = texts
          .filter((other) => other.piece.list === list)
          .map((other) => ({ type: other.piece.type, [other.piece.key]: other.text }))
      }
    }
    return item
  }
}
