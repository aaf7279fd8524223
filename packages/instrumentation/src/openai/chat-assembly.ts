import { byteCount, type Part } from './blob.ts'
import type { Assembly } from './endpoint.ts'
import { type Fields, isObject, listOf, member, numberOf, objectsOf, textOf } from './json.ts'
import { TextPieces } from './text-pieces.ts'
import { ToolCallAssembly } from './tool-call-assembly.ts'

/** Members of a delta that are pieces of one text. */
const textMembers = ['refusal', 'reasoning_content', 'reasoning', 'thinking'] as const

/** Members of a delta that are lists, each with more of them. */
const listMembers = ['reasoning_details', 'images', 'annotations'] as const

/** Puts the chunks of a chat completion together. */
export class ChatAssembly implements Assembly {
  readonly #choices = new Map<number, ChoiceAssembly>()
  readonly #pieces = new TextPieces()
  #envelope: Fields | undefined

  add(chunk: unknown): void {
    if (!isObject(chunk)) return
    const { choices, ...envelope } = chunk
    const known = Object.entries(envelope).filter(([, value]) => value !== null)
    this.#envelope = { ...this.#envelope, ...Object.fromEntries(known) }
    for (const choice of objectsOf(choices)) {
      const index = numberOf(choice.index) ?? 0
      const assembly = this.#choices.get(index) ?? new ChoiceAssembly()
      this.#choices.set(index, assembly)
      assembly.add(choice)
      this.#pieces.add(index, member(choice.delta, 'content'))
    }
  }

  pieces(): readonly number[] | undefined {
    return this.#pieces.lengths
  }

  response(): unknown {
    if (!this.#envelope) return undefined
    const choices = [...this.#choices].sort(([a], [b]) => a - b)
    return { ...this.#envelope, choices: choices.map(([index, choice]) => choice.whole(index)) }
  }
}

class ChoiceAssembly {
  #finishReason: unknown
  #error: unknown
  /** The message, where an endpoint sends all of it at once. */
  #message: Fields | undefined
  readonly #content = new ContentAssembly()
  readonly #texts = new Map<string, string>()
  readonly #lists = new Map<string, unknown[]>()
  readonly #calls = new ToolCallAssembly()
  #functionCall: { name: string | undefined; arguments: string } | undefined
  #audio: { id: string | undefined; transcript: string; bytes: number } | undefined

  add({ finish_reason, error, delta, message }: Fields): void {
    this.#finishReason = finish_reason ?? this.#finishReason
    this.#error = error ?? this.#error
    if (isObject(message)) this.#message = message
    if (!isObject(delta)) return
    this.#content.add(delta.content)
    for (const key of textMembers) {
      const piece = delta[key]
      if (typeof piece === 'string') this.#texts.set(key, (this.#texts.get(key) ?? '') + piece)
    }
    for (const key of listMembers) {
      const items = listOf(delta[key])
      if (items.length === 0) continue
      const before = this.#lists.get(key)
      if (before) before.push(...items)
      else this.#lists.set(key, [...items])
    }
    this.#calls.add(listOf(delta.tool_calls))
    if (isObject(delta.function_call)) this.#addFunctionCall(delta.function_call)
    if (isObject(delta.audio)) this.#addAudio(delta.audio)
  }

  whole(index: number): Fields {
    return {
      index,
      finish_reason: this.#finishReason,
      ...(this.#error !== undefined && { error: this.#error }),
      message: { role: 'assistant', ...this.#message, ...this.#assembled() },
    }
  }

  #assembled(): Fields {
    const content = this.#content.whole()
    const calls = this.#calls.whole()
    const audio = this.#audio
    return {
      ...(content !== undefined && { content }),
      ...Object.fromEntries([...this.#texts, ...this.#lists]),
      ...(calls.length > 0 && { tool_calls: calls }),
      ...(this.#functionCall && { function_call: this.#functionCall }),
      ...(audio && {
        audio: { id: audio.id, transcript: audio.transcript, data: sound(audio.bytes) },
      }),
    }
  }

  #addFunctionCall(piece: Fields): void {
    const before = this.#functionCall
    this.#functionCall = {
      name: textOf(piece.name) ?? before?.name,
      arguments: (before?.arguments ?? '') + (textOf(piece.arguments) ?? ''),
    }
  }

  /** Of the sound only its size is kept. */
  #addAudio(piece: Fields): void {
    const { id, transcript = '', bytes = 0 } = this.#audio ?? {}
    this.#audio = {
      id: textOf(piece.id) ?? id,
      transcript: transcript + (textOf(piece.transcript) ?? ''),
      bytes: bytes + byteCount(textOf(piece.data) ?? ''),
    }
  }
}

function sound(bytes: number): Part | undefined {
  return bytes === 0 ? undefined : { type: 'blob', modality: 'audio', byte_count: bytes }
}

/** Content comes as text, or as parts whose texts go on from one another. */
class ContentAssembly {
  readonly #parts: { readonly part: Fields | undefined; text: string | undefined }[] = []

  add(content: unknown): void {
    if (typeof content === 'string') this.#addText(content, undefined)
    for (const part of listOf(content)) {
      const text = typeof part === 'string' ? part : member(part, 'text')
      if (typeof text === 'string') this.#addText(text, isObject(part) ? part : undefined)
      else if (isObject(part)) this.#addPart(part)
    }
  }

  whole(): unknown {
    const [only] = this.#parts
    if (!only) return undefined
    if (this.#parts.length === 1 && !only.part) return only.text
    return this.#parts.map(({ part, text }) =>
      text === undefined ? part : { type: 'text', ...part, text },
    )
  }

  #addText(text: string, part: Fields | undefined): void {
    const last = this.#parts.at(-1)
    if (last?.text !== undefined && last.part?.type === part?.type) last.text += text
    else this.#parts.push({ part, text })
  }

  /** A thought that goes on is one part. */
  #addPart(part: Fields): void {
    const before = this.#parts.at(-1)?.part
    if (before?.type === 'thinking' && part.type === 'thinking') {
      const thinking = [before.thinking, part.thinking].flat()
      const text = thinking.map((piece) => textOf(piece) ?? textOf(member(piece, 'text')) ?? '')
      this.#parts.pop()
      this.#parts.push({ part: { ...part, thinking: text.join('') }, text: undefined })
    } else {
      this.#parts.push({ part, text: undefined })
    }
  }
}
